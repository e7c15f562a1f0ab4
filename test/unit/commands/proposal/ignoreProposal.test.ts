import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  ignoreLists,
  ignoresWith,
  proposeIgnore,
  type GitignoreFile,
  type IgnoreInput,
  type IgnoreProposal,
} from '../../../../src/commands/proposal/ignoreProposal';
import { Rules } from '../../../../src/rules/rules';

const nothing: IgnoreInput = { fromAbove: [], gitignores: [], caches: [], examples: [], existing: '', nested: [] };

function gitignore(dir: string, ...lines: string[]): GitignoreFile {
  return { path: dir === '' ? '.gitignore' : `${dir}/.gitignore`, dir, text: lines.join('\n') };
}

function propose(facts: Partial<IgnoreInput>): IgnoreProposal {
  return proposeIgnore({ ...nothing, ...facts }) ?? assert.fail('It does not fit.');
}

function linesOf({ sections }: IgnoreProposal, name: string): readonly string[] {
  return sections.find((section) => section.name === name)?.lines ?? assert.fail(`There is no section ${name}.`);
}

function ignored(facts: Partial<IgnoreInput>, ...paths: string[]): string[] {
  const input = { ...nothing, ...facts };
  const rules = new Rules({ watch: '*', ignores: ignoresWith(input, propose(facts).sections) });
  return paths.filter((path) => !rules.isWatched(path));
}

test('dependencies, output, temporary files and secrets are ignored at any depth', () => {
  const paths =
    `a/node_modules/b/c.js vendor/x.go .venv/a target/a Pods/a a/dist/b build/a out/a apps/web/.next/a coverage/a
    a.tmp a.temp a~ .a.swp .a.swo .DS_Store a/Thumbs.db .svn/a .vscode/a .idea/a __pycache__/a a.pyc a.log a.bak a.orig a.rej
    a.part a.crdownload .~lock.a# ~$a .nfs1 .fuse_hidden1
    .env a/.env.local a.pem a.key id_rsa id_rsa.pub a.p12 a.pfx a.keystore .npmrc .netrc credentials.json
    my-credentials-old.json a.tfstate kubeconfig .aws/credentials .ssh/config prod.env`.split(/\s+/);
  assert.deepEqual(ignored({}, ...paths), paths);
});

test('what people write is not', () => {
  const paths =
    `src/a.ts build.gradle Dockerfile Makefile .github/workflows/ci.yml .gitignore .editorconfig .env.example
    a/.env.sample bin/cli.js lib/a.js src/environment.ts package-lock.json yarn.lock keys.ts docs/secrets.md a.png
    .eslintrc.cjs src/credentials.ts env/server.mjs`.split(/\s+/);
  assert.deepEqual(ignored({}, ...paths), []);
});

test('a .gitignore takes back what the lists say, but no secret', () => {
  const gitignores = [gitignore('', '!dist/', '!.env', '!*.pem', '!node_modules'), gitignore('a', '!.env*', '!*')];
  const paths = ['dist/a.js', 'node_modules/a', '.env', 'a/.env', 'a/b/x.pem', 'a/c.log', 'build/a'];
  assert.deepEqual(ignored({ gitignores }, ...paths), ['.env', 'a/.env', 'a/b/x.pem', 'build/a']);
});

test('a deeper .gitignore takes precedence, and one that cannot be used ignores its folder', () => {
  const broken = { path: 'b/.gitignore', dir: 'b', text: undefined };
  const gitignores = [gitignore('', '*.snap', '!b/keep'), gitignore('a', '!keep.snap'), broken];
  const proposal = propose({ gitignores });
  assert.deepEqual(proposal.unusable, ['b/.gitignore']);
  assert.deepEqual(ignored({ gitignores }, 'x.snap', 'a/x.snap', 'a/keep.snap', 'b/keep', 'b/c', 'ab/c'), [
    'x.snap',
    'a/x.snap',
    'b/keep',
    'b/c',
  ]);
});

test('a folder that no line can name is ignored by a line that matches it', () => {
  const gitignores = [gitignore('a\nb', 'c')];
  assert.deepEqual(linesOf(propose({ gitignores }), 'gitignore'), ['/a?b/']);
  assert.deepEqual(ignored({ gitignores }, 'a\nb/x', 'ab/x'), ['a\nb/x']);
});

test('an ignore file above that cannot be used leaves nothing to watch', () => {
  assert.deepEqual(propose({ fromAbove: undefined }).unusable, ['../.gitignore']);
  assert.deepEqual(ignored({ fromAbove: undefined }, 'a', 'b/c'), ['a', 'b/c']);
});

test('what is said already is not said again, unless a line takes something back', () => {
  const repeated = ['node_modules', 'node_modules/', '*.log', '.next', 'own', '.env', '*.pem'];
  const said = propose({ gitignores: [gitignore('', 'own', 'x'), gitignore('a', ...repeated)] });
  assert.deepEqual(linesOf(said, 'gitignore'), ['# .gitignore', 'own', 'x', '# a/.gitignore', '/a/**/.env']);
  const takesBack = propose({ gitignores: [gitignore('', '!keep.log'), gitignore('a', '*.log')] });
  assert.deepEqual(linesOf(takesBack, 'gitignore'), ['# .gitignore', '!keep.log', '# a/.gitignore', '/a/**/*.log']);
});

describe('examples', () => {
  const isTakenBack = (facts: Partial<IgnoreInput>): boolean =>
    linesOf(propose(facts), 'secrets').includes('!.env.example');

  test('are watched unless something of the person ignores one', () => {
    assert.ok(isTakenBack({}));
    assert.ok(isTakenBack({ gitignores: [gitignore('a', '.env', '.env.*', '!.env.example', '!.env.*')] }));
    assert.ok(!isTakenBack({ gitignores: [gitignore('a', '.env*')] }));
    assert.ok(!isTakenBack({ gitignores: [gitignore('', 'a/*')], examples: ['a/.env.example'] }));
    assert.ok(!isTakenBack({ existing: '.env*\n' }));
    assert.ok(!isTakenBack({ fromAbove: ['.env.*'] }));
  });
});

describe('with an .obbyignore', () => {
  test('only missing lines are proposed, in any line ends', () => {
    const existing = ['# mine', 'node_modules', '*.pem', '!/keep/node_modules', ''].join('\r\n');
    const proposal = propose({ existing });
    assert.ok(!linesOf(proposal, 'dependencies').includes('node_modules'));
    assert.ok(!linesOf(proposal, 'secrets').includes('*.pem'));
    assert.ok(linesOf(proposal, 'secrets').includes('*.key'));
  });

  test('what was proposed once is complete', () => {
    const input = { gitignores: [gitignore('', 'a', '!b'), gitignore('c', 'd')], caches: ['e'] };
    const first = propose(input);
    const existing = first.sections.flatMap(({ lines }) => lines).join('\n');
    assert.deepEqual(
      propose({ ...input, existing }).sections.flatMap(({ lines }) => lines),
      [],
    );
  });

  test('secrets stay last when a line that takes back is added', () => {
    const existing = Object.values(ignoreLists).flat().join('\n');
    assert.deepEqual(linesOf(propose({ existing }), 'secrets'), []);
    const facts = { existing, gitignores: [gitignore('', '!.env')] };
    assert.deepEqual(ignored(facts, '.env'), ['.env']);
  });
});

describe('more rules than fit', () => {
  const manyLines = Array.from({ length: 300 }, (_, index) => `*${'x'.repeat(20)}${index}*`);

  test('the first files are taken over, and the folders of the others are ignored', () => {
    const gitignores = Array.from({ length: 6 }, (_, index) => gitignore(`a${index}`, ...manyLines));
    const proposal = propose({ gitignores });
    assert.ok(proposal.unusable.length > 0 && proposal.unusable.length < 6, proposal.unusable.join());
    const input = { ...nothing, gitignores };
    const rules = new Rules({ watch: '*', ignores: ignoresWith(input, proposal.sections) });
    assert.deepEqual(rules.problems, []);
    assert.deepEqual([rules.isWatched('a0/b'), rules.isWatched('a5/b'), rules.isWatched('.env')], [true, false, false]);
  });

  test('rules of the person that fill everything leave no room', () => {
    const existing = Array.from({ length: 5 }, (_, index) => manyLines.map((line) => `${line}${index}`))
      .flat()
      .join('\n');
    assert.equal(proposeIgnore({ ...nothing, existing }), undefined);
  });

  test('a file below is not pushed out', () => {
    const nested = [{ dir: 'a', text: manyLines.join('\n') }];
    const gitignores = [gitignore('b', ...manyLines)];
    const { sections, unusable } = propose({ nested, gitignores });
    assert.deepEqual(unusable, ['b/.gitignore']);
    assert.deepEqual(new Rules({ watch: '*', ignores: ignoresWith({ existing: '', nested }, sections) }).problems, []);
  });
});
