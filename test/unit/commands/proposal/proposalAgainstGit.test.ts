import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { seed, times } from '../../../support/chance';
import fc from '../../../support/properties';
import { exampleNames, ignoreLists } from '../../../../src/commands/proposal/ignoreProposal';
import { proposeRules, type RulesProposal } from '../../../../src/commands/proposal/proposeRules';
import { Rules } from '../../../../src/rules/rules';
import { GitOracle } from '../../../support/gitOracle';
import { memoryTree } from '../../../support/memoryTree';
import { ruleCase } from '../../../support/ruleCases';

/** How many trees each test tries, and the number that they grow from. */
const wanted = times(60);
const batchSize = 60;

/** The texts of all files by path. */
type Tree = Readonly<Record<string, string>>;

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

const folderNames = words(
  'src packages api web docs src packages api web docs node_modules dist .next build .github .aws config a[b] x~y env',
);
const fileNames =
  words(`index.ts main.py a.md Makefile .editorconfig .env .env.local .env.example .env.sample id_rsa server.pem
  x.key credentials.json my-credentials-1.json terraform.tfstate kubeconfig .npmrc .netrc app.log a.tmp keep.log b.zip`);

/** What real files say, and what makes it hard: lines that take back, at any depth and in any order. */
const lines =
  words(`node_modules node_modules/ dist /dist dist/ *.log !keep.log .env .env* !.env.example !.env !*.pem !/id_rsa
  /build build /packages/*/dist packages/api/ src/ /src/* !/src/a.md docs/**/*.md !docs/ ** !**/ * !*/ !.gitignore !*.md
  .next /api/** !api/.env config/* !config/.env.sample !node_modules/ !dist !credentials.json *.ts !web/**`);

const text = fc.array(fc.constantFrom(...lines), { maxLength: 6 }).map((list) => `${list.join('\n')}\n`);
const folder = fc.array(fc.constantFrom(...folderNames), { maxLength: 4 }).map((names) => names.join('/'));
const tree: fc.Arbitrary<Tree> = fc
  .record({
    files: fc.array(fc.tuple(folder, fc.constantFrom(...fileNames)), { minLength: 5, maxLength: 40 }),
    gitignores: fc.array(fc.tuple(folder, text), { maxLength: 5 }),
  })
  .map(({ files, gitignores }) => {
    const plain = files.map(([dir, name]): [string, string] => [join(dir, name), 'x']);
    const ignores = gitignores.map(([dir, content]): [string, string] => [join(dir, '.gitignore'), content]);
    return treeOf([...plain, ...ignores]);
  });

/** Trees whose `.gitignore` files use all that git's syntax has. */
const nastyTree: fc.Arbitrary<Tree> = ruleCase({ deeper: true }).map(({ files, paths }) => {
  const isFolder = (path: string): boolean => paths.some((other) => other.startsWith(`${path}/`));
  const plain = paths.filter((path) => !isFolder(path)).map((path): [string, string] => [path, 'x']);
  const ignores = files.filter(({ dir }) => !plain.some(([path]) => `${dir}/`.startsWith(`${path}/`)));
  return treeOf([...plain, ...ignores.map(({ dir, text: content }) => [join(dir, '.gitignore'), content] as const)]);
});

function treeOf(files: readonly (readonly [string, string])[]): Tree {
  return Object.fromEntries(files);
}

function join(dir: string, name: string): string {
  return dir === '' ? name : `${dir}/${name}`;
}

function propose(files: Tree): Promise<RulesProposal> {
  return proposeRules({
    reader: memoryTree(files),
    repository: { linesFromAbove: [] },
    existing: { watch: undefined, ignore: undefined },
    wanted: undefined,
    isReserved: () => Promise.resolve(false),
    maxFileBytes: 1_000,
    clock: { after: () => () => undefined },
    onCancel: () => undefined,
  });
}

/** Git's own answer to the lists: a secret is what one of the lines names, and no example. */
const secretLines = ignoreLists.secrets.join('\n');
const generalLines = Object.values(ignoreLists).flat().join('\n');

describe(`proposed rules against git (OBBY_SEED=${seed})`, () => {
  const oracle = new GitOracle();
  after(() => oracle.dispose());

  /** For each path: whether git ignores it by the tree's own files, by the lines for secrets, and by all lists. */
  function askGit(trees: readonly Tree[]) {
    const cases = trees.map((files) => ({ paths: Object.keys(files), folders: foldersOf(files) }));
    const own = trees.map((files, index) => ({
      ...(cases[index] ?? assert.fail()),
      ignores: Object.entries(files)
        .filter(([path]) => path.endsWith('.gitignore'))
        .map(([path, content]) => ({ dir: path.slice(0, -'/.gitignore'.length), text: content })),
    }));
    const listed = (list: string) => cases.map((one) => ({ ...one, ignores: [{ dir: '', text: list }] }));
    const [ignored, secret, general] = [own, listed(secretLines), listed(generalLines)].map((asked) =>
      oracle.ask(asked).map((matches) => matches.map((match) => match?.negated === false)),
    );
    assert.ok(ignored && secret && general);
    return cases.map(({ paths }, index) =>
      paths.map((path, at) => ({
        path,
        isIgnored: ignored[index]?.[at] === true,
        isSecret: secret[index]?.[at] === true && !exampleNames.has(path.slice(path.lastIndexOf('/') + 1)),
        isGeneral: general[index]?.[at] === true,
      })),
    );
  }

  async function compareAll(arbitrary: fc.Arbitrary<Tree>): Promise<void> {
    const counts = { watched: 0, ignored: 0, secret: 0 };
    for (let done = 0; done < wanted; done += batchSize) {
      const trees = fc.sample(arbitrary, { numRuns: batchSize, seed: seed ^ Math.imul(done + 1, 0x9e3779b1) });
      const answers = askGit(trees);
      for (const [index, files] of trees.entries()) {
        const proposal = await propose(files);
        const rules = new Rules({ watch: proposal.texts.watch, ignores: [{ dir: '', text: proposal.texts.ignore }] });
        const { facts, patterns, sections } = proposal;
        const taken = sections.find(({ name }) => name === 'gitignore')?.lines;
        const report = (path: string): string => `seed ${seed}: ${JSON.stringify({ path, files, patterns, taken })}`;
        assert.deepEqual(rules.problems, [], 'every line that is proposed can be used');
        let watched = 0;
        for (const { path, isIgnored, isSecret, isGeneral } of answers[index] ?? assert.fail()) {
          const isWatched = rules.isWatched(path);
          if (isWatched) watched++;
          if (isIgnored) counts.ignored++;
          if (isSecret) counts.secret++;
          assert.ok(!(isWatched && isIgnored), `git ignores it, ${report(path)}`);
          assert.ok(!(isWatched && isSecret), `it is a secret, ${report(path)}`);
          const isLost = facts.unusable.length > 0 || facts.unlisted.includes(path.replace(/\/.*/s, ''));
          assert.ok(isIgnored || isGeneral || isLost || isWatched, `nothing ignores it, ${report(path)}`);
        }
        assert.equal(facts.preview.files, watched, `the preview counts what is watched, ${report('')}`);
        counts.watched += watched;
      }
    }
    console.log(`${wanted} trees:`, counts);
    assert.ok(Math.min(counts.watched, counts.ignored) > 0);
  }

  test('no file that git ignores and no secret is watched, and every other file is', () => compareAll(tree));
  test('also with any line that git can read', () => compareAll(nastyTree));
});

function foldersOf(files: Tree): string[] {
  const folders = Object.keys(files).flatMap((path) => {
    const names = path.split('/').slice(0, -1);
    return names.map((_, index) => names.slice(0, index + 1).join('/'));
  });
  return [...new Set(folders)];
}
