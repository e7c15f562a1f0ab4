import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ObbyError } from '../../../src/base/errors';
import type { Engine, EngineEvent } from '../../../src/engine/engine';
import { answer, RpcClient, type HostMessage, type WorkerMessage } from '../../../src/engine/rpc';

/** A client and an engine with messages in between, as plain data. */
function setUp(methods: Partial<Record<keyof Engine, (...args: never[]) => Promise<unknown>>> = {}) {
  const events: EngineEvent[] = [];
  const sent: HostMessage[] = [];
  const engine = methods as unknown as Engine;
  const copied = <T>(value: T): T => structuredClone(value);
  const client: RpcClient = new RpcClient(
    (message) => {
      sent.push(message);
      void answer(engine, copied(message)).then((reply: WorkerMessage) => client.receive(copied(reply)));
    },
    (event) => events.push(event),
  );
  return { client, events, sent };
}

test('a call arrives with its arguments and resolves with the result', async () => {
  const { client, sent } = setUp({ explain: (folder: string, path: string) => Promise.resolve(`${folder} ${path}`) });
  const [one, other] = await Promise.all([client.engine.explain('a', 'b'), client.engine.explain('c', 'd')]);
  assert.deepEqual([one, other], ['a b', 'c d']);
  assert.deepEqual(
    sent.map(({ method }) => method),
    ['explain', 'explain'],
  );
});

test('replies may come in any order', async () => {
  const ends = new Map<string, () => void>();
  const { client } = setUp({
    explain: (folder: string) => new Promise((resolve) => ends.set(folder, () => resolve(folder))),
  });
  const first = client.engine.explain('first', '');
  const second = client.engine.explain('second', '');
  ends.get('second')?.();
  assert.equal(await second, 'second');
  ends.get('first')?.();
  assert.equal(await first, 'first');
});

test('an error keeps its code, message and stack; any other is unexpected', async () => {
  const { client } = setUp({
    status: () => Promise.reject(new ObbyError('diskFull', 'The disk is full.')),
    scan: () => Promise.reject(new TypeError('a bug')),
    flush: () => {
      throw new Error('thrown at once');
    },
  });
  const error: unknown = await client.engine.status('a').catch((reason: unknown) => reason);
  assert.ok(error instanceof ObbyError);
  assert.deepEqual([error.code, error.message], ['diskFull', 'The disk is full.']);
  assert.match(error.stack ?? '', /rpc\.test/);
  await assert.rejects(client.engine.scan('a', 'asked'), { code: 'unexpected', message: 'a bug' });
  await assert.rejects(client.engine.flush(), { code: 'unexpected', message: 'thrown at once' });
});

test('a method that does not exist is answered too', async () => {
  const { client } = setUp();
  await assert.rejects(client.engine.status('a'), { code: 'unexpected' });
});

test('events are passed on, and a reply to nothing is ignored', () => {
  const { client, events } = setUp();
  const event: EngineEvent = { type: 'log', level: 'info', message: 'hello' };
  client.receive({ type: 'event', event });
  client.receive({ type: 'reply', id: 99, ok: true, value: 1 });
  assert.deepEqual(events, [event]);
});

test('closing rejects what is pending and every later call, with the first reason', async () => {
  const { client, sent } = setUp({ status: () => new Promise(() => undefined) });
  const pending = client.engine.status('a');
  client.close(new Error('the thread ended'));
  client.dispose();
  await assert.rejects(pending, /the thread ended/);
  await assert.rejects(client.engine.status('a'), /the thread ended/);
  assert.equal(sent.length, 1);
});
