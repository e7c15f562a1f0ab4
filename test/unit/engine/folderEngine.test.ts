import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { ObbyError } from '../../../src/base/errors';
import { setUp } from '../worker/engineFixture';

test('its own histories inside the folder are never watched', async () => {
  const { engine, on } = await setUp({ store: 'folder/data/histories/one' });
  const paths = async () => (await engine.store.recent({})).map(({ path }) => path);
  mkdirSync(on('data/histories/another'));
  writeFileSync(on('data/histories/another/journal'), 'of another window');
  writeFileSync(on('data/settings.json'), '{}');
  await engine.scan('start');
  assert.deepEqual(await paths(), ['data/settings.json', '.obbywatch']);
  await engine.close();
});

test('a scan counts the changes that an event should have told of', async () => {
  const { engine, on, clock } = await setUp({ aheadMs: 0 });
  const missedByEvents = async (reason: 'periodic' | 'rules'): Promise<number> =>
    (await engine.scan(reason)).missedByEvents;
  writeFileSync(on('a.md'), 'there before');
  assert.equal((await engine.scan('start')).missedByEvents, 0);
  writeFileSync(on('a.md'), 'told of');
  await engine.record([{ path: 'a.md' }]);
  writeFileSync(on('b.md'), 'its event may be on its way');
  assert.equal((await engine.scan('flush')).missedByEvents, 0);
  writeFileSync(on('a.md'), 'nobody told of it');
  writeFileSync(on('c.md'), 'nor of this');
  clock.advance(Date.now() + 6_000 - clock.now());
  assert.equal(await missedByEvents('periodic'), 2);
  assert.equal(await missedByEvents('periodic'), 0);
  engine.watch(undefined);
  writeFileSync(on('a.md'), 'nobody watched');
  clock.advance(6_000);
  assert.equal(await missedByEvents('periodic'), 0);
  await engine.close();
});

test('what was changed while closed is still said to be so when the store failed at first', async () => {
  const { engine, on, trouble, store } = await setUp({ closedSince: 1_000 });
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
  await engine.scan('start');
  delete trouble.failure;
  await engine.scan('trouble');
  const [version] = await engine.store.versions('a.md', {});
  assert.equal(version?.cause, 'offline');
  await engine.close();
});

test('a store that fails is tried again once every 15 s, however many changes it refused', async () => {
  const { engine, on, trouble, clock, scans, events } = await setUp();
  trouble.failure = new ObbyError('diskFull', 'The disk is full.');
  for (let n = 0; n < 5; n++) {
    writeFileSync(on('a.md'), `text ${n}`);
    await engine.record([{ path: 'a.md' }]);
  }
  clock.advance(15_000);
  await engine.scan('asked');
  assert.equal(scans(), 2);
  delete trouble.failure;
  clock.advance(15_000);
  await engine.scan('asked');
  assert.equal(scans(), 4);
  assert.equal(events.filter((event) => event.type === 'store').length, 2);
  await engine.close();
});

test('a store that cannot be written is not tried again by itself', async () => {
  const { engine, trouble, clock, scans } = await setUp();
  trouble.failure = new ObbyError('storeReadOnly', 'Only to be read.');
  await engine.scan('start');
  clock.advance(60_000);
  await engine.scan('asked');
  assert.equal(scans(), 2);
  await engine.close();
});

test('while paused, nobody claims to have been recording, also not in the window after', async () => {
  const { engine, clock, calls } = await setUp({ closedSince: 1_000 });
  clock.advance(30_000);
  assert.deepEqual(calls, [], 'What was missed before is not found yet.');
  await engine.scan('start');
  clock.advance(30_000);
  assert.deepEqual(calls, ['writeHeartbeat']);
  engine.watch(undefined);
  assert.deepEqual(calls, ['writeHeartbeat', 'writeHeartbeat']);
  clock.advance(60_000);
  await engine.close();
  assert.deepEqual(calls, ['writeHeartbeat', 'writeHeartbeat', 'close']);
});

test('while the store fails, nobody claims to have been recording', async () => {
  const { engine, trouble, clock, calls } = await setUp();
  trouble.failure = new ObbyError('diskFull', 'The disk is full.');
  await engine.scan('start');
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

test('nothing is looked at again after the end', async () => {
  const { engine, on, clock, events } = await setUp();
  writeFileSync(on('a.md'), 'later');
  const saved = engine.record([{ path: 'a.md', cause: 'save', saved: { text: 'saved' } }]);
  await engine.close();
  await saved;
  const heard = events.length;
  clock.advance(60_000);
  await engine.flush().catch(() => undefined);
  assert.equal(events.length, heard);
});

test('a file over the limit is stored by a scan once the limit is raised', async () => {
  const { engine, on } = await setUp();
  writeFileSync(on('a.md'), 'x'.repeat(1_001));
  await engine.scan('start');
  engine.setMaxFileBytes(2_000);
  await engine.scan('periodic');
  const versions = await engine.store.versions('a.md', {});
  assert.deepEqual(
    versions.map(({ unstored }) => unstored),
    [undefined, 'too large'],
  );
  await engine.close();
});

test('a file over the limit that was noted while it was fresh is not noted again', async () => {
  const { engine, on, clock } = await setUp({ aheadMs: 0 });
  writeFileSync(on('a.md'), 'x'.repeat(1_001));
  await engine.record([{ path: 'a.md' }]);
  clock.advance(10_000);
  await engine.scan('periodic');
  assert.equal((await engine.store.versions('a.md', {})).length, 1);
  await engine.close();
});

test('a link is no way around the rules, neither to read nor to write', async () => {
  const { engine, on } = await setUp();
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
  await engine.scan('start');
  await engine.record([{ path: 'public/a.md' }, { path: 'env.md', cause: 'save', saved: { text: 'secret' } }]);
  const [shown, ...others] = await engine.store.recent({});
  assert.deepEqual([shown?.path, others], ['notes.md', []]);
  for (const path of ['env.md', 'public/a.md']) {
    const { problem } = await engine.restore([{ path, version: shown?.id ?? '' }]);
    assert.match(problem?.message ?? '', /which the rules ignore/);
  }
  assert.equal(readFileSync(on('.env'), 'utf8'), 'secret');
  await engine.close();
});
