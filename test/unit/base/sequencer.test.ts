import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GroupCommit, Sequencer } from '../../../src/base/sequencer';
import { settled } from '../../support/fakeClock';
import { times } from '../../support/chance';
import fc from '../../support/properties';

/** Work that runs until it is ended. */
function work<T>() {
  const controls: { end: (value: T) => void; fail: (error: unknown) => void; isStarted: boolean } = {
    end: () => assert.fail('not started'),
    fail: () => assert.fail('not started'),
    isStarted: false,
  };
  const run = (): Promise<T> =>
    new Promise((end, fail) => {
      Object.assign(controls, { end, fail, isStarted: true });
    });
  return { run, controls };
}

test('one task runs at a time, in the order of the calls', async () => {
  const sequencer = new Sequencer();
  const [first, second] = [work<string>(), work<string>()];
  const results = Promise.all([sequencer.run(first.run), sequencer.run(second.run)]);
  await settled();
  assert.deepEqual([first.controls.isStarted, second.controls.isStarted], [true, false]);
  first.controls.end('first');
  await settled();
  assert.equal(second.controls.isStarted, true);
  second.controls.end('second');
  assert.deepEqual(await results, ['first', 'second']);
});

test('a task never starts before the call returns', () => {
  const { run, controls } = work<string>();
  const result = new Sequencer().run(run);
  assert.equal(controls.isStarted, false);
  return settled().then(() => {
    controls.end('');
    return result;
  });
});

test('a task that fails, whether it rejects or throws, fails alone', async () => {
  const sequencer = new Sequencer();
  const error = new Error('gone');
  const results = await Promise.allSettled([
    sequencer.run(() => Promise.reject(error)),
    sequencer.run(() => {
      throw error;
    }),
    sequencer.run(() => Promise.resolve('done')),
  ]);
  assert.deepEqual(results, [
    { status: 'rejected', reason: error },
    { status: 'rejected', reason: error },
    { status: 'fulfilled', value: 'done' },
  ]);
});

test('a task may ask for another, which comes after those that wait', async () => {
  const sequencer = new Sequencer();
  const order: string[] = [];
  const inner: Promise<void>[] = [];
  const note = (what: string) => () => {
    order.push(what);
    return Promise.resolve();
  };
  const outer = sequencer.run(() => {
    inner.push(sequencer.run(note('inner')));
    return note('outer')();
  });
  await Promise.all([outer, sequencer.run(note('next'))]);
  await sequencer.settled();
  assert.deepEqual(order, ['outer', 'next', 'inner']);
  await Promise.all(inner);
});

test('it is settled when the tasks so far are, whatever became of them, and no later one is waited for', async () => {
  const sequencer = new Sequencer();
  await sequencer.settled();
  const [first, second] = [work<string>(), work<string>()];
  const failed = assert.rejects(sequencer.run(first.run), /gone/);
  const facts = { isSettled: false };
  const isSettled = sequencer.settled().then(() => (facts.isSettled = true));
  const later = sequencer.run(second.run);
  await settled();
  assert.equal(facts.isSettled, false);
  first.controls.fail(new Error('gone'));
  await Promise.all([failed, isSettled]);
  await settled();
  second.controls.end('');
  await later;
});

test('whatever tasks do, they run in order, one at a time, and each gets its own result', async () => {
  const task = fc.record({ turns: fc.nat(3), fails: fc.boolean(), pause: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(task, { maxLength: 20 }), async (tasks) => {
      const sequencer = new Sequencer();
      const started: number[] = [];
      const results: Promise<PromiseSettledResult<number>[]>[] = [];
      let running = 0;
      for (const [n, { turns, fails, pause }] of tasks.entries()) {
        const result = sequencer.run(async () => {
          started.push(n);
          assert.equal(++running, 1);
          for (let turn = 0; turn < turns; turn++) await settled();
          running--;
          if (fails) throw new Error(String(n));
          return n;
        });
        results.push(Promise.allSettled([result]));
        if (pause) await settled();
      }
      const all = (await Promise.all(results)).flat();
      assert.deepEqual(started, [...tasks.keys()]);
      assert.deepEqual(
        all.map((each) => (each.status === 'fulfilled' ? each.value : Number((each.reason as Error).message))),
        started,
      );
      assert.deepEqual(
        all.map(({ status }) => status === 'rejected'),
        tasks.map(({ fails }) => fails),
      );
    }),
    { numRuns: times(100) },
  );
});

/** A group commit whose commits run until they are ended. */
function groups() {
  const commits: { items: readonly number[]; end: () => void; fail: (error: Error) => void }[] = [];
  const group = new GroupCommit<number, string>(
    (items) =>
      new Promise((resolve, fail) => commits.push({ items: [...items], end: () => resolve(items.map(String)), fail })),
  );
  return { commits, group };
}

test('items of one turn share a commit, those that come meanwhile the next', async () => {
  const { commits, group } = groups();
  const first = Promise.all([group.add(1), group.add(2)]);
  await settled();
  const second = Promise.all([group.add(3), group.add(4)]);
  await settled();
  assert.deepEqual(
    commits.map(({ items }) => items),
    [[1, 2]],
  );
  commits[0]?.end();
  assert.deepEqual(await first, ['1', '2']);
  await settled();
  assert.deepEqual(commits[1]?.items, [3, 4]);
  commits[1].end();
  assert.deepEqual(await second, ['3', '4']);
});

test('a commit that fails rejects its own items, and the next group is still tried', async () => {
  const { commits, group } = groups();
  const failed = Promise.allSettled([group.add(1), group.add(2)]);
  await settled();
  const next = group.add(3);
  commits[0]?.fail(new Error('no space left'));
  assert.deepEqual(
    (await failed).map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  await settled();
  commits[1]?.end();
  assert.equal(await next, '3');
  await group.settled();
});

test('an item that the end of another leads to is not lost', async () => {
  const { commits, group } = groups();
  const chained = group.add(1).then(() => group.add(2));
  await settled();
  commits[0]?.end();
  await settled();
  commits[1]?.end();
  assert.equal(await chained, '2');
});

test('a thousand items at most share a commit', async () => {
  const sizes: number[] = [];
  const group = new GroupCommit<number, number>((items) => {
    sizes.push(items.length);
    return Promise.resolve(items);
  });
  const items = Array.from({ length: 2_001 }, (_, n) => n);
  assert.deepEqual(await Promise.all(items.map((item) => group.add(item))), items);
  assert.deepEqual(sizes, [1_000, 1_000, 1]);
});

test('it is settled at once without items, and with them when all commits have ended', async () => {
  const { commits, group } = groups();
  await group.settled();
  const added = [group.add(1)];
  await settled();
  added.push(group.add(2));
  const facts = { isSettled: false };
  const isSettled = group.settled().then(() => (facts.isSettled = true));
  commits[0]?.end();
  await settled();
  assert.equal(facts.isSettled, false);
  commits[1]?.end();
  await Promise.all([isSettled, ...added]);
});
