import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventHealth } from '../../../src/watch/eventHealth';

test('two scans that find what no event told of, while none came at all, are proof', () => {
  const trust = new EventHealth();
  assert.equal(trust.scanned({ missedByEvents: 2 }, 1_000), undefined);
  assert.equal(trust.scanned({ missedByEvents: 0 }, 2_000), undefined, 'Nothing changed, and nothing is known.');
  assert.deepEqual(trust.scanned({ missedByEvents: 3 }, 3_000), { since: 1_000, count: 5 });
});

test('an event, of whatever, shows that events come', () => {
  const trust = new EventHealth();
  trust.scanned({ missedByEvents: 1 }, 1_000);
  trust.handleEvent();
  assert.equal(trust.scanned({ missedByEvents: 1 }, 2_000), undefined);
  assert.equal(trust.scanned({ missedByEvents: 1 }, 3_000), undefined);
  assert.deepEqual(trust.scanned({ missedByEvents: 1 }, 4_000), { since: 3_000, count: 2 });
});

test('what was there before the first scan is nothing that anybody missed', () => {
  const trust = new EventHealth();
  trust.scanned({ missedByEvents: 1 }, undefined);
  assert.equal(trust.scanned({ missedByEvents: 1 }, 2_000), undefined);
});
