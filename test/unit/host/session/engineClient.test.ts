import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { EngineEvent } from '../../../../src/engine/engine';
import type { HostMessage } from '../../../../src/engine/rpc';
import { EngineClient, type WorkerPort } from '../../../../src/host/session/engineClient';
import { FakeClock, settled } from '../../../support/fakeClock';
import { ListLog } from '../../store/fixtures';

class FakeWorker extends EventEmitter implements WorkerPort {
  readonly received: HostMessage[] = [];
  isTerminated = false;
  /** Whether it ends when it is asked to. */
  endsAtOnce = true;

  constructor(
    readonly threadId: number,
    readonly ended: readonly number[],
  ) {
    super();
  }

  postMessage(message: HostMessage): void {
    this.received.push(message);
  }

  terminate(): Promise<number> {
    this.isTerminated = true;
    if (this.endsAtOnce) this.emit('exit', 1);
    return Promise.resolve(1);
  }
}

function setUp() {
  const clock = new FakeClock();
  const workers: FakeWorker[] = [];
  const log = new ListLog();
  const client = new EngineClient(
    (ended) => {
      const worker = new FakeWorker(workers.length + 1, [...ended]);
      workers.push(worker);
      return worker;
    },
    log,
    clock,
  );
  const events: EngineEvent[] = [];
  const failures: string[] = [];
  client.onDidReceiveEvent((event) => events.push(event));
  let reopened = 0;
  client.onDidFail(({ error, restarted }) => {
    failures.push(error.message);
    restarted?.then(() => reopened++).catch((reason: unknown) => failures.push(String(reason)));
  });
  return { client, workers, events, failures, log, clock, reopened: () => reopened };
}

test('the thread starts later, and receives what was sent before in its order', async () => {
  const { client, workers } = setUp();
  void client.engine.status('a');
  void client.engine.status('b');
  assert.equal(workers.length, 0);
  await settled();
  assert.deepEqual(
    workers[0]?.received.map(({ method, args }) => [method, args]),
    [
      ['status', ['a']],
      ['status', ['b']],
    ],
  );
});

test('replies and events arrive; a listener that throws is reported and the others still receive', async () => {
  const { client, workers, events, log } = setUp();
  client.onDidReceiveEvent(() => {
    throw new Error('a listener');
  });
  await settled();
  const asked = client.engine.explain('a', 'b');
  const event: EngineEvent = { type: 'log', level: 'info', message: 'hello' };
  workers[0]?.emit('message', { type: 'event', event });
  workers[0]?.emit('message', { type: 'reply', id: 1, ok: true, value: { watched: false, reason: 'outside' } });
  assert.deepEqual(await asked, { watched: false, reason: 'outside' });
  assert.deepEqual(events, [event]);
  assert.match(log.lines.join('\n'), /a listener/);
});

test('a thread that ends rejects what is pending, is reported once, and another one starts', async () => {
  const { client, workers, failures, clock, reopened } = setUp();
  await settled();
  const pending = client.engine.status('a');
  workers[0]?.emit('error', new Error('out of memory'));
  workers[0]?.emit('exit', 1);
  await assert.rejects(pending, /Recording was interrupted: out of memory/);
  assert.deepEqual([workers.length, reopened(), failures.length], [1, 0, 1]);
  const later = client.engine.status('b');
  clock.advance(0);
  await settled();
  assert.deepEqual([workers.length, reopened()], [2, 1]);
  assert.deepEqual(
    workers[1]?.received.map(({ args }) => args),
    [['b']],
  );
  workers[1].emit('message', { type: 'reply', id: 2, ok: true, value: 'fine' });
  assert.equal(await later, 'fine');
});

test('a thread that ends again and again starts later each time, and at last no more', async () => {
  const { client, workers, failures, clock } = setUp();
  await settled();
  for (const [ends, pauseMs] of [0, 1_000, 5_000].entries()) {
    workers[ends]?.emit('exit', 1);
    if (pauseMs > 0) clock.advance(pauseMs - 1);
    assert.equal(workers.length, ends + 1);
    clock.advance(Math.min(pauseMs, 1));
    assert.equal(workers.length, ends + 2);
  }
  workers[3]?.emit('exit', 1);
  clock.advance(3_600_000);
  assert.equal(workers.length, 4);
  await assert.rejects(client.engine.status('a'), /Recording stopped: .* Reload the window/);
  assert.equal(failures.length, 4);
});

test('a thread that ran for a while may end as often again', async () => {
  const { workers, clock } = setUp();
  await settled();
  for (let ends = 0; ends < 9; ends++) {
    clock.advance(600_000);
    workers[ends]?.emit('exit', 1);
    clock.advance(0);
    assert.equal(workers.length, ends + 2);
  }
});

test('a thread that does not answer for a minute is ended, and another one starts', async () => {
  const { client, workers, failures, clock } = setUp();
  await settled();
  const pending = client.engine.status('a');
  clock.advance(59_000);
  assert.deepEqual([workers[0]?.isTerminated, failures], [false, []]);
  clock.advance(1_000);
  await assert.rejects(pending, /did not answer/);
  clock.advance(0);
  assert.deepEqual([workers[0]?.isTerminated, workers.length, failures.length], [true, 2, 1]);
});

test('long work is no hang as long as the thread answers, and an idle thread is not asked', async () => {
  const { client, workers, failures, clock } = setUp();
  await settled();
  const [worker] = workers;
  assert.ok(worker);
  worker.postMessage = (message) => {
    worker.received.push(message);
    const reply = { type: 'reply', id: message.id, ok: true };
    if (message.method === 'ping') setImmediate(() => worker.emit('message', reply));
  };
  const long = client.engine.flush('a');
  const pass = async (): Promise<void> => {
    for (let checks = 0; checks < 20; checks++) {
      clock.advance(10_000);
      await settled();
    }
  };
  await pass();
  assert.deepEqual([worker.isTerminated, failures], [false, []]);
  worker.emit('message', { type: 'reply', id: 1, ok: true });
  await long;
  const asked = worker.received.length;
  await pass();
  assert.ok(worker.received.length <= asked + 1);
});

test('a thread that is asked to end is no failure', async () => {
  const { client, workers, failures } = setUp();
  await settled();
  const pending = client.engine.status('a');
  client.dispose();
  await assert.rejects(pending, { code: 'closed' });
  assert.deepEqual([workers[0]?.isTerminated, failures], [true, []]);
});

test('a client that is disposed at once starts no thread', async () => {
  const { client, workers } = setUp();
  client.dispose();
  await settled();
  assert.equal(workers.length, 0);
});

test('the next thread knows the ones that have ended, for which it waits a few seconds', async () => {
  const { client, workers, clock } = setUp();
  await settled();
  workers[0]?.emit('exit', 1);
  clock.advance(0);
  assert.deepEqual(workers[1]?.ended, [1]);
  workers[1].endsAtOnce = false;
  const pending = client.engine.status('a');
  clock.advance(60_000);
  await assert.rejects(pending, /did not answer/);
  clock.advance(1_500);
  assert.equal(workers.length, 2);
  workers[1].emit('exit', 1);
  clock.advance(50);
  assert.deepEqual(workers[2]?.ended, [1, 2]);
  workers[2].endsAtOnce = false;
  const other = client.engine.status('a');
  clock.advance(60_000);
  await assert.rejects(other, /did not answer/);
  clock.advance(11_000);
  assert.deepEqual(workers[3]?.ended, [1, 2], 'one that hangs is not taken for dead');
});
