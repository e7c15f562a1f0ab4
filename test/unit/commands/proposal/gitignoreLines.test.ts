import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { seed, times } from '../../../support/chance';
import fc from '../../../support/properties';
import {
  linesAtRoot,
  linesFromAbove,
  patternOfPath,
  patternsOf,
} from '../../../../src/commands/proposal/gitignoreLines';
import { Rules } from '../../../../src/rules/rules';
import { GitOracle } from '../../../support/gitOracle';
import { ruleCase, type RuleCase } from '../../../support/ruleCases';

const git = new GitOracle();
after(() => git.dispose());

const wanted = times(6000);
const batchSize = 300;
/** Folders that are opened inside a repository. */
const opened = ['a', 'b', 'a/b', 'ab'];

function atRoot(dir: string, text: string): readonly string[] | undefined {
  const patterns = patternsOf(text);
  return patterns && linesAtRoot(dir, patterns);
}

test('each kind of line is anchored in its folder', () => {
  const text = '# comment\n\n*.log\n/dist\nbuild/\nsrc/gen/\n!keep.log\n**/x\n\\!odd\nspace\\ \n*/a\n';
  assert.deepEqual(atRoot('packages/api', text), [
    '/packages/api/**/*.log',
    '/packages/api/dist',
    '/packages/api/**/build/',
    '/packages/api/src/gen/',
    '!/packages/api/**/keep.log',
    '/packages/api/**/x',
    '/packages/api/**/\\!odd',
    '/packages/api/**/space\\ ',
    '/packages/api/*/a',
  ]);
});

test('the name of the folder means only itself', () => {
  assert.deepEqual(atRoot('app/[id]', '*.log\n/a\n'), ['/app/\\[id]/**/*.log', '/app/\\[id]/a']);
});

test('lines that match nothing are dropped', () => {
  assert.deepEqual(atRoot('a', '/\n!\n[x\nb\\\nc\n'), ['/a/**/c']);
});

test('a file that cannot be taken over exactly is not taken over in part', () => {
  assert.equal(patternsOf(undefined), undefined);
  assert.equal(patternsOf('a\nb\0c\n'), undefined, 'git ends the line at the NUL');
  assert.equal(patternsOf(`a\n${'x'.repeat(2_000)}\n`), undefined, 'a line is longer than a rule may be');
  assert.equal(patternsOf('a\n'.repeat(60_000)), undefined, 'the file is too long');
  assert.equal(patternsOf('a\rb\n'), undefined, 'an editor would make two lines of it');
  assert.deepEqual(patternsOf(`# ${'x'.repeat(2_000)}\r\na\r\n`), ['a']);
  assert.equal(atRoot('a\nb', 'c\n'), undefined, 'no line can name the folder');
  assert.equal(atRoot('a[b', 'c**/d\n'), undefined, 'the meaning of ** would change');
  assert.equal(atRoot('a'.repeat(1_020), 'long-name\n'), undefined, 'the line becomes too long');
});

test('lines from above lose the folders on the way', () => {
  const from = (text: string): readonly string[] | undefined => linesFromAbove(text, ['packages', 'api']);
  assert.deepEqual(from('*.log\n!keep.log\nbuild/\n'), ['*.log', '!keep.log', 'build/']);
  assert.deepEqual(from('/packages/api/dist\npackages/*/out/\n!/packages/api/x\n'), ['/dist', '/out/', '!/x']);
  assert.deepEqual(from('/dist\npackages/web/x\npackages/api\npackages/api/\n/packages/\n'), []);
  assert.equal(from('a\\/b\n'), undefined);
  assert.equal(from('packages**/b\n'), undefined);
  assert.deepEqual(from('packages/**/tmp\n**/api/gen/\n'), ['/**/tmp', '/**/api/gen/', '/gen/']);
});

describe(`compared with git (OBBY_SEED=${seed})`, () => {
  /** Asks git about cases until enough paths were compared. */
  function compareAll(least: number, compare: (one: RuleCase, isIgnored: (path: string) => boolean) => number): number {
    let compared = 0;
    for (let round = 0; compared < least; round++) {
      const cases = fc.sample(ruleCase({ deeper: true }), {
        numRuns: batchSize,
        seed: seed ^ Math.imul(round, 0x9e3779b1),
      });
      const questions = cases.map(({ files, folders, paths }) => ({
        ignores: files,
        folders: [...folders, ...opened],
        paths: [...paths, ...opened],
      }));
      for (const [index, matches] of git.ask(questions).entries()) {
        const one = cases[index] ?? assert.fail();
        const { paths } = questions[index] ?? assert.fail();
        const ignored = new Set(paths.filter((_, at) => matches[at]?.negated === false));
        compared += compare(one, (path) => ignored.has(path));
      }
    }
    return compared;
  }

  const report = ({ files }: RuleCase, path: string): string => `seed ${seed}: ${JSON.stringify({ files, path })}`;
  const kindOf = ({ folders }: RuleCase, path: string): 'file' | 'folder' =>
    folders.has(path) || opened.includes(path) ? 'folder' : 'file';
  const depth = (dir: string): number => (dir === '' ? 0 : dir.split('/').length);

  test('one file at the root says what the files in the folders say', () => {
    const compared = compareAll(wanted, (one, isIgnored) => {
      const files = [...one.files].sort((a, b) => depth(a.dir) - depth(b.dir));
      const lists = files.map(({ dir, text }) => atRoot(dir, text));
      if (lists.includes(undefined)) return 0;
      const rules = new Rules({ watch: '*', ignores: [{ dir: '', text: lists.flat().join('\n') }] });
      for (const path of one.paths) {
        const isSame = (rules.explain(path, kindOf(one, path)).reason === 'ignored') === isIgnored(path);
        assert.ok(isSame, report(one, path));
      }
      return one.paths.length;
    });
    console.log(`${compared} paths compared`);
  });

  test('in a folder, lines from above say what they say from above', () => {
    let ignored = 0;
    const compared = compareAll(wanted / 4, (one, isIgnored) => {
      const counts = opened.map((folder) => {
        // Git asks no more of a folder that is ignored as a whole. A person who opened it wants to work there.
        const way = folder.split('/');
        const isOut = way.some((_, index) => isIgnored(way.slice(0, index + 1).join('/')));
        const above = one.files.filter(({ dir }) => dir === '' || `${folder}/`.startsWith(`${dir}/`));
        const lists = above
          .filter(({ dir }) => dir !== folder)
          .sort((a, b) => depth(a.dir) - depth(b.dir))
          .map(({ dir, text }) => linesFromAbove(text, way.slice(depth(dir))));
        if (isOut || lists.includes(undefined)) return 0;
        const inside = one.files.filter(({ dir }) => `${dir}/`.startsWith(`${folder}/`));
        const own = inside.map(({ dir, text }) => ({ dir: dir.slice(folder.length + 1), text }));
        const root = patternsOf(own.find(({ dir }) => dir === '')?.text ?? '');
        if (!root) return 0;
        const text = [...lists.flat(), ...root].join('\n');
        const rules = new Rules({ watch: '*', ignores: [{ dir: '', text }, ...own.filter(({ dir }) => dir !== '')] });
        const paths = one.paths.filter((path) => path.startsWith(`${folder}/`));
        for (const path of paths) {
          const { reason } = rules.explain(path.slice(folder.length + 1), kindOf(one, path));
          // It reads like a drive's letter, or a file of rules cannot be used and its folder is left out as a whole.
          if (reason === 'outside' || reason === 'unusable ignore file') continue;
          assert.equal(reason === 'ignored', isIgnored(path), report(one, path));
          if (reason === 'ignored') ignored++;
        }
        return paths.length;
      });
      return counts.reduce((sum, count) => sum + count, 0);
    });
    console.log(`${compared} paths compared, ${ignored} of them ignored`);
  });
});

/** Names made of what gitignore reads as more than itself. */
const name = fc
  .array(
    fc.constantFrom('a', 'b', ' ', '\\', '*', '?', '[', ']', '!', '#', '$', '{', '}', '-', '^', '\t', '"', 'é', '😀'),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((characters) => characters.join(''));
const filePath = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));

test('the pattern of a file matches that file and no other, says git', () => {
  const cases = fc.sample(fc.tuple(filePath, filePath), 2_000).map(([path, other]) => {
    const text = `${patternOfPath(path, false) ?? ''}\n`;
    return { ignores: [{ dir: '', text }], folders: [], paths: [path, other, `below/${path}`] };
  });
  const answers = git.ask(cases);
  cases.forEach(({ paths: [path, other = ''], ignores: [rules] }, index) => {
    const found = answers[index]?.map((match) => match !== undefined);
    const isBelow = other === path || other.startsWith(`${path ?? ''}/`);
    assert.deepEqual(found, [true, isBelow, false], JSON.stringify({ path, other, rules }));
  });
});

test('the pattern of a folder matches what is below it, and no file of its name', () => {
  const answers = git.ask([
    {
      ignores: [{ dir: '', text: `${patternOfPath('a [x]', true) ?? ''}\n` }],
      folders: ['a [x]'],
      paths: ['a [x]/b/c.md', 'a x'],
    },
    {
      ignores: [{ dir: '', text: `${patternOfPath('notes', true) ?? ''}\n` }],
      folders: [],
      paths: ['notes', 'x/notes/a'],
    },
  ]);
  assert.deepEqual(
    answers.map((matches) => matches.map((match) => match !== undefined)),
    [
      [true, false],
      [false, false],
    ],
  );
});

test('a name that no line can hold has no pattern', () => {
  assert.equal(patternOfPath('a\nb', false), undefined);
  assert.equal(patternOfPath('a\r', false), undefined);
  assert.equal(patternOfPath('', true), undefined);
});
