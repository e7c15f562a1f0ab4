import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { times } from '../../support/chance';
import fc from '../../support/properties';
import { setUp } from './recorderFixture';

const path = fc.constantFrom('a', 'b', 'd/a', 'd/b', 'd/e/a', 'f/a');
const text = fc.constantFrom('', 'x', 'y\n', 'z'.repeat(70_000));
/** What is done to a tree between two recordings. */
const change = fc.record({
  path: fc.oneof(path, fc.constantFrom('d', 'f')),
  to: fc.oneof(text, fc.constantFrom('gone' as const, 'link' as const, 'mode' as const)),
  /** Of a file. */
  mode: fc.constantFrom(0o644, 0o755, 0o600, 0o666, 0o444),
});
const changes = fc.array(change, { maxLength: 8 });
/** A path, and which of its versions is restored; none: it is deleted. */
const wanted = fc.record({ path, version: fc.option(fc.nat({ max: 20 })), unsaved: fc.boolean() });

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** Puts something at a path, whatever was there or above it, or only changes the mode of the file that is there. */
function put(root: string, { path, to, mode }: Change): void {
  const file = join(root, path);
  if (to === 'mode') {
    if (stateOf(file)?.isFile()) chmodSync(file, mode);
    return;
  }
  const names = path.split('/').slice(0, -1);
  for (const [index] of names.entries()) {
    const folder = join(root, ...names.slice(0, index + 1));
    if (stateOf(folder)?.isDirectory() === false) rmSync(folder);
  }
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { recursive: true, force: true });
  if (to === 'link') symlinkSync('../a', file);
  else if (to !== 'gone') writeFileSync(file, to, { mode });
}

function stateOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // There is a file where the path has a folder.
    return undefined;
  }
}

/** The mode of a file, to be put before its content. */
function modeOf(file: string): string {
  const state = stateOf(file);
  return state ? `${(state.mode & 0o777).toString(8)} ` : '';
}

/** Every entry of a tree with what it holds, and the modes of files. */
function treeOf(root: string, folder = ''): Record<string, string> {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return Object.assign(
    { [`${folder}/`]: '' },
    ...entries.map((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return treeOf(root, path);
      const file = join(root, path);
      return {
        [path]: entry.isSymbolicLink() ? `→ ${readlinkSync(file)}` : modeOf(file) + readFileSync(file, 'latin1'),
      };
    }),
  ) as Record<string, string>;
}

test('a restore and its undo leave every byte and mode as it was, and nothing that ever was is missing from the history', async () => {
  const { root, store, recorder, record } = await setUp({ maxFileBytes: 1_000_000 });
  await fc.assert(
    fc.asyncProperty(changes, changes, changes, fc.array(wanted, { minLength: 1, maxLength: 6 }), async (...given) => {
      const [first, second, unrecorded, targets] = given;
      for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true });
      for (const some of [first, second]) {
        for (const each of some) put(root, each);
        await record('a', 'b', 'd', 'd/a', 'd/b', 'd/e', 'd/e/a', 'f', 'f/a');
      }
      for (const each of unrecorded) put(root, each);
      const contents = (await store.recent({ limit: 10_000 })).filter(({ sha256 }) => sha256 !== undefined);
      const items = targets.map(({ path, version, unsaved }) => {
        const id = version === null ? undefined : contents[version % Math.max(contents.length, 1)]?.id;
        // An editor cannot save what is typed in a read-only file, nor can an undo.
        const isTyped = unsaved && ((stateOf(join(root, path))?.mode ?? 0o200) & 0o200) !== 0;
        return { path, ...(id !== undefined && { version: id }), ...(isTyped && { unsavedText: `typed in ${path}` }) };
      });
      const before = treeOf(root);
      const { failed, undo } = await recorder.restore(items);
      const failures = new Set(failed.map((each) => each.path));
      for (const { path, version } of new Map(items.map((item) => [item.path, item])).values()) {
        if (failures.has(path) || version === undefined) continue;
        const file = join(root, path);
        assert.deepEqual(new Uint8Array(readFileSync(file)), new Uint8Array(await store.content(version)));
        const { mode } = await store.version(version);
        if (mode !== undefined) assert.equal(modeOf(file), `${mode.toString(8)} `);
      }
      const undone = await recorder.restore(undo);
      assert.deepEqual(undone.failed, []);
      const typed = items.filter(({ path }) => !failures.has(path));
      assert.deepEqual(treeOf(root), withUnsaved(before, typed, treeOf(root)));
      await assertKept(store, before, items);
    }),
    { numRuns: times(40) },
  );
});

type Tree = Readonly<Record<string, string>>;

/** Undo brings unsaved text back as the content of its file; which mode a new file gets is left open, as in `after`. */
function withUnsaved(tree: Tree, items: readonly { path: string; unsavedText?: string }[], after: Tree) {
  const last = [...new Map(items.map((item) => [item.path, item])).values()];
  const texts = last.flatMap(({ path, unsavedText }) => {
    const mode = /^[0-7]{3} /.exec(tree[`/${path}`] ?? after[`/${path}`] ?? '')?.[0] ?? '';
    return unsavedText === undefined ? [] : [[`/${path}`, mode + unsavedText]];
  });
  const folders = texts.flatMap(([path = '']) => {
    const names = path.split('/').slice(0, -1);
    return names.map((_name, index) => [`${names.slice(0, index + 1).join('/')}/`, '']);
  });
  return { ...tree, ...(Object.fromEntries([...folders, ...texts]) as Record<string, string>) };
}

/** Every content that a restored path had is the content of one of its versions. */
async function assertKept(
  store: Awaited<ReturnType<typeof setUp>>['store'],
  tree: Record<string, string>,
  items: readonly { path: string }[],
): Promise<void> {
  for (const { path } of items) {
    const content = tree[`/${path}`];
    if (content === undefined || content.startsWith('→')) continue;
    const text = content.replace(/^[0-7]{3} /, '');
    const versions = (await store.versions(path, { limit: 1_000 })).filter(({ sha256 }) => sha256 !== undefined);
    const texts = await Promise.all(versions.map(async ({ id }) => Buffer.from(await store.content(id)).toString()));
    assert.ok(texts.includes(text), `${path} had ${JSON.stringify(text.slice(0, 20))}`);
  }
}
