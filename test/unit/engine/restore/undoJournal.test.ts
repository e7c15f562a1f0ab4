import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { UndoJournal, type OpenJournal } from '../../../../src/engine/restore/undoJournal';
import { nodeFilePort } from '../../../../src/store/disk/nodeFilePort';
import { times } from '../../../support/chance';
import fc from '../../../support/properties';
import { ListLog, temporaryFolder } from '../../store/fixtures';
import { three, undo, withFiles } from './restoresFixture';

const twos = three.map((path) => `two ${path}`);

const [from, to, later] = ['v1-000000001-writer-1', 'v1-000000002-writer-1', 'v1-000000003-writer-1'];
const stepOf = (path: string) => ({ undo: { path, version: from }, from, to });

function newJournal(maxBytes = 10_000) {
  const log = new ListLog();
  const deps = { dir: temporaryFolder(), files: nodeFilePort, now: () => 1, log, maxBytes };
  return { journal: new UndoJournal(deps), log };
}

/** Begins and ends the change of each path; `undo` is what undoes it. */
async function change(open: OpenJournal, paths: readonly string[], version: string | undefined): Promise<void> {
  for (const path of paths) {
    await open.begin(stepOf(path));
    await open.end(path, version === undefined ? undefined : { path, version });
  }
}

test('what failed, needed no change or was undone is noted as such', async () => {
  const { journal, log } = newJournal();
  const entries = async () => [...((await journal.read())?.entries.values() ?? [])];
  const restore = await journal.restore('r-1');
  await change(restore, ['a'], undefined);
  await change(restore, ['b', 'c', 'd'], from);
  await restore.close(['a', 'b', 'c', 'd']);
  const undoOf = (path: string) => ({ path, undo: { path, version: from } });
  assert.deepEqual(await entries(), ['b', 'c', 'd'].map(undoOf));
  const undoing = journal.undo((await journal.read()) ?? assert.fail());
  await change(undoing, ['b'], undefined);
  await change(undoing, ['c'], later);
  await undoing.close(['c', 'd']);
  const undone = { path: 'c', undone: { path: 'c', version: later } };
  assert.deepEqual(await entries(), [undoOf('b'), undone]);
  assert.deepEqual(journal.toUndo, { time: 1, files: 1 });
  const failing = await journal.restore('r-2');
  await change(failing, ['e'], undefined);
  await failing.close([]);
  assert.deepEqual([(await journal.read())?.id, await entries()], ['r-1', [undoOf('b'), undone]]);
  assert.deepEqual(log.lines, []);
});

test('a restore of too many files is refused for the rest, and what it did can be undone', async () => {
  const { journal, log } = newJournal();
  const restore = await journal.restore('r-1');
  const paths = Array.from({ length: 100 }, (_, n) => `${n}.md`);
  const failed: string[] = [];
  for (const path of paths) await change(restore, [path], from).catch(() => failed.push(path));
  await restore.close([]);
  const done = paths.length - failed.length;
  assert.ok(done > 5 && failed.length > 5);
  assert.equal(journal.toUndo, undefined);
  const last = (await journal.read()) ?? assert.fail();
  assert.equal(last.entries.size, done);
  const undoing = journal.undo(last);
  await change(undoing, [...last.entries.keys()], later);
  await undoing.close([]);
  assert.equal((await journal.read())?.isUndone, true);
  assert.deepEqual(log.lines, []);
});

test('the undo of another restore is refused', async () => {
  const { folder, items, texts } = await withFiles();
  await folder.engine.restores.restore(items, 'r-1');
  await assert.rejects(folder.engine.restores.undo('r-0', items), { code: 'notFound' });
  assert.deepEqual(
    texts(),
    three.map((path) => `one ${path}`),
  );
  await folder.engine.close();
});

test('a journal that Obby did not write is logged, changes nothing, and keeps no restore from being undone later', async () => {
  const { folder, on, items, journal, log, texts, reload } = await withFiles();
  const header = { format: 1, id: 'r-1', time: 1, writer: { pid: 1 }, isUndone: false };
  const lined = (...lines: unknown[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const path = 'a.md';
  const contents = [
    ...['', '\n', '{', 'null\n', '[]\n', '\0', lined(header).repeat(2), `${lined(header)}{\n`],
    ...[
      '..',
      '../x',
      'd/../../x',
      '/etc/passwd',
      '.git/config',
      'd/.GIT/x',
      'git~1/x',
      '',
      'a//b',
      './a',
      'a\0',
      1,
    ].map((bad) => lined(header, { path: bad, undo: {} })),
    ...['../x', 'other', 'a.m', '', '.git', 7].map((bad) =>
      lined(header, { path: 'a.md/x', undo: { folders: [bad] } }),
    ),
    ...[1, '', '../x', 'v1-x'].map((version) => lined(header, { path, undo: { version } })),
    ...[{ format: 2 }, { id: '../x' }, { time: '1' }, { writer: {} }].map((each) => lined({ ...header, ...each })),
  ];
  for (const content of contents) {
    writeFileSync(journal, content);
    log.lines.length = 0;
    assert.equal(await folder.engine.restores.last(), undefined, content);
    assert.match(log.lines.join('\n'), /^warn .*undo\.jsonl cannot be used/, content);
  }
  truncateSync(journal, 129_000_000);
  const engine = await reload();
  assert.deepEqual([await engine.restores.last(), texts()], [undefined, twos]);
  await engine.restores.restore(items, 'r-1');
  // A line without an end was being written.
  appendFileSync(journal, '{"path":"a.md","un');
  assert.deepEqual([await undo(engine), texts()], [[], twos]);
  writeFileSync(on('.env'), 'SECRET=1');
  writeFileSync(journal, lined(header, { path: '.env', undo: {} }));
  assert.deepEqual([await undo(engine), readFileSync(on('.env'), 'utf8')], [[], 'SECRET=1']);
  await engine.close();
});

test('whatever is in a journal, it is an answer without an error, and names only files in the folder', async () => {
  const { folder, journal } = await withFiles(['a.md']);
  const state = fc.record(
    { version: fc.oneof(fc.constant('v1-1-1-1'), fc.jsonValue()), folders: fc.array(fc.constantFrom('a', '..', 'b')) },
    { requiredKeys: [] },
  );
  const path = fc.oneof(fc.constantFrom('a/x', 'b', '../x', '.git/x'), fc.string());
  const entry = fc.record({ path, undo: state, undone: state, change: fc.jsonValue() }, { requiredKeys: ['path'] });
  const header = { format: 1, id: 'r', time: 1, writer: { pid: 1 }, isUndone: false };
  const lines = fc.array(fc.oneof({ weight: 5, arbitrary: entry }, { weight: 1, arbitrary: fc.jsonValue() }), {
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(lines, fc.boolean(), async (values, isWhole) => {
      const text = [header, ...values].map((value) => JSON.stringify(value)).join('\n');
      writeFileSync(journal, isWhole ? `${text}\n` : text);
      for (const each of (await folder.engine.restores.last())?.remaining ?? []) {
        for (const name of [each.path, ...(each.folders ?? [])].flatMap((some) => some.split('/'))) {
          assert.ok(!['', '.', '..', '.git'].includes(name), text);
        }
      }
    }),
    { numRuns: times(500) },
  );
  await folder.engine.close();
});
