import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionsOf, readerOf } from '../../../src/engine/historyCalls';

/** Both facets of a history, whose calls are answered with what was called. */
function setUp() {
  const calls: unknown[] = [];
  const answer = (...call: readonly unknown[]): Promise<unknown> => {
    calls.push(call);
    return Promise.resolve(call);
  };
  const reader = readerOf({ ask: answer }, 'file:///a');
  const actions = actionsOf({ act: answer }, 'file:///a');
  return { calls, reader, actions };
}

test('a call names its folder, itself and its arguments', async () => {
  const { reader, actions } = setUp();
  assert.deepEqual(await reader.versions('a.md', { limit: 1 }), ['file:///a', 'versions', ['a.md', { limit: 1 }]]);
  assert.deepEqual(await reader.labels(), ['file:///a', 'labels', []]);
  assert.deepEqual(await actions.pin('id', false), ['file:///a', 'pin', ['id', false]]);
});

test('a rejection is passed on', async () => {
  const error = new Error('gone');
  const reader = readerOf({ ask: () => Promise.reject(error) }, 'file:///a');
  await assert.rejects(reader.labels(), error);
});

test('a method can be taken from its object', async () => {
  const { versions } = setUp().reader;
  assert.deepEqual(await versions('a.md', {}), ['file:///a', 'versions', ['a.md', {}]]);
});

test('to be awaited or converted calls nothing', async () => {
  const { calls, reader, actions } = setUp();
  const [same, also] = await Promise.all([Promise.resolve(reader), Promise.resolve(actions)]);
  assert.ok(same === reader && also === actions);
  assert.equal(Reflect.get(reader, Symbol.toPrimitive), undefined);
  assert.deepEqual(calls, []);
});
