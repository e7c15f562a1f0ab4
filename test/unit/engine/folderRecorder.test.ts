import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Timers } from '../../../src/base/clock';
import { ObbyError } from '../../../src/base/errors';
import { OptionalWork } from '../../../src/base/optionalWork';
import { FolderRecorder } from '../../../src/engine/folderRecorder';
import type { HistoryStore } from '../../../src/model/historyStore';
import { Rules } from '../../../src/rules/rules';
import { CauseSpans } from '../../../src/track/causeSpans';
import { noJournal } from '../../../src/track/restoreJournal';
import { FakeClock, impatientClock } from '../../support/fakeClock';
import { draft, ListLog, openTestStore, temporaryFolder } from '../store/fixtures';
import { failingGit } from '../track/failingGit';

const watchesAll = '*\n!*.tmp\n';

/** The recorder of a folder, a store whose `failure`, while set, is what it rejects with, and what it calls. */
async function setUp({ findsCauses = false } = {}) {
  const base = temporaryFolder();
  const root = join(base, 'folder');
  mkdirSync(join(root, '.git'), { recursive: true });
  const clock = new FakeClock(Date.now() + 60_000);
  const log = new ListLog();
  const store = await openTestStore({ dir: join(base, 'store'), clock, log });
  const trouble: { failure?: ObbyError } = {};
  const failing = new Proxy(store, {
    get(target, name: keyof HistoryStore) {
      if ((name === 'append' || name === 'writeHeartbeat') && trouble.failure) {
        return () => Promise.reject(trouble.failure ?? new Error());
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  const said: string[] = [];
  const rules = { present: new Rules({ watch: watchesAll, ignores: [] }), next: watchesAll };
  const recorder = new FolderRecorder({
    ...{ root, store: failing, clock: impatientClock(clock), timers: new Timers(clock), log, spans: new CauseSpans() },
    rules: () => rules.present,
    loadRules: () => {
      said.push('load rules');
      rules.present = new Rules({ watch: rules.next, ignores: [] });
    },
    isDeletionWatched: (path) => rules.present.isWatched(path),
    mayFollow: () => true,
    maxFileBytes: () => 1_000,
    findsCauses: () => findsCauses,
    optional: new OptionalWork((message) => said.push(message)),
    gitFiles: failingGit(() => true).files,
    onBusy: () => said.push('busy'),
    onFolder: (folder) => said.push(`folder ${folder}`),
    onRecorded: (versions) => said.push(...versions.map(({ kind, path }) => `${kind} ${path}`)),
    onNotRecorded: (path) => said.push(`not recorded ${path}`),
    onProblem: (path) => said.push(`problem ${path}`),
    onStoreChange: (error) => said.push(`store ${error?.code ?? 'works'}`),
    onFail: () => said.push('fail'),
    scan: () => said.push('scan'),
  });
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const take = (): string[] => said.splice(0);
  const texts = async (path: string): Promise<string[]> => {
    const versions = await store.versions(path, {});
    return Promise.all(versions.map(async ({ id }) => Buffer.from(await store.content(id)).toString()));
  };
  return { root, clock, log, store, trouble, rules, recorder, write, take, texts };
}

const full = new ObbyError('diskFull', 'The disk is full.');
const noProgress = (): void => undefined;

test('calls are done one at a time, in their order, and what comes last ends after all of them', async () => {
  const { store, recorder, write, take, texts } = await setUp();
  write('a.md', 'one');
  const order: string[] = [];
  const note = (what: string) => (): void => void order.push(what);
  const saved = (text: string) => ({ path: 'a.md', cause: 'save', confidence: 'certain', saved: { text } }) as const;
  const calls = [
    recorder.record([saved('first')]).then(note('record')),
    recorder.write([['.obbywatch', Buffer.from('*\n')]]).then(note('write')),
    recorder.record([saved('second')]).then(note('record')),
    recorder.flush().then(note('flush')),
    recorder.close(() => Promise.resolve().then(note('close'))),
  ];
  assert.deepEqual(take(), Array(5).fill('busy'), 'each is known to have come');
  await Promise.all(calls);
  assert.deepEqual(order, ['record', 'write', 'record', 'flush', 'close']);
  assert.deepEqual(await texts('a.md'), ['second', 'first']);
  await store.close();
});

test('a call that fails does not keep the next one from being done', async () => {
  const { store, recorder, write } = await setUp();
  const failing = recorder.write([['x/../../outside.md', Buffer.from('x')]]);
  await assert.rejects(failing, { code: 'badArgument' });
  write('a.md', 'one');
  const [result] = await recorder.record([{ path: 'a.md' }]);
  assert.equal(result?.versions.length, 1);
  await store.close();
});

test('after a save that the disk had overwritten already, the file is read again 500 ms later', async () => {
  const { store, clock, recorder, write, texts } = await setUp();
  write('a.md', 'on disk');
  await recorder.record([{ path: 'a.md', cause: 'save', confidence: 'certain', saved: { text: 'as saved' } }]);
  clock.advance(499);
  await recorder.flush();
  assert.deepEqual(await texts('a.md'), ['as saved']);
  clock.advance(1);
  await recorder.flush();
  assert.deepEqual(await texts('a.md'), ['on disk', 'as saved']);
  await store.close();
});

test('what a store refused is met again, and a store that works again is found by a scan that has nothing to record', async () => {
  const { store, clock, trouble, recorder, write, take } = await setUp();
  write('a.md', 'one');
  trouble.failure = full;
  const failed = await recorder.recordFound([{ path: 'a.md' }], noProgress);
  assert.deepEqual([failed.hasFailed, recorder.isFailing], [true, true]);
  assert.deepEqual(take(), ['busy', 'store diskFull', 'fail', 'not recorded a.md']);
  clock.advance(15_000);
  assert.deepEqual(take(), ['scan']);
  assert.equal((await recorder.recordFound([], noProgress)).hasFailed, true);
  assert.deepEqual(take(), ['busy', 'fail']);
  delete trouble.failure;
  assert.equal((await recorder.recordFound([], noProgress)).hasFailed, false);
  assert.deepEqual([take(), recorder.isFailing], [['busy', 'store works'], false]);
  await store.close();
});

test('a change set ends with a flush', async () => {
  const { store, recorder, write } = await setUp();
  for (const path of ['a.md', 'b.md']) {
    write(path, 'one');
    await recorder.record([{ path }]);
  }
  await recorder.flush();
  write('c.md', 'one');
  await recorder.record([{ path: 'c.md' }]);
  const [c, b, a] = (await store.recent({})).map(({ changeSet }) => changeSet);
  assert.equal(a, b);
  assert.notEqual(b, c);
  await store.close();
});

test('a restore records first what it replaces, whatever wrote it and whether or not it is watched', async () => {
  const { root, store, recorder, write, texts } = await setUp();
  write('a.tmp', 'before');
  const [before] = await store.append([draft('a.tmp', 'before', { kind: 'created' })]);
  write('a.tmp', 'not recorded');
  const { restored, failed } = await recorder.restore([{ path: 'a.tmp', version: before?.id ?? '' }], noJournal);
  assert.deepEqual([restored.length, failed], [1, []]);
  assert.equal(readFileSync(join(root, 'a.tmp'), 'utf8'), 'before');
  assert.deepEqual(await texts('a.tmp'), ['before', 'not recorded', 'before']);
  await store.close();
});

test('rule files that are written back replace nothing that is not kept', async () => {
  const { root, store, recorder, write, texts } = await setUp();
  write('.obbywatch', 'mine');
  await recorder.write([
    ['.obbywatch', Buffer.from('*.md\n')],
    ['.obbyignore', Buffer.from('*.txt\n')],
  ]);
  assert.equal(readFileSync(join(root, '.obbywatch'), 'utf8'), '*.md\n');
  assert.deepEqual(await texts('.obbywatch'), ['*.md\n', 'mine']);
  assert.deepEqual(await texts('.obbyignore'), ['*.txt\n']);
  await store.close();
});

test('a folder that comes is watched before it is walked, and by rules that came with it, read once a call', async () => {
  const { store, rules, recorder, write, take } = await setUp();
  write('in/a.md', 'one');
  write('in/b.txt', 'one');
  write('out/c.md', 'one');
  rules.next = '*.md\n';
  await recorder.record([{ path: 'in' }, { path: 'out' }]);
  assert.deepEqual(take(), ['busy', 'load rules', 'folder in', 'folder out', 'created in/a.md', 'created out/c.md']);
  await recorder.record([{ path: 'in' }]);
  assert.deepEqual(take(), ['busy', 'load rules', 'folder in']);
  await store.close();
});

test('git is asked for causes only where causes are wanted and none is known, and costs no version when it fails', async () => {
  const { store, recorder, write, take } = await setUp({ findsCauses: true });
  write('a.md', 'one');
  await recorder.record([{ path: 'a.md', cause: 'save', confidence: 'certain' }]);
  const known = take();
  write('a.md', 'two');
  await recorder.record([{ path: 'a.md' }]);
  const unknown = take();
  assert.deepEqual(known, ['busy', 'created a.md']);
  assert.match(unknown[1] ?? '', /^Recording goes on without causes that git notes/);
  assert.equal(unknown.at(-1), 'modified a.md');
  const other = await setUp();
  other.write('a.md', 'one');
  await other.recorder.record([{ path: 'a.md' }]);
  assert.deepEqual(other.take(), ['busy', 'created a.md']);
  await Promise.all([store.close(), other.store.close()]);
});
