import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hub } from '../../../../src/host/api/hub';
import { settled } from '../../../support/fakeClock';

type Said = { readonly topic: 'version'; readonly id: number } | { readonly topic: 'scan' };

/** A clock that listeners use up, and turns of the event loop that a test takes one by one. */
class Turns {
  ms = 0;
  private readonly waiting: (() => void)[] = [];

  now(): number {
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
  const hub = new Hub<Said>(['version', 'scan'], { clock, onError: (error) => errors.push(error) });
  return { hub, errors, clock };
}

const version = (id: number): Said => ({ topic: 'version', id });
const idOf = (event: Said): number => (event.topic === 'version' ? event.id : -1);

test('a subscriber hears its topics and no others', async () => {
  const { hub } = setUp();
  const heard: Said[] = [];
  hub.subscribe(['version'], (event) => heard.push(event));
  hub.publish({ topic: 'scan' });
  hub.publish(version(1));
  await settled();
  assert.deepEqual(heard, [version(1)]);
});

test('no topic means all of them, each event once', async () => {
  const { hub } = setUp();
  const heard: string[] = [];
  hub.subscribe([], ({ topic }) => heard.push(topic));
  hub.subscribe(['version', 'version'], ({ topic }) => heard.push(`${topic} again`));
  hub.publish({ topic: 'scan' });
  hub.publish(version(1));
  await settled();
  assert.deepEqual(heard, ['scan', 'version', 'version again']);
});

test('who publishes goes on at once: no subscriber runs meanwhile', async () => {
  const { hub } = setUp();
  const heard: string[] = [];
  hub.subscribe([], ({ topic }) => heard.push(topic));
  hub.publish({ topic: 'scan' });
  assert.deepEqual(heard, []);
  await settled();
  assert.deepEqual(heard, ['scan']);
});

test('a subscriber that throws or rejects is reported and keeps no one from hearing, itself included', async () => {
  const { hub, errors } = setUp();
  const heard: string[] = [];
  const broken = new Error('broken');
  const late = new Error('late');
  hub.subscribe([], () => {
    heard.push('first');
    throw broken;
  });
  hub.subscribe([], () => Promise.reject(late));
  hub.subscribe([], () => heard.push('last'));
  hub.publish({ topic: 'scan' });
  hub.publish({ topic: 'scan' });
  await settled();
  assert.deepEqual(heard, ['first', 'last', 'first', 'last']);
  assert.deepEqual(errors, [broken, broken, late, late]);
});

test('a subscriber that never settles keeps no one from hearing, itself included', async () => {
  const { hub } = setUp();
  const heard: string[] = [];
  hub.subscribe([], () => {
    heard.push('first');
    return new Promise(() => undefined);
  });
  hub.subscribe([], () => heard.push('last'));
  hub.publish({ topic: 'scan' });
  hub.publish({ topic: 'scan' });
  await settled();
  assert.deepEqual(heard, ['first', 'last', 'first', 'last']);
});

test('one that is slow hears everything in order, after the others and one event at a time', async () => {
  const { hub, clock } = setUp();
  const heard: string[] = [];
  hub.subscribe([], (event) => {
    heard.push(`slow ${idOf(event)}`);
    clock.ms += 50;
  });
  hub.subscribe([], (event) => heard.push(`quick ${idOf(event)}`));
  for (const id of [1, 2, 3]) hub.publish(version(id));
  await settled();
  // Nobody knows that it is slow before its first event.
  assert.deepEqual(heard.splice(0), ['slow 1']);
  clock.next();
  await settled();
  assert.deepEqual(heard.splice(0), ['quick 1', 'quick 2', 'quick 3']);
  clock.next();
  assert.deepEqual(heard.splice(0), ['slow 2']);
  hub.publish(version(4));
  await settled();
  assert.deepEqual(heard.splice(0), ['quick 4']);
  for (let turn = 0; turn < 5; turn++) clock.next();
  assert.deepEqual(heard, ['slow 3', 'slow 4']);
});

test('one that is quick again hears with the others again', async () => {
  const { hub, clock } = setUp();
  const heard: string[] = [];
  let ms = 50;
  hub.subscribe([], () => {
    heard.push('first');
    clock.ms += ms;
  });
  hub.subscribe([], () => heard.push('second'));
  hub.publish({ topic: 'scan' });
  await settled();
  clock.next();
  ms = 0;
  clock.next();
  heard.length = 0;
  hub.publish({ topic: 'scan' });
  await settled();
  assert.deepEqual(heard, ['first', 'second']);
});

test('many subscribers that each take a little leave the event loop free now and then', async () => {
  const { hub, clock } = setUp();
  const heard: number[] = [];
  for (let index = 0; index < 20; index++) {
    hub.subscribe([], () => {
      heard.push(index);
      clock.ms++;
    });
  }
  hub.publish({ topic: 'scan' });
  await settled();
  const slices = [heard.length];
  while (heard.length < 20) {
    clock.next();
    slices.push(heard.length);
  }
  assert.deepEqual(slices, [8, 16, 20]);
  assert.deepEqual(
    heard,
    heard.map((_, index) => index),
  );
});

test('what waits for a slow subscriber is bounded, and what it does not hear is reported', async () => {
  const { hub, clock, errors } = setUp();
  const heard: number[] = [];
  let quick = 0;
  hub.subscribe(['version'], (event) => {
    heard.push(idOf(event));
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
  assert.ok(heard.length < count && heard.at(-1) === count - 1, `${heard.length} heard`);
  assert.deepEqual(
    heard,
    [...heard].sort((a, b) => a - b),
  );
  const [message] = errors.map(String);
  assert.match(message ?? '', /5000 events were dropped/);
});

test('a listener subscribed twice is heard twice, and given back one by one', async () => {
  const { hub } = setUp();
  let heard = 0;
  const listener = (): void => {
    heard++;
  };
  const first = hub.subscribe(['scan'], listener);
  hub.subscribe(['scan'], listener);
  hub.publish({ topic: 'scan' });
  await settled();
  assert.equal(heard, 2);
  first.dispose();
  first.dispose();
  hub.publish({ topic: 'scan' });
  await settled();
  assert.equal(heard, 3);
});

test('a subscriber hears nothing from before it came or after it left', async () => {
  const { hub, clock } = setUp();
  const heard: string[] = [];
  const first = hub.subscribe([], () => {
    heard.push('first');
    first.dispose();
  });
  hub.subscribe([], () => heard.push('second'));
  hub.publish({ topic: 'scan' });
  hub.publish({ topic: 'scan' });
  hub.subscribe([], () => heard.push('late'));
  const slow = hub.subscribe([], () => (clock.ms += 50));
  hub.publish({ topic: 'scan' });
  await settled();
  slow.dispose();
  clock.next();
  assert.deepEqual(heard, ['first', 'second', 'second', 'second', 'late']);
  hub.publish({ topic: 'scan' });
  hub.dispose();
  await settled();
  assert.equal(heard.length, 5);
});

test('what a listener publishes is told after what came before', async () => {
  const { hub } = setUp();
  const heard: string[] = [];
  hub.subscribe(['scan'], () => hub.publish(version(1)));
  hub.subscribe([], ({ topic }) => heard.push(topic));
  hub.publish({ topic: 'scan' });
  hub.publish({ topic: 'scan' });
  await settled();
  assert.deepEqual(heard, ['scan', 'scan', 'version', 'version']);
});
