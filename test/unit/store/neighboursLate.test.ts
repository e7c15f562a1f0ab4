/** What waits to be listed in one window while another changes the folder. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { HistoryStore } from '../../../src/model/historyStore';
import type { AppendFile } from '../../../src/store/disk/filePort';
import { defaultSizes } from '../../../src/store/format/storeFormat';
import { FakeClock } from '../../support/fakeClock';
import { draft, openTestStore, textOf } from './fixtures';
import { MemoryFiles } from './memoryFiles';

/** A new window first looks for others after this long (ms). */
const firstLookMs = 5_000;

class Folder {
  readonly files = new MemoryFiles();
  readonly clock = new FakeClock(1_700_000_000_000);
  private pid = 0;

  open({ files = this.files, minSealBytes = defaultSizes.minSealBytes } = {}): Promise<HistoryStore> {
    const processes = { pid: ++this.pid, machine: 'machine', isRunning: () => true };
    const sizes = { ...defaultSizes, minSealBytes };
    return openTestStore({ dir: '/store', files, clock: this.clock, processes, sizes });
  }

  /** One window records; another forgets a path of it, for which the first gives up its journal before it lists it. */
  async forgetsAtOnce(recording: () => Promise<unknown>, other: HistoryStore, path: string): Promise<void> {
    await recording();
    const forgetting = other.forget({ path });
    while (!this.files.paths().some((each) => each.endsWith('.rotate'))) await delay(1);
    this.clock.advance(60);
    assert.equal((await forgetting).versions, 1);
  }
}

for (const closes of [false, true]) {
  const when = closes ? 'just before it closed' : 'before it was listed here';
  test(`what another window forgot ${when} is stored again when it comes again`, async () => {
    const folder = new Folder();
    const one = await folder.open();
    folder.clock.advance(100);
    const two = await folder.open();
    folder.clock.advance(firstLookMs - 150);
    await folder.forgetsAtOnce(() => one.append([draft('a', 'the text')]), two, 'a');
    if (closes) await two.close();
    const [again] = await one.append([draft('b', 'the text')]);
    const listed = (await one.recent({})).map(({ path }) => path);
    assert.deepEqual(listed, ['b']);
    await one.close();
    if (!closes) await two.close();
    const later = await folder.open();
    assert.equal(await textOf(later, again?.id ?? ''), 'the text');
    await later.close();
  });
}

test('what another window recorded that came and went between two looks is known before anything is', async () => {
  const folder = new Folder();
  const one = await folder.open();
  await one.append([draft('a', '1')]);
  const visit = async (text: string): Promise<void> => {
    const two = await folder.open();
    await two.append([draft('a', text)]);
    await two.close();
  };
  await visit('2');
  assert.deepEqual(await one.append([draft('a', '2')]), []);
  assert.equal((await one.versions('a', {})).length, 2);
  await visit('3');
  while ((await one.versions('a', {})).length < 3) {
    folder.clock.advance(firstLookMs);
    await delay(1);
  }
  await one.close();
});

test('a window alone needs no lock to record, whatever it seals and merges meanwhile', async () => {
  const folder = new Folder();
  const locks: string[] = [];
  const files = Object.create(folder.files) as MemoryFiles;
  files.create = (path) => {
    if (path.startsWith('/store/record.')) locks.push(path);
    return folder.files.create(path);
  };
  const store = await folder.open({ files, minSealBytes: 1 });
  for (const round of [1, 2, 3, 4]) {
    await store.append(Array.from({ length: 1_000 }, (_, n) => draft(`${round} ${n}`, `text ${round} ${n}`)));
    await store.maintain();
  }
  const merging = store.maintain();
  const isOver = merging.then(() => true);
  const goesOn = (): Promise<boolean> => delay(2).then(() => false);
  for (let n = 0; !(await Promise.race([isOver, goesOn()])); n++) await store.append([draft('meanwhile', `${n}`)]);
  assert.ok(await merging);
  await store.close();
  const later = await folder.open({ files });
  await later.append([draft('later', '')]);
  await later.close();
  assert.deepEqual(locks, []);
});

test('what another window sealed and merged before it was listed here can be read', async () => {
  const folder = new Folder();
  const two = await folder.open({ minSealBytes: 1 });
  for (const name of ['x', 'y', 'z']) {
    await two.append([draft(name, `of ${name}`)]);
    await two.maintain();
  }
  const one = await folder.open({ minSealBytes: 1e9 });
  folder.clock.advance(firstLookMs - 50);
  await delay(20);
  const keeping = (): Promise<unknown> => one.append([draft('keep', 'keep this'), draft('go', 'x')]);
  await folder.forgetsAtOnce(keeping, two, 'go');
  while (await two.maintain());
  await one.append([draft('more', 'more')]);
  const [kept] = await one.versions('keep', {});
  assert.equal(await textOf(one, kept?.id ?? ''), 'keep this');
  await one.close();
  await two.close();
});

test('a file that another window moved while a version of it was written is at one path', async () => {
  const folder = new Folder();
  let isHeld: Promise<void> = Promise.resolve();
  const one = await folder.open({ files: withSlowJournals(folder.files, () => isHeld) });
  await one.append([draft('a', '1', { time: 1 })]);
  folder.clock.advance(300);
  let letGo: () => void = () => undefined;
  isHeld = new Promise((resolve) => (letGo = resolve));
  const later = one.append([draft('a', '2', { time: 5 })]);
  await delay(20);
  const two = await folder.open();
  await two.append([draft('z', '1', { time: 3, kind: 'renamed', renamedFrom: 'a' })]);
  folder.clock.advance(firstLookMs);
  while ((await one.head('z')) === undefined) await delay(1);
  letGo();
  await later;
  const listed = (await one.heads('')).map(({ version }) => version.path);
  assert.deepEqual(listed, ['a']);
  for (const path of ['a', 'z'])
    assert.equal(
      (await one.head(path))?.version.path,
      listed.find((each) => each === path),
    );
  await one.close();
  await two.close();
});

/** A disk on which nothing is written to journals while `held` has not resolved. */
function withSlowJournals(files: MemoryFiles, held: () => Promise<void>): MemoryFiles {
  const slow = Object.create(files) as MemoryFiles;
  const slowed = (file: AppendFile): AppendFile => ({
    write: (bytes) => held().then(() => file.write(bytes)),
    sync: () => file.sync(),
    close: () => file.close(),
  });
  slow.create = async (path) => {
    const file = await files.create(path);
    return path.endsWith('.journal') ? slowed(file) : file;
  };
  return slow;
}
