import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChangeHint } from '../../../src/model/changeHint';
import { Rules } from '../../../src/rules/rules';
import { ChangeQueue, type ChangeQueueDeps } from '../../../src/watch/changeQueue';
import { FakeClock, settled } from '../../support/fakeClock';

/** A queue whose calls of `record` last until they are ended. */
function setUp() {
  const clock = new FakeClock();
  const rules = new Rules({ watch: '*.md\n', ignores: [{ dir: '', text: 'ignored/\n' }] });
  const calls: {
    readonly hints: readonly ChangeHint[];
    readonly progress: (done: number, total: number) => void;
    readonly end: () => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  const seen: string[] = [];
  const flushed: number[] = [];
  const failures: string[] = [];
  const deps: ChangeQueueDeps<string> = {
    clock,
    rules: () => rules,
    record: (hints, progress) =>
      new Promise((resolve, reject) => {
        calls.push({ hints, progress, end: () => resolve(hints.map(({ path }) => path)), fail: reject });
      }),
    onChange: ({ path, kind }) => seen.push(`${kind} ${path}`),
    onFlush: (count) => flushed.push(count),
    onFail: (count, error) => failures.push(`${count} ${String(error)}`),
    onDidChange: () => undefined,
  };
  return { clock, calls, seen, flushed, failures, queue: new ChangeQueue(deps) };
}

const changed = (path: string) => ({ path, kind: 'changed' }) as const;

test('a path is recorded once it is quiet, and what is not watched never', async () => {
  const { clock, calls, seen, queue } = setUp();
  queue.add(changed('a.md'));
  queue.add(changed('ignored/folder'));
  queue.add(changed('ignored/a.md'));
  clock.advance(400);
  queue.add(changed('a.md'));
  clock.advance(400);
  assert.equal(calls.length, 0);
  clock.advance(200);
  await settled();
  assert.deepEqual(calls[0]?.hints, [{ path: 'a.md' }]);
  assert.deepEqual(seen, ['changed a.md', 'changed a.md']);
});

test('a folder that may hold watched files is recorded, but is no watched path', async () => {
  const { clock, calls, seen, queue } = setUp();
  queue.add({ path: 'folder', kind: 'created' });
  clock.advance(1_000);
  await settled();
  assert.deepEqual([calls[0]?.hints, seen], [[{ path: 'folder' }], []]);
});

test('a deletion waits for the other half of a move, which knows of it when it is recorded', async () => {
  const { clock, calls, queue } = setUp();
  queue.add({ path: 'old.md', kind: 'deleted' });
  queue.add({ path: 'new.md', kind: 'created' });
  clock.advance(600);
  await settled();
  assert.deepEqual(calls[0]?.hints, [{ path: 'new.md' }, { path: 'old.md', waits: true }]);
  calls[0].end();
  await settled();
  clock.advance(600);
  await settled();
  assert.deepEqual(calls[1]?.hints, [{ path: 'old.md' }]);
});

test('a save is recorded at once with all that is known of it, and not again', async () => {
  const { clock, calls, queue } = setUp();
  queue.add(changed('a.md'));
  const hint = { path: 'a.md', cause: 'save', confidence: 'certain', saved: { text: 'x' } } as const;
  queue.saved(hint);
  queue.saved({ ...hint, path: 'a.txt' });
  assert.deepEqual(
    calls.map(({ hints }) => hints),
    [[hint]],
  );
  clock.advance(10_000);
  await settled();
  assert.equal(calls.length, 1);
});

test('what was reported before a save is not recorded before it', async () => {
  const { clock, calls, queue } = setUp();
  queue.add(changed('a.md'));
  clock.advance(450);
  queue.willSave('a.md');
  clock.advance(450);
  await settled();
  assert.equal(calls.length, 0);
});

test('a move by an editor is one call, and one out of the folder names its other end', () => {
  const { calls, queue } = setUp();
  queue.moved('a.md', 'b.md');
  queue.movedAcross('c.md', { movedTo: 'file:///other/c.md' });
  queue.moved('ignored/a.md', 'ignored/b.md');
  const why = { cause: 'rename', confidence: 'certain' };
  assert.deepEqual(
    calls.map(({ hints }) => hints),
    [
      [
        { path: 'b.md', movedFrom: 'a.md', ...why },
        { path: 'a.md', ...why },
      ],
      [{ path: 'c.md', causeDetail: { movedTo: 'file:///other/c.md' }, ...why }],
    ],
  );
});

test('the size counts what waits and what is being recorded', async () => {
  const { clock, calls, flushed, queue } = setUp();
  for (let n = 0; n < 10; n++) queue.add(changed(`${n}.md`));
  assert.equal(queue.size, 10);
  clock.advance(600);
  queue.add(changed('late.md'));
  assert.deepEqual([queue.size, flushed], [11, [10]]);
  calls[0]?.progress(4, 10);
  assert.equal(queue.size, 7);
  calls[0]?.end();
  await settled();
  assert.equal(queue.size, 1);
});

test('paths that wait are not counted twice while others are recorded', () => {
  const { clock, queue } = setUp();
  queue.add({ path: 'old.md', kind: 'deleted' });
  queue.add({ path: 'new.md', kind: 'created' });
  clock.advance(600);
  assert.equal(queue.size, 2);
});

test('a burst is recorded without considering what waits', async () => {
  const { clock, calls, queue } = setUp();
  for (let n = 0; n < 501; n++) queue.add({ path: `old${n}.md`, kind: 'deleted' });
  queue.add({ path: 'new.md', kind: 'created' });
  clock.advance(600);
  await settled();
  assert.deepEqual(calls[0]?.hints, [{ path: 'new.md' }]);
});

test('what cannot be recorded is reported, and the next is recorded all the same', async () => {
  const { clock, calls, failures, queue } = setUp();
  queue.add(changed('a.md'));
  clock.advance(600);
  calls[0]?.fail(new Error('gone'));
  await settled();
  assert.deepEqual([failures, queue.size], [['1 Error: gone'], 0]);
  queue.add(changed('b.md'));
  clock.advance(600);
  await settled();
  assert.equal(calls.length, 2);
});

test('paths that a caller asks for are recorded at once, and a failure rejects the call', async () => {
  const { clock, calls, failures, queue } = setUp();
  queue.add(changed('a.md'));
  const asked = queue.record([{ path: 'a.md' }]);
  calls[0]?.end();
  assert.deepEqual(await asked, ['a.md']);
  clock.advance(10_000);
  await settled();
  assert.equal(calls.length, 1);
  const failing = queue.record([{ path: 'a.md' }]);
  calls[1]?.fail(new Error('gone'));
  await assert.rejects(failing, /gone/);
  assert.deepEqual(failures, []);
});

test('draining records what waits now', async () => {
  const { calls, queue } = setUp();
  queue.add(changed('a.md'));
  const drained = queue.drain();
  await settled();
  assert.deepEqual(calls[0]?.hints, [{ path: 'a.md' }]);
  calls[0].end();
  await drained;
  assert.equal(queue.size, 0);
});
