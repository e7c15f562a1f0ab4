import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { VersionRecord } from '../../../../src/model/version';
import type { HistoryStore } from '../../../../src/model/historyStore';
import { FakeClock } from '../../../support/fakeClock';
import { deletion, draft, openTestStore, textOf } from '../fixtures';
import { MemoryFiles } from '../memoryFiles';

const dir = '/store';

/** Two windows of one machine on one folder; each of their clocks passes while a fact is waited for. */
class TwoWindows {
  readonly heard: VersionRecord[] = [];

  private constructor(
    readonly files: MemoryFiles,
    readonly clock: FakeClock,
    readonly stores: HistoryStore[] = [],
  ) {}

  static async open(): Promise<TwoWindows> {
    const windows = new TwoWindows(new MemoryFiles(), new FakeClock(1_700_000_000_000));
    await windows.start(1);
    await windows.start(2);
    return windows;
  }

  get one(): HistoryStore {
    return this.stores[0] as HistoryStore;
  }

  get two(): HistoryStore {
    return this.stores[1] as HistoryStore;
  }

  async until(fact: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await fact())) {
      this.clock.advance(200);
      await delay(1);
    }
  }

  async close(): Promise<void> {
    for (const store of this.stores) await store.close();
  }

  private async start(pid: number): Promise<void> {
    const { files, clock } = this;
    const processes = { pid, machine: 'machine', isRunning: () => true };
    const onRecordedElsewhere = (versions: readonly VersionRecord[]): void => void this.heard.push(...versions);
    this.stores.push(
      await openTestStore({ dir, files, clock, processes, ...(pid === 2 ? { onRecordedElsewhere } : {}) }),
    );
  }
}

test('a change that both windows see is one version', async () => {
  const windows = await TwoWindows.open();
  const { one, two } = windows;
  const both = (drafts: () => Parameters<HistoryStore['append']>[0]) =>
    Promise.all([one.append(drafts()), two.append(drafts())]);
  for (const text of ['one', 'two', 'one', 'two']) {
    const records = await both(() => [draft('a', text)]);
    assert.equal(records.flat().length, 1, text);
  }
  const moved = await both(() => [draft('b', 'two', { kind: 'renamed', renamedFrom: 'a' }), deletion('never there')]);
  assert.equal(moved.flat().filter(({ kind }) => kind === 'renamed').length, 1);
  assert.equal((await both(() => [deletion('b')])).flat().length, 1);
  for (const store of [one, two]) await store.append([draft(`own ${store === one ? 1 : 2}`, 'x')]);
  for (const store of [one, two]) {
    const texts = await Promise.all(
      (await store.versions('b', {})).map(async ({ id, kind }) => (kind === 'deleted' ? kind : textOf(store, id))),
    );
    assert.deepEqual(texts, ['deleted', 'two', 'two', 'one', 'two', 'one']);
  }
  await windows.close();
});

test('a window hears what another recorded, and reads it', async () => {
  const windows = await TwoWindows.open();
  const [version] = await windows.one.append([draft('a', 'from the first')]);
  await windows.until(() => windows.heard.length > 0);
  assert.deepEqual(windows.heard, [version]);
  assert.equal(await textOf(windows.two, version?.id ?? ''), 'from the first');
  await windows.close();
});

test('what one window forgets, the other does not know either, whoever recorded it', async () => {
  const windows = await TwoWindows.open();
  const { one, two, files } = windows;
  const secret = 'hunter2-is-the-password';
  await one.append([draft('a', `one ${secret}`)]);
  const [kept] = await two.append([draft('b', 'harmless')]);
  await two.append([draft('b', `two ${secret}`)]);
  let isDone = false;
  const forgetting = one.forget({ bytes: [Buffer.from(secret)] }).finally(() => (isDone = true));
  await windows.until(() => isDone);
  assert.equal((await forgetting).versions, 2);
  for (const path of files.paths()) assert.ok(!files.get(path).includes(secret), path);
  await windows.until(async () =>
    (await two.recent({})).every(({ unstored, id }) => unstored === 'forgotten' || id === kept?.id),
  );
  for (const store of [one, two]) {
    const rows = await store.recent({});
    assert.deepEqual(rows.map(({ unstored }) => unstored).sort(), ['forgotten', 'forgotten', undefined]);
    assert.ok(rows.every(({ unstored, causeDetail }) => !unstored || causeDetail?.forgotten !== undefined));
    assert.equal(await textOf(store, kept?.id ?? ''), 'harmless');
  }
  assert.equal((await one.check()).damagedCount, 0);
  await windows.close();
});
