import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, linkSync, lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { nodeWriteAccess, type WriteAccess } from '../../../src/track/disk/writeAccess';
import { draft } from '../store/fixtures';
import { setUp } from './recorderFixture';

/** A folder with a file of one version for each content and mode. */
async function withModes(states: readonly (readonly [string, number])[], options: Parameters<typeof setUp>[0] = {}) {
  const folder = await setUp(options);
  const { on, record, store } = folder;
  for (const [text, mode] of states) {
    if (existsSync(on('a.sh'))) chmodSync(on('a.sh'), 0o600);
    writeFileSync(on('a.sh'), text);
    chmodSync(on('a.sh'), mode);
    await record('a.sh');
  }
  const versions = (await store.versions('a.sh', {})).reverse();
  const modeOf = (path: string): string => (lstatSync(on(path)).mode & 0o7777).toString(8);
  return { ...folder, versions, modeOf, text: (path: string): string => readFileSync(on(path), 'utf8') };
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

test('a change of the mode alone is a version', async () => {
  const { versions, record, store, on } = await withModes([
    ['one', 0o644],
    ['one', 0o755],
    ['two', 0o755],
  ]);
  assert.deepEqual(
    versions.map(({ kind, mode, previousMode, added, removed }) => [kind, mode, previousMode, added, removed]),
    [
      ['created', 0o644, undefined, 1, 0],
      ['modified', 0o755, 0o644, 0, 0],
      ['modified', 0o755, undefined, 1, 1],
    ],
  );
  await record('a.sh');
  // Only permission bits count.
  chmodSync(on('a.sh'), 0o4755);
  await record('a.sh');
  assert.equal((await store.versions('a.sh', {})).length, 3);
});

for (const mode of [0o755, 0o600, 0o444, 0o666, 0o640]) {
  test(`a deleted file of mode ${mode.toString(8)} comes back with it`, async () => {
    const { versions, restore, record, recorder, store, on, modeOf, text } = await withModes([['one', mode]]);
    rmSync(on('a.sh'));
    await record('a.sh');
    assert.equal((await store.versions('a.sh', {}))[0]?.mode, undefined);
    const [restored] = await restore([{ path: 'a.sh', version: versions[0]?.id ?? '' }]);
    assert.deepEqual([modeOf('a.sh'), text('a.sh'), restored?.version?.mode], [mode.toString(8), 'one', mode]);
    assert.deepEqual((await recorder.restore([{ path: 'a.sh' }])).failed, []);
  });
}

test('a restore never brings back the rights of an owner or a group', async () => {
  const { versions, restore, record, on, modeOf } = await withModes([['one', 0o6755]]);
  assert.equal(versions[0]?.mode, 0o755);
  rmSync(on('a.sh'));
  await record('a.sh');
  await restore([{ path: 'a.sh', version: versions[0].id }]);
  assert.equal(modeOf('a.sh'), '755');
});

test('a file that exists gets the mode of the version, and its own by undo', async () => {
  for (const [old, present] of [
    [0o755, 0o644],
    [0o644, 0o755],
    [0o600, 0o666],
    [0o444, 0o644],
    [0o644, 0o444],
  ] as const) {
    for (const isLinked of [false, true]) {
      const states = [['one', old] as const, ['two', present] as const];
      const { versions, recorder, on, modeOf, text } = await withModes(states);
      if (isLinked) linkSync(on('a.sh'), on('b.sh'));
      const { failed, undo } = await recorder.restore([{ path: 'a.sh', version: versions[0]?.id ?? '' }]);
      assert.deepEqual([failed, modeOf('a.sh'), text('a.sh')], [[], old.toString(8), 'one']);
      const undone = await recorder.restore(undo);
      assert.deepEqual([undone.failed, modeOf('a.sh'), text('a.sh')], [[], present.toString(8), 'two']);
    }
  }
});

test('a mode is restored without touching the content, and undone', async () => {
  const states = [['one', 0o644] as const, ['one', 0o755] as const];
  const { versions, recorder, store, on, modeOf } = await withModes(states);
  const before = lstatSync(on('a.sh'), { bigint: true });
  const { restored, undo } = await recorder.restore([{ path: 'a.sh', version: versions[0]?.id ?? '' }]);
  const after = lstatSync(on('a.sh'), { bigint: true });
  assert.deepEqual([after.ino, after.mtimeNs, modeOf('a.sh')], [before.ino, before.mtimeNs, '644']);
  assert.deepEqual([restored[0]?.version?.mode, restored[0]?.version?.previousMode], [0o644, 0o755]);
  assert.equal(restored[0]?.version?.cause, 'restore');
  await recorder.restore(undo);
  assert.equal(modeOf('a.sh'), '755');
  assert.equal((await store.versions('a.sh', {})).length, 4);
});

test('unsaved text has the mode of its file', async () => {
  const { versions, recorder, modeOf, text } = await withModes([
    ['one', 0o644],
    ['two', 0o755],
  ]);
  const unsaved = { path: 'a.sh', version: versions[0]?.id ?? '', unsavedText: 'typed' };
  const { undo } = await recorder.restore([unsaved]);
  assert.deepEqual([modeOf('a.sh'), text('a.sh')], ['644', 'one']);
  await recorder.restore(undo);
  assert.deepEqual([modeOf('a.sh'), text('a.sh')], ['755', 'typed']);
});

test('a version without a mode leaves that of the file alone', async () => {
  const { store, recorder, record, on, modeOf, text } = await setUpOld();
  await record('a.sh');
  assert.equal((await store.versions('a.sh', {})).length, 1, 'an unknown mode is no change');
  writeFileSync(on('a.sh'), 'two');
  await record('a.sh');
  const [two, one] = await store.versions('a.sh', {});
  assert.deepEqual([two?.mode, two?.previousMode, one?.mode], [0o755, undefined, undefined]);
  await recorder.restore([{ path: 'a.sh', version: one?.id ?? '' }]);
  assert.deepEqual([modeOf('a.sh'), text('a.sh')], ['755', 'one']);
});

test('a mode that was not recorded is recorded before a restore replaces it', async () => {
  const { store, recorder, modeOf } = await setUpOld();
  const [other] = await store.append([draft('b.sh', 'other', { mode: 0o600 })]);
  const { failed, undo } = await recorder.restore([{ path: 'a.sh', version: other?.id ?? '' }]);
  assert.deepEqual([failed, modeOf('a.sh')], [[], '600']);
  await recorder.restore(undo);
  assert.equal(modeOf('a.sh'), '755');
});

test('a mode that was not recorded is recorded before a restore deletes the file', async () => {
  const { recorder, modeOf } = await setUpOld();
  const { undo } = await recorder.restore([{ path: 'a.sh' }]);
  await recorder.restore(undo);
  assert.equal(modeOf('a.sh'), '755');
});

/** A file of mode 755 in a history that has no modes. */
async function setUpOld() {
  const folder = await withModes([]);
  writeFileSync(folder.on('a.sh'), 'one');
  chmodSync(folder.on('a.sh'), 0o755);
  await folder.store.append([draft('a.sh', 'one', { kind: 'created' })]);
  return folder;
}

test('a private version cannot be read by others at any time while it is restored', async () => {
  const secret = 'a secret';
  for (const way of ['replaced', 'in place', 'created']) {
    const seen = new Set<string>();
    let root = '';
    const watch = (): void => {
      const files = execFileSync('find', [root, '-type', 'f', '-perm', '/044'], { encoding: 'utf8' }).split('\n');
      for (const file of files.filter(Boolean)) seen.add(readFileSync(file, 'utf8'));
    };
    const writeAccess = new Proxy(nodeWriteAccess, {
      get: (target, name: keyof WriteAccess) => {
        const call = Reflect.get(target, name) as (...args: unknown[]) => unknown;
        return (...args: unknown[]): unknown => {
          const result = call(...args);
          watch();
          return result;
        };
      },
    });
    const states = [[secret, 0o600] as const, ['two', 0o644] as const];
    const { versions, recorder, on, modeOf, text, ...folder } = await withModes(states, { writeAccess });
    ({ root } = folder);
    if (way === 'in place') linkSync(on('a.sh'), on('b.sh'));
    if (way === 'created') rmSync(on('a.sh'));
    const { failed } = await recorder.restore([{ path: 'a.sh', version: versions[0]?.id ?? '' }]);
    assert.deepEqual([failed, modeOf('a.sh'), text('a.sh')], [[], '600', secret], way);
    assert.ok(!seen.has(secret), way);
  }
});

test('a mode that cannot be set keeps only a private version from being restored', async () => {
  const writeAccess: WriteAccess = {
    ...nodeWriteAccess,
    chmod: () => {
      throw failure('EPERM');
    },
  };
  const states = [['secret', 0o600] as const, ['script', 0o755] as const, ['now', 0o644] as const];
  const { versions, recorder, on, modeOf, text } = await withModes(states, { writeAccess });
  linkSync(on('a.sh'), on('b.sh'));
  const [secret, script] = versions.map(({ id }) => id);
  const { failed } = await recorder.restore([{ path: 'a.sh', version: secret ?? '' }]);
  assert.deepEqual([failed.length, text('a.sh'), modeOf('a.sh')], [1, 'now', '644']);
  assert.match(failed[0]?.error.message ?? '', /EPERM/);
  assert.deepEqual((await recorder.restore([{ path: 'a.sh', version: script ?? '' }])).failed, []);
  assert.deepEqual([text('a.sh'), modeOf('a.sh')], ['script', '644']);
});

test('a read-only file stays as it is unless the version makes it writable', async () => {
  const writeAccess: WriteAccess = {
    ...nodeWriteAccess,
    // The administrator may write any file.
    requireWritable: (path) => {
      if ((lstatSync(path).mode & 0o200) === 0) throw failure('EACCES');
    },
  };
  const states = [['one', 0o444] as const, ['two', 0o644] as const, ['three', 0o444] as const];
  const { versions, recorder, text } = await withModes(states, { writeAccess });
  const [one, two] = versions.map(({ id }) => id);
  assert.equal((await recorder.restore([{ path: 'a.sh', version: one ?? '' }])).failed.length, 1);
  assert.equal(text('a.sh'), 'three');
  assert.deepEqual((await recorder.restore([{ path: 'a.sh', version: two ?? '' }])).failed, []);
  assert.equal(text('a.sh'), 'two');
});
