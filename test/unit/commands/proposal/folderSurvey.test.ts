import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Deadline } from '../../../../src/commands/proposal/deadline';
import { surveyFolder, type Survey, type SurveyOptions } from '../../../../src/commands/proposal/folderSurvey';
import type { TreeEntry, TreeReader } from '../../../../src/commands/proposal/treeReader';
import { FakeClock } from '../../../support/fakeClock';
import { memoryTree } from '../../../support/memoryTree';

async function survey(reader: TreeReader, options: Partial<SurveyOptions> = {}): Promise<Survey> {
  const found = await surveyFolder({
    reader,
    fromAbove: [],
    existing: '',
    proposesIgnores: true,
    isReserved: () => Promise.resolve(false),
    deadline: new Deadline(new FakeClock(), 1_000),
    ...options,
  });
  return found ?? assert.fail('The rules do not fit.');
}

function sorted(names: readonly string[]): string[] {
  return [...names].sort();
}

/** A folder with as many entries as one asks for, which counts how many were. */
class EndlessTree implements TreeReader {
  asked = 0;

  constructor(private readonly kind: TreeEntry['kind']) {}

  async *entries(): AsyncIterable<TreeEntry> {
    for (let index = 0; index < 1_000_000; index++) {
      this.asked++;
      yield await Promise.resolve({ name: `n${index}`, kind: this.kind });
    }
  }

  text(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  size(): Promise<number> {
    return Promise.resolve(1);
  }
}

test('a walk finds files and leaves out what is ignored, at any depth', async () => {
  const { files, topFolders, leftOut, ignoreInput } = await survey(
    memoryTree({
      '.gitignore': 'gen\n',
      'a/node_modules/x/y.js': '',
      'a/b/gen/c.ts': '',
      'a/b/.gitignore': '/own\n',
      'a/b/own/d.ts': '',
      'a/b/c/own/e.ts': '',
      'a/b/.obbyignore': 'mine/\n',
      'a/b/mine/f.ts': '',
      'cache/CACHEDIR.TAG': '',
      'cache/g.ts': '',
      'py/env/pyvenv.cfg': '',
      'py/env/lib/h.py': '',
      '.git/info/exclude': 'private\n',
      'private/i.ts': '',
    }),
  );
  assert.deepEqual(sorted(files), ['.gitignore', 'a/b/.gitignore', 'a/b/.obbyignore', 'a/b/c/own/e.ts']);
  assert.deepEqual(sorted(topFolders), ['a', 'cache', 'py']);
  const ignored = ['.git', 'a/b/gen', 'a/b/mine', 'a/b/own', 'a/node_modules', 'private'];
  assert.deepEqual(sorted(leftOut), ignored);
  assert.deepEqual(sorted(ignoreInput.caches), ['cache', 'py/env']);
  const paths = ignoreInput.gitignores.map(({ path }) => path);
  assert.deepEqual(paths, ['.git/info/exclude', '.gitignore', 'a/b/.gitignore']);
  assert.deepEqual(ignoreInput.nested, [{ dir: 'a/b', text: 'mine/\n' }]);
});

test('where nothing is proposed, only the rules of the person leave something out', async () => {
  const reader = memoryTree({
    '.gitignore': 'gen\n',
    'gen/a': '',
    'node_modules/b': '',
    'c/CACHEDIR.TAG': '',
    'd/e': '',
  });
  const { files } = await survey(reader, { proposesIgnores: false, existing: 'd/\n' });
  assert.deepEqual(sorted(files), ['.gitignore', 'c/CACHEDIR.TAG', 'gen/a', 'node_modules/b']);
});

test('folders in which Obby never records are not entered', async () => {
  const reader = memoryTree({ 'a/b/c': '', 'a/d/e': '' });
  const { files, reserved } = await survey(reader, { isReserved: (folder) => Promise.resolve(folder === 'a/b') });
  assert.deepEqual([files, reserved], [['a/d/e'], ['a/b']]);
});

test('a link to a file counts, and a link to a folder is not followed', async () => {
  const links: TreeEntry[] = [
    { name: 'file', kind: 'link' },
    { name: 'loop', kind: 'link' },
    { name: 'pipe', kind: 'other' },
  ];
  const reader: TreeReader = {
    ...memoryTree({}),
    async *entries(folder) {
      assert.equal(folder, '');
      yield* await Promise.resolve(links);
    },
    size: (path) => Promise.resolve(path === 'file' ? 1 : undefined),
  };
  assert.deepEqual((await survey(reader)).files, ['file']);
});

describe('bounds', () => {
  test('a folder of a million files is read up to a limit, which is reported', async () => {
    const tree = new EndlessTree('file');
    const { files, cut } = await survey(tree, { bounds: { entriesInFolder: 500 } });
    assert.deepEqual([files.length, cut.large, cut.hasEnded], [500, [''], false]);
    assert.ok(tree.asked <= 501, `${tree.asked} were read`);
  });

  test('a tree of folders without end is read up to a limit, which is reported', async () => {
    const tree = new EndlessTree('folder');
    const { cut } = await survey(tree, { bounds: { entries: 2_000, entriesInFolder: 100 } });
    assert.equal(cut.hasEnded, true);
    assert.ok(tree.asked <= 2_100, `${tree.asked} were read`);
  });

  test('a tree without an end in depth is entered up to a limit, which is reported', async () => {
    const nest: TreeReader = {
      ...memoryTree({}),
      async *entries() {
        yield await Promise.resolve({ name: 'd', kind: 'folder' as const });
      },
    };
    const { cut } = await survey(nest, { bounds: { depth: 7 } });
    assert.deepEqual([cut.deep, cut.hasEnded], [['d/d/d/d/d/d/d/d'], false]);
  });

  test('an ignore file is read although the entries before it are too many', async () => {
    const tree = Object.assign(new EndlessTree('file'), {
      text: (path: string) => Promise.resolve(path === '.gitignore' ? 'n1*\n' : undefined),
    });
    const { ignoreInput } = await survey(tree, { bounds: { entriesInFolder: 5 } });
    assert.deepEqual(ignoreInput.gitignores, [{ path: '.gitignore', dir: '', text: 'n1*\n' }]);
  });

  test('more ignore files than the bound cannot be used, and those that cannot be read neither', async () => {
    const tree = memoryTree({ 'a/.gitignore': 'x', 'b/.gitignore': 'x', 'c/.obbyignore': 'x', 'd/.gitignore': 'x' });
    const reader: TreeReader = {
      ...tree,
      text: (path) => (path === 'd/.gitignore' ? Promise.reject(new Error('EACCES')) : tree.text(path)),
    };
    const { ignoreInput } = await survey(reader, { bounds: { ignoreFiles: 1 } });
    const usable = ignoreInput.gitignores.filter(({ text }) => text !== undefined);
    assert.equal(usable.length + ignoreInput.nested.filter(({ text }) => text !== '*').length, 1);
    assert.equal(ignoreInput.gitignores.length + ignoreInput.nested.length, 4);
  });

  test('a folder that never answers does not hold the survey up', async () => {
    const tree = memoryTree({ 'a/b': '', 'hangs/c': '' });
    const clock = new FakeClock();
    const reader: TreeReader = {
      ...tree,
      entries: (folder) => (folder === 'hangs' ? neverAnswers(() => clock.advance(1_000)) : tree.entries(folder)),
    };
    const { files, cut } = await survey(reader, { deadline: new Deadline(clock, 1_000) });
    assert.deepEqual([files, cut.hasEnded], [['a/b'], true]);
  });

  test('a folder that cannot be read is reported, and the others are read', async () => {
    const tree = memoryTree({ 'a/b': '', 'closed/c': '' });
    const reader: TreeReader = {
      ...tree,
      entries(folder) {
        if (folder === 'closed') throw new Error('EACCES');
        return tree.entries(folder);
      },
    };
    const { files, cut } = await survey(reader);
    assert.deepEqual([files, cut.unreadable], [['a/b'], ['closed']]);
  });
});

/** Entries that are asked for and do not come. */
async function* neverAnswers(onAsked: () => void): AsyncIterable<TreeEntry> {
  // Later than whatever else is read at the same time.
  setImmediate(onAsked);
  yield await new Promise<TreeEntry>(() => undefined);
}
