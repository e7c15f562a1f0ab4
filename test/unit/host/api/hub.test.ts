import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hub } from '../../../../src/host/api/hub';
import { settled } from '../../../support/fakeClock';

type Published = { readonly topic: 'version'; readonly id: number } | { readonly topic: 'scan' };

/** A clock that listeners use up, and turns of the event loop that a test takes one by one. */
class Turns {
  ms = 0;
  private readonly waiting: (() => void)[] = [];

  now(): number {
    return this.ms;
  }

  elapsed(): number {
    return this.ms;
  }

  after(_ms: number, callback: () => void): () => void {
    this.waiting.push(callback);
    return () => undefined;
  }

  next(): void {
    this.waiting.shift()?.();
  }
}

function setUp() {
  const errors: unknown[] = [];
  const clock = new Turns();
  const hub = new Hub<Published>(['version', 'scan'], { clock, onError: (error) => errors.push(error) });
  return { hub, errors, clock };
}

const version = (id: number): Published => ({ topic: 'version', id });
const idOf = (event: Published): number => (event.topic === 'version' ? event.id : -1);

test('a subscriber receives its topics and no others', async () => {
  const { hub } = setUp();
  const received: Published[] = [];
  hub.subscribe(['version'], (event) => received.push(event));
  hub.publish({ topic: 'scan' });
  hub.publish(version(1));
  await settled();
  assert.deepEqual(received, [version(1)]);
});

test('no topic means all of them, each event once', async () => {
  const { hub } = setUp();
  const received: string[] = [];
  hub.subscribe([], ({ topic }) => received.push(topic));
  hub.subscribe(['version', 'version'], ({ topic }) => received.push(`${topic} again`));
  hub.publish({ topic: 'scan' });
  hub.publish(version(1));
  await settled();
  assert.deepEqual(received, ['scan', 'version', 'version again']);
});

test('who publishes goes on at once: no subscriber runs meanwhile', async () => {
  const { hub } = setUp();
  const received: string[] = [];
  hub.subscribe([], ({ topic }) => received.push(topic));
  hub.publish({ topic: 'scan' });
  assert.deepEqual(received, []);
  await settled();
  assert.deepEqual(received, ['scan']);
});

test('a subscriber that throws or rejects is reported and keeps no one from hearing, itself included', async () => {
  const { hub, errors } = setUp();
  const received: string[] = [];
  const broken = new Error('broken');
  const late = new Error('late');
  hub.subscribe([], () => {
    received.push('first');
    throw broken;
  });
  hub.subscribe([], () => Promise.reject(late));
  hub.subscribe([], () => received.push('last'));
  hub.publish({ topic: 'scan' });
  hub.publish({ topic: 'scan' });
  await settled();
  assert.deepEqual(received, ['first', 'last', 'first', 'last']);
  assert.deepEqual(errors, [broken, broken, late, late]);
});

test('a subscriber that never settles keeps no one from hearing, itself included', async () => {
  const { hub } = setUp();
  const received: string[] = [];
  hub.subscribe([], () => {
    received.push('first');
    return new Promise(() => undefined);
  });
  hub.subscribe([], () => received.push('last'));
  hub.publish({ topic: 'scan' });
  hub.publish({ topic: 'scan' });
  await settled();
  assert.deepEqual(received, ['first', 'last', 'first', 'last']);
});

test('a slow subscriber receives everything in order, after the others and one event at a time', async () => {
  const { hub, clock } = setUp();
  const received: string[] = [];
  hub.subscribe([], (event) => {
    received.push(`slow ${idOf(event)}`);
    clock.ms += 50;
  });
  hub.subscribe([], (event) => received.push(`quick ${idOf(event)}`));
  for (const id of [1, 2, 3]) hub.publish(version(id));
  await settled();
  // Nobody knows that it is slow before its first event.
  assert.deepEqual(received.splice(0), ['slow 1']);
  clock.next();
  await settled();
  assert.deepEqual(received.splice(0), ['quick 1', 'quick 2', 'quick 3']);
  clock.next();
  assert.deepEqual(received.splice(0), ['slow 2']);
  hub.publish(version(4));
  await settled();
  assert.deepEqual(received.splice(0), ['quick 4']);
  for (let turn = 0; turn < 5; turn++) clock.next();
  assert.deepEqual(received, ['slow 3', 'slow 4']);
});

test('a subscriber that is quick again receives events with the others', async () => {
  const { hub, clock } = setUp();
  const received: string[] = [];
  let ms = 50;
  hub.subscribe([], () => {
    received.push('first');
    clock.ms += ms;
  });
  hub.subscribe([], () => received.push('second'));
  hub.publish({ topic: 'scan' });
  await settled();
  clock.next();
  ms = 0;
  clock.next();
  received.length = 0;
  hub.publish({ topic: 'scan' });
  await settled();
  assert.deepEqual(received, ['first', 'second']);
});

test('many subscribers that each take a little leave the event loop free now and then', async () => {
  const { hub, clock } = setUp();
  const received: number[] = [];
  for (let index = 0; index < 20; index++) {
    hub.subscribe([], () => {
      received.push(index);
      clock.ms++;
    });
  }
  hub.publish({ topic: 'scan' });
  await settled();
  const slices = [received.length];
  while (received.length < 20) {
    clock.next();
    slices.push(received.length);
  }
  assert.deepEqual(slices, [8, 16, 20]);
  assert.deepEqual(
    received,
    received.map((_, index) => index),
  );
});

test('the backlog of a slow subscriber is bounded, and dropped events are reported', async () => {
  const { hub, clock, errors } = setUp();
  const received: number[] = [];
  let quick = 0;
  hub.subscribe(['version'], (event) => {
    received.push(idOf(event));
    clock.ms += 50;
  });
  hub.subscribe(['version'], () => quick++);
  const count = 12_000;
  for (let id = 0; id < count; id++) {
    hub.publish(version(id));
    await Promise.resolve();
    // Those who publish get on, the slow one does not.
    if (id === 0) clock.next();
  }
  for (let turn = 0; turn < 2 * count; turn++) clock.next();
  assert.equal(quick, count);
  assert.ok(received.length < count && received.at(-1) === count - 1, `${received.length} received`);
  assert.deepEqual(
    received,
    [...received].sort((a, b) => a - b),
  );
  const [message] = errors.map(String);
  assert.match(message ?? '', /5000 events were dropped/);
});

test('a listener subscribed twice is called twice, and disposed one by one', async () => {
  const { hub } = setUp();
  let received = 0;
  const listener = (): void => {
    received++;
  };
  const first = hub.subscribe(['scan'], listener);
  hub.subscribe(['scan'], listener);
  hub.publish({ topic: 'scan' });
  await settled();
  assert.equal(received, 2);
  first.dispose();
  first.dispose();
  hub.publish({ topic: 'scan' });
  await settled();
  assert.equal(received, 3);
});

test('a subscriber receives nothing from before it subscribed or after its disposal', async () => {
  const { hub, clock } = setUp();
  const received: string[] = [];
  const first = hub.subscribe([], () => {
    received.push('first');
    first.dispose();
  });
  hub.subscribe([], () => received.push('second'));
  hub.publish({ topic: 'scan' });
  hub.publish({ topic: 'scan' });
  hub.subscribe([], () => received.push('late'));
  const slow = hub.subscribe([], () => (clock.ms += 50));
  hub.publish({ topic: 'scan' });
  await settled();
  slow.dispose();
  clock.next();
  assert.deepEqual(received, ['first', 'second', 'second', 'second', 'late']);
  hub.publish({ topic: 'scan' });
  hub.dispose();
  await settled();
  assert.equal(received.length, 5);
});

test('what a listener publishes is delivered after earlier events', async () => {
  const { hub } = setUp();
  const received: string[] = [];
  hub.subscribe(['scan'], () => hub.publish(version(1)));
  hub.subscribe([], ({ topic }) => received.push(topic));
  hub.publish({ topic: 'scan' });
  hub.publish({ topic: 'scan' });
  await settled();
  assert.deepEqual(received, ['scan', 'scan', 'version', 'version']);
});
