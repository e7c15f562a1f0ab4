import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventBatcher } from '../../../../src/host/editor/eventBatcher';
import type { ClientEvent } from '../../../../src/model/changeHint';
import { settled } from '../../../support/fakeClock';

function setUp() {
  const batches: ClientEvent[][] = [];
  return { batches, batcher: new EventBatcher((events) => batches.push([...events])) };
}

const changed = (path: string): ClientEvent => ({ type: 'change', path, kind: 'changed' });
const saved: ClientEvent = { type: 'save', path: 'a', cause: 'save', confidence: 'certain' };

test('what happens in one turn is one message, in order', async () => {
  const { batches, batcher } = setUp();
  for (const path of ['a', 'b', 'c']) batcher.add(changed(path));
  assert.deepEqual(batches, []);
  await settled();
  assert.deepEqual(batches, [[changed('a'), changed('b'), changed('c')]]);
  batcher.add(changed('d'));
  await settled();
  assert.equal(batches.length, 2);
});

test('a save is not delayed, nor does it pass what came before', async () => {
  const { batches, batcher } = setUp();
  batcher.add(changed('a'));
  batcher.add(saved);
  assert.deepEqual(batches, [[changed('a'), saved]]);
  await settled();
  assert.equal(batches.length, 1);
});

test('what waits can be sent now, and is dropped at the end', async () => {
  const { batches, batcher } = setUp();
  batcher.add(changed('a'));
  batcher.send();
  batcher.send();
  assert.equal(batches.length, 1);
  batcher.add(changed('b'));
  batcher.dispose();
  await settled();
  assert.equal(batches.length, 1);
});
