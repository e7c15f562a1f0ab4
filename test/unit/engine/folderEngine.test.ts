import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ObbyError } from '../../../src/base/errors';
import type { Log } from '../../../src/base/log';
import type { HistoryStore } from '../../../src/model/historyStore';
import { nodeFilePort } from '../../../src/store/disk/nodeFilePort';
import { openStore } from '../../../src/store/openStore';
import type { EngineEvent } from '../../../src/engine/engine';
import { CauseSpans } from '../../../src/track/causeSpans';
import { FolderEngine } from '../../../src/engine/folderEngine';
import { GapLedger, gapFileIn } from '../../../src/engine/gapLedger';
import type { ScanReason } from '../../../src/model/scan';
import { temporaryName } from '../../../src/rules/temporaryName';
import { patternProgram } from '../../support/patternProgram';
import { FakeClock, impatientClock, settled } from '../../support/fakeClock';
import { folderSettings } from '../../support/folderSettings';
import { temporaryFolder, wasmDir } from '../store/fixtures';

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A folder in which everything is watched, and a store whose `failure`, while set, is what each append rejects with. */
async function setUp({
  store: storeIn = 'store',
  closedSince = undefined as number | undefined,
  aheadMs = 60_000,
} = {}) {
  const base = temporaryFolder();
  const root = join(base, 'folder');
  const storeDir = join(base, storeIn);
  const clock = new FakeClock(Date.now() + aheadMs);
  mkdirSync(storeDir, { recursive: true });
  mkdirSync(root, { recursive: true });
  const on = (path: string): string => join(root, path);
  writeFileSync(on('.obbywatch'), '*\n');
  const store = await openStore({ dir: storeDir, files: nodeFilePort, clock, log: silent, wasmDir: wasmDir() });
  const trouble: { failure?: ObbyError; seen?: Error } = {};
  const calls: string[] = [];
  const failing = new Proxy(store, {
    get(target, name: keyof HistoryStore) {
      if (name === 'append' && trouble.failure) return () => Promise.reject(trouble.failure ?? new Error());
      if (name === 'writeHeartbeat' && trouble.seen) return () => Promise.reject(trouble.seen ?? new Error());
      if (name === 'writeHeartbeat' || name === 'close') calls.push(name);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  const events: EngineEvent[] = [];
  const settings = folderSettings({ maxFileBytes: 1_000 });
  const engine = new FolderEngine({
    patternProgram,
    files: nodeFilePort,
    key: 'file:///folder',
    options: { root, storeDir, settings },
    store: failing,
    closedSince,
    spans: new CauseSpans(),
    gaps: new GapLedger({ file: gapFileIn(storeDir, nodeFilePort, silent), clock, log: silent }),
    clock: impatientClock(clock),
    log: silent,
    emit: (event) => events.push(event),
  });
  /** Opens the folder, as every client does; resolves when the first scan is done. */
  const start = async (): Promise<void> => {
    await engine.start();
    await engine.scan('asked');
  };
  const save = (path: string, text: string): void =>
    engine.notify([{ type: 'save', path, cause: 'save', confidence: 'certain', saved: { text } }]);
  /** Scans for one of these reasons that have ended. */
  const scans = (...reasons: ScanReason[]): number =>
    events.filter((event) => event.type === 'scanned' && reasons.includes(event.reason)).length;
  return { on, clock, store, engine, settings, events, trouble, calls, start, save, scans };
}

test('its own histories inside the folder are never watched', async () => {
  const { engine, on, start } = await setUp({ store: 'folder/data/histories/one' });
  const paths = async () => (await engine.store.recent({})).map(({ path }) => path);
  mkdirSync(on('data/histories/another'));
  writeFileSync(on('data/histories/another/journal'), 'of another window');
  writeFileSync(on('data/settings.json'), '{}');
  await start();
  assert.deepEqual(await paths(), ['data/settings.json', '.obbywatch']);
  await engine.close();
});

test('a scan counts the changes that an event should have reported', async () => {
  const { engine, on, clock, start, settings, events } = await setUp({ aheadMs: -6_000 });
  /** Time passes, in which other scans may come too. */
  const missedByEvents = async (ms: number): Promise<number> => {
    const before = events.length;
    clock.advance(ms);
    await engine.scan('periodic');
    const results = events.slice(before).flatMap((event) => (event.type === 'scanned' ? [event.result] : []));
    return results.reduce((sum, result) => sum + result.missedByEvents, 0);
  };
  writeFileSync(on('a.md'), 'there before');
  await start();
  assert.equal(await missedByEvents(6_000), 0);
  writeFileSync(on('a.md'), 'reported');
  await engine.record(['a.md']);
  writeFileSync(on('b.md'), 'its event may be on its way');
  assert.equal((await engine.scan('flush')).missedByEvents, 0);
  writeFileSync(on('a.md'), 'not reported');
  writeFileSync(on('c.md'), 'nor this');
  assert.equal(await missedByEvents(30_000), 2);
  chmodSync(on('a.md'), 0o755);
  assert.equal(await missedByEvents(30_000), 0);
  assert.equal((await engine.store.head('a.md'))?.version.mode, 0o755);
  await engine.configure({ ...settings, isPaused: true });
  writeFileSync(on('a.md'), 'while paused');
  assert.equal(await missedByEvents(30_000), 0);
  await engine.configure(settings);
  assert.equal(await missedByEvents(30_000), 0);
  await engine.close();
});

test('what was changed while closed is still said to be so when the store failed at first', async () => {
  const { engine, on, trouble, store, start } = await setUp({ closedSince: 1_000 });
  const noted = {
    cause: 'external',
    confidence: 'likely',
    time: 1_000,
    changeSet: 'm',
    eolOnly: false,
    binary: true,
  } as const;
  await store.append([{ path: 'a.md', kind: 'created', unstored: 'too large', size: 9_999, ...noted }]);
  writeFileSync(on('a.md'), 'new');
  trouble.failure = new ObbyError('diskFull', 'The disk is full.');
  await start();
  delete trouble.failure;
  await engine.scan('trouble');
  const [version] = await engine.store.versions('a.md', {});
  assert.equal(version?.cause, 'offline');
  await engine.close();
});

test('a store that fails is tried again once every 15 s, however many changes it refused', async () => {
  const { engine, on, trouble, clock, start, scans, events } = await setUp();
  await start();
  trouble.failure = new ObbyError('diskFull', 'The disk is full.');
  for (let n = 0; n < 5; n++) {
    writeFileSync(on('a.md'), `text ${n}`);
    await engine.record(['a.md']);
  }
  clock.advance(15_000);
  await engine.scan('asked');
  assert.equal(scans('trouble'), 1);
  delete trouble.failure;
  clock.advance(15_000);
  await engine.scan('asked');
  assert.equal(scans('trouble'), 2);
  assert.equal(events.filter((event) => event.type === 'store').length, 2);
  await engine.close();
});

test('a store that cannot be written is not tried again by itself', async () => {
  const { engine, trouble, clock, start, scans } = await setUp();
  trouble.failure = new ObbyError('storeReadOnly', 'Only to be read.');
  await start();
  clock.advance(60_000);
  await engine.scan('asked');
  assert.equal(scans('trouble'), 0);
  await engine.close();
});

test('while paused, no time is noted as recorded, also not in the window after', async () => {
  const { engine, clock, calls, settings } = await setUp({ closedSince: 1_000 });
  await engine.start();
  clock.advance(30_000);
  await settled();
  assert.deepEqual(calls, [], 'What was missed before is not found yet.');
  await engine.scan('asked');
  clock.advance(30_000);
  await settled();
  assert.deepEqual(calls, ['writeHeartbeat']);
  await engine.configure({ ...settings, isPaused: true });
  clock.advance(60_000);
  await engine.close();
  assert.deepEqual(calls, ['writeHeartbeat', 'writeHeartbeat', 'close']);
});

test('while the store fails, no time is noted as recorded', async () => {
  const { engine, trouble, clock, calls, start } = await setUp();
  trouble.failure = new ObbyError('diskFull', 'The disk is full.');
  await start();
  clock.advance(30_000);
  await engine.close();
  assert.deepEqual(calls, ['close']);
});

test('the history is released even when the time cannot be noted', async () => {
  const { engine, trouble, calls } = await setUp();
  trouble.seen = new Error('no space left');
  await assert.rejects(engine.close(), /no space left/);
  assert.deepEqual(calls, ['close']);
});

test('nothing is recorded after the end', async () => {
  const { engine, on, clock, events, start, save } = await setUp();
  await start();
  writeFileSync(on('a.md'), 'later');
  save('a.md', 'saved');
  await engine.close();
  const published = events.length;
  clock.advance(60_000);
  await engine.flush().catch(() => undefined);
  assert.equal(events.length, published);
});

test('what waits is recorded before the end', async () => {
  const { engine, on, events, start } = await setUp();
  await start();
  writeFileSync(on('a.md'), 'just now');
  engine.notify([{ type: 'change', path: 'a.md', kind: 'created' }]);
  await engine.close();
  const recorded = events.flatMap((event) => (event.type === 'recorded' ? event.versions : []));
  assert.equal(recorded.at(-1)?.path, 'a.md');
});

test('a file over the limit is stored by a scan once the limit is raised', async () => {
  const { engine, on, start, settings } = await setUp();
  writeFileSync(on('a.md'), 'x'.repeat(1_001));
  await start();
  await engine.configure({ ...settings, maxFileBytes: 2_000 });
  await engine.scan('periodic');
  const versions = await engine.store.versions('a.md', {});
  assert.deepEqual(
    versions.map(({ unstored }) => unstored),
    [undefined, 'too large'],
  );
  await engine.close();
});

test('a file over the limit that was noted while it was fresh is not noted again', async () => {
  const { engine, on, clock, start } = await setUp({ aheadMs: 0 });
  await start();
  writeFileSync(on('a.md'), 'x'.repeat(1_001));
  await engine.record(['a.md']);
  clock.advance(10_000);
  await engine.scan('periodic');
  assert.equal((await engine.store.versions('a.md', {})).length, 1);
  await engine.close();
});

test('a link is no way around the rules, neither to read nor to write', async () => {
  const { engine, on, start, save } = await setUp();
  writeFileSync(on('.obbywatch'), '*.md\n');
  writeFileSync(on('.obbyignore'), '.env\nprivate/\n');
  writeFileSync(on('.env'), 'secret');
  writeFileSync(on('notes.txt'), 'shown');
  mkdirSync(on('private'));
  writeFileSync(on('private/a.md'), 'secret');
  mkdirSync(on('.git'));
  writeFileSync(on('.git/config'), 'secret');
  const targets = { 'env.md': '.env', 'git.md': '.git/config', 'notes.md': 'notes.txt', public: 'private' };
  for (const [link, target] of Object.entries(targets)) symlinkSync(target, on(link));
  await start();
  save('env.md', 'secret');
  await engine.record(['public/a.md']);
  const [shown, ...others] = await engine.store.recent({});
  assert.deepEqual([shown?.path, others], ['notes.md', []]);
  for (const path of ['env.md', 'public/a.md']) {
    const { failed } = await engine.restores.restore([{ path, version: shown?.id ?? '' }], 'r');
    assert.match(
      failed[0]?.problem.message ?? '',
      path === 'env.md' ? /is a link to \.env/ : /public is a link to private now/,
    );
  }
  assert.equal(readFileSync(on('.env'), 'utf8'), 'secret');
  await engine.close();
});

test('what a killed restore left is deleted at the next start, and neither watched nor recorded', async () => {
  const { engine, on, start } = await setUp();
  const { pid } = spawnSync('true');
  const left = on(`d/${temporaryName('new', pid, randomUUID())}`);
  mkdirSync(on('d'));
  writeFileSync(on('d/a.md'), 'text');
  writeFileSync(left, 'text');
  await start();
  await engine.flush();
  assert.equal(existsSync(left), false);
  assert.deepEqual((await engine.store.heads('')).map(({ version }) => version.path).sort(), ['.obbywatch', 'd/a.md']);
  await engine.close();
});

test('the status is published as a whole, a few times a second', async () => {
  const { engine, on, clock, events, start } = await setUp();
  await start();
  clock.advance(150);
  await engine.flush();
  const before = events.length;
  for (let n = 0; n < 20; n++) {
    writeFileSync(on('a.md'), `text ${n}`);
    await engine.record(['a.md']);
  }
  clock.advance(150);
  const statuses = events.slice(before).filter((event) => event.type === 'status');
  assert.equal(statuses.length, 1);
  assert.deepEqual(statuses[0]?.status, engine.status);
  const { state, engine: way, files, versions, queue, gaps } = engine.status;
  assert.deepEqual(
    { state, way, files, versions, queue, gaps },
    {
      state: 'watching',
      way: 'events',
      files: 2,
      versions: 21,
      queue: 0,
      gaps: [],
    },
  );
  await engine.close();
});

test('an edit of the rules counts at once, and its problems are published', async () => {
  const { engine, on, events, start } = await setUp();
  writeFileSync(on('.obbywatch'), '*.md\n');
  writeFileSync(on('a.txt'), 'there before');
  await start();
  assert.equal((await engine.explain('a.txt')).reason, 'not listed');
  writeFileSync(on('.obbywatch'), '*.txt\n[\n');
  engine.notify([{ type: 'change', path: '.obbywatch', kind: 'changed' }]);
  assert.equal((await engine.explain('a.txt')).watched, true);
  await engine.flush();
  const [version] = await engine.store.versions('a.txt', {});
  assert.equal(version?.cause, 'baseline');
  const problems = events.flatMap((event) => (event.type === 'ruleProblems' ? [event.problems.length] : []));
  assert.deepEqual(problems, [0, 1]);
  await engine.close();
});

test('folders of their own are left out as soon as the settings say so', async () => {
  const { engine, on, settings, start } = await setUp();
  mkdirSync(on('inner'));
  await start();
  assert.equal((await engine.explain('inner/a.md')).watched, true);
  await engine.configure({ ...settings, innerFolders: ['inner'] });
  assert.equal((await engine.explain('inner/a.md')).watched, false);
  await engine.close();
});

test('what an editor reports while paused is ignored', async () => {
  const { engine, on, settings, start, save } = await setUp();
  writeFileSync(on('a.md'), 'before');
  await start();
  await engine.configure({ ...settings, isPaused: true });
  writeFileSync(on('a.md'), 'while paused');
  save('a.md', 'while paused');
  await engine.flush();
  assert.equal((await engine.store.versions('a.md', {})).length, 1);
  const [paused] = engine.status.gaps;
  assert.deepEqual([engine.status.state, paused?.kind, paused?.to], ['paused', 'paused', undefined]);
  await engine.configure(settings);
  assert.equal((await engine.store.versions('a.md', {}))[0]?.cause, 'offline');
  await engine.close();
});
