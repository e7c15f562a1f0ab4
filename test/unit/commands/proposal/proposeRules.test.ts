import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  proposeRules,
  type ProposalRequest,
  maxPatterns,
  proposeWatch,
} from '../../../../src/commands/proposal/proposeRules';
import { FakeClock } from '../../../support/fakeClock';
import { memoryTree } from '../../../support/memoryTree';
import { Rules } from '../../../../src/rules/rules';

function propose(files: Readonly<Record<string, string>>, facts: Partial<ProposalRequest> = {}) {
  return proposeRules({
    reader: memoryTree(files),
    repository: { linesFromAbove: [] },
    existing: { watch: undefined, ignore: undefined },
    wanted: undefined,
    isReserved: () => Promise.resolve(false),
    maxFileBytes: 100,
    clock: new FakeClock(),
    onCancel: () => undefined,
    ...facts,
  });
}

/** What a rule file says, without its comments. */
function patternsIn(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

const monorepo: Readonly<Record<string, string>> = {
  'package.json': '{}',
  'pnpm-workspace.yaml': '',
  Dockerfile: 'FROM x',
  '.gitignore': 'node_modules\n.env\n/web/dist\n.next\n',
  'packages/api/index.ts': 'const a = 1;\n',
  'packages/api/.env': 'PASSWORD=secret\n',
  'packages/api/big.bin': 'x'.repeat(101),
  'web/page.tsx': 'export {};\n',
  'web/dist/page.js': '',
  '.next/cache': '',
  ...Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`packages/api/node_modules/p${n}/index.js`, 'x'])),
};

test('in a monorepo, what people write is proposed and counted, and nothing else', async () => {
  const { patterns, facts } = await propose(monorepo);
  const expected = ['/packages/', '/web/', '/.gitignore', '/Dockerfile', '/*.json', '/*.yaml'];
  assert.deepEqual(patterns, expected);
  const { files, bytes, large, folders, secrets } = facts.preview;
  assert.deepEqual([files, large, secrets], [7, 1, ['packages/api/.env']]);
  assert.equal(bytes, 2 + 6 + (monorepo['.gitignore']?.length ?? 0) + 13 + 11);
  assert.deepEqual(folders, [
    { folder: '', files: 4, bytes: bytes - 24 },
    { folder: 'packages/api', files: 2, bytes: 13 },
    { folder: 'web', files: 1, bytes: 11 },
  ]);
  assert.deepEqual([...facts.leftOut].sort(), ['.next', 'packages/api/node_modules', 'web/dist']);
});

test('a virtual environment at the top is not proposed', async () => {
  const { patterns, facts } = await propose({ 'env/pyvenv.cfg': '', 'env/lib/a.py': '', 'main.py': '' });
  assert.deepEqual([patterns, facts.leftOut, facts.preview.files], [['/*.py'], ['env'], 1]);
});

test('a folder with nothing to watch', async () => {
  for (const files of [{}, { '.env': 'A=1', 'node_modules/a.js': '' }]) {
    const { patterns, facts } = await propose(files);
    assert.deepEqual([patterns, facts.preview.files], [['*'], 0]);
  }
});

describe('with rule files', () => {
  test('comments of the person stay, and proposals follow them', async () => {
    const existing = { watch: '# my notes on this\n\n', ignore: '# mine\n*.snap' };
    const { texts, facts } = await propose({ 'a.ts': '', 'b.snap': '' }, { existing });
    assert.equal(texts.watch, '# my notes on this\n\n/*.ts\n');
    assert.ok(texts.ignore.startsWith('# mine\n*.snap\n\n# Dependencies\nnode_modules\n'), texts.ignore.slice(0, 80));
    assert.equal(facts.preview.files, 1);
  });

  test('lines that only exclude still do', async () => {
    const existing = { watch: '# mine\n!drafts/\n', ignore: undefined };
    const { texts, facts } = await propose({ 'a.ts': '', 'drafts/b.ts': '' }, { existing });
    assert.equal(texts.watch, '# mine\n/drafts/\n/*.ts\n!drafts/\n');
    assert.equal(facts.preview.files, 1);
  });

  test('a folder that is added to rules counts alone, and no line is added to .obbyignore', async () => {
    const existing = { watch: '*.md\n', ignore: 'dist/\n' };
    const files = { 'a.md': '', 'src/a.ts': '', 'src/b/node_modules/c.js': '', 'src/dist/d.js': '' };
    const { patterns, sections, texts, facts } = await propose(files, { existing, wanted: 'src' });
    assert.deepEqual([patterns, sections, texts], [['/src/'], [], { watch: '*.md\n/src/\n', ignore: 'dist/\n' }]);
    assert.deepEqual([facts.preview.files, facts.leftOut], [2, ['src/dist']]);
  });

  test('a folder that is added where there are no rules comes with .obbyignore', async () => {
    const { patterns, texts, facts } = await propose(monorepo, { wanted: 'packages' });
    assert.deepEqual([patterns, facts.preview.files], [['/packages/'], 2]);
    assert.deepEqual(patternsIn(texts.watch), ['/packages/']);
    assert.ok(patternsIn(texts.ignore).includes('node_modules'));
  });
});

test('a folder that no line can name is refused', async () => {
  await assert.rejects(propose({ 'a\nb/c': '' }, { wanted: 'a\nb' }), { code: 'badArgument' });
});

test('a person who cancels does not wait', async () => {
  const reader = { ...memoryTree({ 'a/b': '' }), size: () => new Promise<undefined>(() => undefined) };
  const callbacks: (() => void)[] = [];
  const proposal = propose({}, { reader, onCancel: (callback) => callbacks.push(callback) });
  const end = setInterval(() => callbacks.forEach((callback) => callback()), 1);
  const { facts } = await proposal;
  clearInterval(end);
  assert.equal(facts.preview.isCut, true);
});

test('what is there is listed: folders, kinds of files, and files of no kind by their names', () => {
  const files = ['README.md', 'NOTES.md', 'a.ts', 'esbuild.mjs', 'x.cjs', 'y.mts', 'z.cts', 'Dockerfile', 'Makefile'];
  const { patterns, leftOut } = proposeWatch({
    folders: ['src', '.github', 'docs [old]'],
    files: [...files, '.gitignore', '.editorconfig', '.eslintrc.json', 'obby.1', 'ends. '],
    isRepository: true,
  });
  assert.deepEqual(patterns, [
    ...['/.github/', '/docs \\[old]/', '/src/', '/.editorconfig', '/*.json', '/.gitignore', '/Dockerfile', '/Makefile'],
    ...['/*.md', '/*.ts', '/ends.\\ ', '/*.mjs', '/obby.1', '/*.cjs', '/*.mts', '/*.cts'],
  ]);
  assert.deepEqual(leftOut, []);
});

test('outside of a repository, hidden folders are left out and named', () => {
  const top = { folders: ['.config', 'notes'], files: ['.bashrc'], isRepository: false };
  assert.deepEqual(proposeWatch(top), { patterns: ['/notes/', '/.bashrc'], leftOut: ['.config'] });
});

test('in an empty folder, what comes is listed', () => {
  assert.deepEqual(proposeWatch({ folders: [], files: [], isRepository: true }).patterns, ['*']);
  const { patterns } = proposeWatch({ folders: ['.config'], files: [], isRepository: false });
  const rules = new Rules({ watch: patterns.join('\n'), ignores: [] });
  assert.deepEqual(
    ['a.md', 'b/.c/d', '.config/token', '.bashrc'].filter((path) => rules.isWatched(path)),
    ['a.md', 'b/.c/d', '.bashrc'],
  );
});

test('a name that no line can contain, and names beyond the limit, are reported', () => {
  const files = Array.from({ length: maxPatterns + 5 }, (_, index) => `file${String(index).padStart(4, '0')}`);
  const { patterns, leftOut } = proposeWatch({ folders: ['a\nb'], files, isRepository: true });
  assert.equal(patterns.length, maxPatterns);
  assert.deepEqual(leftOut, ['a\nb', ...files.slice(maxPatterns)]);
});
