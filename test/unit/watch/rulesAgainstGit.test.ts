import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { Rules } from '../../../src/rules/rules';
import { seed, times } from '../../support/chance';
import fc from '../../support/properties';
import { GitOracle, withoutNegation, type OracleMatch } from '../../support/gitOracle';
import { ruleCase, type RuleCase } from '../../support/ruleCases';
import { unusableLines, usableRules } from '../../support/usableRules';

/** How many (rules, path) pairs each test compares. */
const wanted = times(4_000);
/** As many rule cases as one git process is asked about. */
const batchSize = 300;

describe('rules against git', () => {
  const oracle = new GitOracle();
  after(() => oracle.dispose());

  test('.obbyignore files are to Obby what .gitignore files are to git', () => {
    compareAll({ deeper: true }, (cases) => {
      const answers = oracle.ask(
        cases.map(({ files, folders, paths }) => ({ ignores: files, folders: [...folders], paths })),
      );
      return cases.map(({ files, folders, paths }, index) => {
        const rules = new Rules({ watch: '*', ignores: files.map(usableRules) });
        return paths.map((path, at) => {
          const verdict = rules.explain(path, folders.has(path) ? 'folder' : 'file');
          const match = answers[index]?.[at];
          return {
            actual: verdict.reason === 'ignored' ? `${verdict.rule.file}:${verdict.rule.line}` : 'watched',
            expected: match === undefined || match.negated ? 'watched' : `${fileOf(match)}:${match.line}`,
          };
        });
      });
    });
  });

  test('in .obbywatch the last line that git matches with the path or a folder above it decides', () => {
    compareAll({ deeper: false }, (cases) => {
      const answers = oracle.ask(cases.flatMap(oneCasePerLine));
      return cases.map(({ files: [file], folders, paths }) => {
        assert.ok(file);
        const matches = answers.splice(0, file.lines.length);
        const rules = new Rules({ watch: usableRules(file).text, ignores: [] });
        return paths.map((path, at) => {
          const verdict = rules.explain(path, folders.has(path) ? 'folder' : 'file');
          const last = matches.map((match) => match[at] !== undefined).lastIndexOf(true);
          const isTakenOut = file.lines[last]?.startsWith('!') === true;
          const expected = last === -1 ? 'not listed' : `${isTakenOut ? 'taken out' : 'listed'}:${last + 1}`;
          return {
            actual: 'rule' in verdict ? `${verdict.reason}:${verdict.rule.line}` : verdict.reason,
            expected: rules.isEmpty ? 'no rules' : expected,
          };
        });
      });
    });
  });

  test('an ignore file with a line that git takes for one that matches nothing is to Obby what `*` is to git', () => {
    compareAll({ deeper: true }, (cases) => {
      const ruled = cases.map((each) => ({ ...each, rules: new Rules({ watch: '*', ignores: each.files }) }));
      const answers = oracle.ask(
        ruled.map(({ files, folders, paths, rules }) => ({
          ignores: files.map(({ dir, text }) => ({ dir, text: rules.closed.has(dir) ? '*' : text })),
          ...{ folders: [...folders], paths },
        })),
      );
      return ruled.map(({ folders, paths, rules }, index) =>
        paths.map((path, at) => {
          const verdict = rules.explain(path, folders.has(path) ? 'folder' : 'file');
          const match = answers[index]?.[at];
          const reason = match && rules.closed.has(match.dir) ? 'unusable ignore file' : 'ignored';
          return {
            actual: 'rule' in verdict && !verdict.watched ? `${verdict.reason} ${verdict.rule.file}` : 'watched',
            expected: match === undefined || match.negated ? 'watched' : `${reason} ${fileOf(match)}`,
          };
        }),
      );
    });
  });

  test('a ! line of .obbywatch that can match nothing takes out what the lines above it list', () => {
    fc.assert(
      fc.property(ruleCase({ deeper: false }), ({ files: [file], folders, paths }) => {
        assert.ok(file);
        const unusable = unusableLines(file.text).filter((at) => file.lines[at]?.startsWith('!'));
        const from = (unusable.at(-1) ?? -1) + 1;
        const lines = file.text.split('\n').map((line, at) => (at < from ? '' : line));
        const [all, below] = [file.text, lines.join('\n')].map((watch) => new Rules({ watch, ignores: [] }));
        for (const path of paths) {
          const kind = folders.has(path) ? 'folder' : 'file';
          assert.equal(all?.explain(path, kind).watched, below?.explain(path, kind).watched, path);
        }
      }),
      { seed, numRuns: Math.ceil(wanted / 20) },
    );
  });

  test('on a disk that ignores case the rules do so as git does there', () => {
    const oracleThere = new GitOracle({ ignoresCase: true });
    try {
      compareAll({ deeper: false }, (cases) => {
        // In classes and after a backslash git takes capitals of patterns literally even then.
        const plain = cases.filter(({ files }) => files.every(({ text }) => !/[[\\]/.test(text))).map(inCapitals);
        const answers = oracleThere.ask(
          plain.map(({ files, folders, paths }) => ({ ignores: files, folders: [...folders], paths })),
        );
        return plain.map(({ files, folders, paths }, index) => {
          const rules = new Rules({ watch: '*', ignores: files.map(usableRules), isCaseBlind: true });
          return paths.map((path, at) => {
            const verdict = rules.explain(path, folders.has(path) ? 'folder' : 'file');
            const match = answers[index]?.[at];
            return {
              actual: verdict.reason === 'ignored' ? `${verdict.rule.file}:${verdict.rule.line}` : 'watched',
              expected: match === undefined || match.negated ? 'watched' : `${fileOf(match)}:${match.line}`,
            };
          });
        });
      });
    } finally {
      oracleThere.dispose();
    }
  });

  test('a walk that leaves out what cannot hold a watched file misses none', () => {
    fc.assert(
      fc.property(ruleCase({ deeper: true }), ruleCase({ deeper: true }), (watch, { files, paths }) => {
        const rules = new Rules({ watch: watch.files[0]?.text, ignores: files });
        for (const path of [...paths, ...watch.paths].filter((one) => rules.isWatched(one))) {
          assert.ok(rules.mayContainWatched(''));
          for (let cut = path.indexOf('/'); cut !== -1; cut = path.indexOf('/', cut + 1)) {
            assert.ok(rules.mayContainWatched(path.slice(0, cut)), `${path.slice(0, cut)} of ${path}`);
          }
        }
      }),
      { numRuns: Math.ceil(wanted / 20) },
    );
  });
});

interface Outcome {
  readonly actual: string;
  readonly expected: string;
}

/** Compares until enough pairs were; the first difference fails with what is needed to see it again. */
function compareAll(options: { deeper: boolean }, outcomesOf: (cases: readonly RuleCase[]) => Outcome[][]): void {
  const counts = new Map<string, number>();
  let compared = 0;
  for (let round = 0; compared < wanted; round++) {
    const cases = fc.sample(ruleCase(options), { numRuns: batchSize, seed: seed ^ Math.imul(round, 0x9e3779b1) });
    for (const [index, outcomes] of outcomesOf(cases).entries()) {
      const { files, paths } = cases[index] ?? assert.fail();
      for (const [at, { actual, expected }] of outcomes.entries()) {
        const texts = files.map(({ dir, text }) => ({ dir, text }));
        assert.equal(actual, expected, `seed ${seed}: ${JSON.stringify({ texts, path: paths[at] })}`);
        const kind = expected.replace(/^(unusable )?.*obbyignore(:\d+)?/, '$1ignored').replace(/:\d+/, '');
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }
      compared += outcomes.length;
    }
  }
  console.log(`${compared} pairs of rules and path compared:`, Object.fromEntries(counts));
}

function fileOf({ dir }: OracleMatch): string {
  return dir === '' ? '.obbyignore' : `${dir}/.obbyignore`;
}

/** Every other case with its paths in capitals, and the others with their rules; other letters than those of ASCII stay. */
function inCapitals({ files, folders, paths }: RuleCase, index: number): RuleCase {
  const raise = (text: string): string => text.replace(/[a-z]/g, (letter) => letter.toUpperCase());
  if (index % 2 === 0) return { files, folders: new Set([...folders].map(raise)), paths: paths.map(raise) };
  return { files: files.map((file) => ({ ...file, text: raise(file.text) })), folders, paths };
}

/** Each line alone, so that git says whether it matches; a line may need a `/` to care what is a folder. */
function oneCasePerLine({ files, folders, paths }: RuleCase) {
  return files.flatMap(({ lines }) =>
    lines.map((line) => {
      return {
        ignores: [{ dir: '', text: withoutNegation(line) }],
        folders: line.includes('/') ? [...folders] : [],
        paths,
      };
    }),
  );
}
