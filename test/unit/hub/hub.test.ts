import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hub } from '../../../src/hub/hub';

type Said = { readonly topic: 'version'; readonly id: number } | { readonly topic: 'scan' };

function setUp() {
  const errors: unknown[] = [];
  const hub = new Hub<Said>(['version', 'scan'], (error) => errors.push(error));
  return { hub, errors };
}

test('a subscriber hears its topics and no others', () => {
  const { hub } = setUp();
  const heard: Said[] = [];
  hub.subscribe(['version'], (event) => heard.push(event));
  hub.publish({ topic: 'scan' });
  hub.publish({ topic: 'version', id: 1 });
  assert.deepEqual(heard, [{ topic: 'version', id: 1 }]);
});

test('no topic means all of them, each event once', () => {
  const { hub } = setUp();
  const heard: string[] = [];
  hub.subscribe([], ({ topic }) => heard.push(topic));
  hub.subscribe(['version', 'version'], ({ topic }) => heard.push(`${topic} again`));
  hub.publish({ topic: 'scan' });
  hub.publish({ topic: 'version', id: 1 });
  assert.deepEqual(heard, ['scan', 'version', 'version again']);
});

test('a subscriber that throws is reported and keeps no one from hearing, itself included', () => {
  const { hub, errors } = setUp();
  const heard: string[] = [];
  const broken = new Error('broken');
  hub.subscribe([], () => {
    heard.push('first');
    throw broken;
  });
  hub.subscribe([], () => heard.push('second'));
  hub.publish({ topic: 'scan' });
  hub.publish({ topic: 'scan' });
  assert.deepEqual(heard, ['first', 'second', 'first', 'second']);
  assert.deepEqual(errors, [broken, broken]);
});

test('a listener subscribed twice is heard twice, and given back one by one', () => {
  const { hub } = setUp();
  let heard = 0;
  const listener = (): void => {
    heard++;
  };
  const first = hub.subscribe(['scan'], listener);
  hub.subscribe(['scan'], listener);
  hub.publish({ topic: 'scan' });
  assert.equal(heard, 2);
  first.dispose();
  first.dispose();
  hub.publish({ topic: 'scan' });
  assert.equal(heard, 3);
});

test('a subscriber that leaves while an event is told does not disturb the others', () => {
  const { hub } = setUp();
  const heard: string[] = [];
  const first = hub.subscribe([], () => {
    heard.push('first');
    first.dispose();
  });
  hub.subscribe([], () => heard.push('second'));
  hub.publish({ topic: 'scan' });
  hub.publish({ topic: 'scan' });
  assert.deepEqual(heard, ['first', 'second', 'second']);
});
