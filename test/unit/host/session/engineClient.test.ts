import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { EngineEvent } from '../../../../src/engine/engine';
import type { HostMessage } from '../../../../src/engine/rpc';
import { EngineClient, type WorkerPort } from '../../../../src/host/session/engineClient';
import { settled } from '../../../support/fakeClock';
import { ListLog } from '../../store/fixtures';

class FakeWorker extends EventEmitter implements WorkerPort {
  readonly received: HostMessage[] = [];
  isTerminated = false;

  postMessage(message: HostMessage): void {
    this.received.push(message);
  }

  terminate(): Promise<number> {
    this.isTerminated = true;
    this.emit('exit', 1);
    return Promise.resolve(1);
  }
}

function setUp() {
  const workers: FakeWorker[] = [];
  const log = new ListLog();
  const client = new EngineClient(() => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker;
  }, log);
  const events: EngineEvent[] = [];
  const failures: string[] = [];
  client.onDidReceiveEvent((event) => events.push(event));
  client.onDidFail((error) => failures.push(error.message));
  return { client, workers, events, failures, log };
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

test('a thread that ends rejects what is pending and every later call, and is reported once', async () => {
  const { client, workers, failures } = setUp();
  await settled();
  const pending = client.engine.status('a');
  workers[0]?.emit('error', new Error('out of memory'));
  workers[0]?.emit('exit', 1);
  await assert.rejects(pending, /Recording stopped: out of memory/);
  await assert.rejects(client.engine.status('a'), { code: 'closed' });
  assert.deepEqual(failures, ['out of memory']);
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
