import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventTrust } from '../../../src/host/eventTrust';

test('two scans that find what no event told of, while none came at all, are proof', () => {
  const trust = new EventTrust();
  assert.equal(trust.scanned({ untold: 2 }, 1_000), undefined);
  assert.equal(trust.scanned({ untold: 0 }, 2_000), undefined, 'Nothing changed, and nothing is known.');
  assert.deepEqual(trust.scanned({ untold: 3 }, 3_000), { since: 1_000, count: 5 });
});

test('an event, of whatever, shows that events come', () => {
  const trust = new EventTrust();
  trust.scanned({ untold: 1 }, 1_000);
  trust.heard();
  assert.equal(trust.scanned({ untold: 1 }, 2_000), undefined);
  assert.equal(trust.scanned({ untold: 1 }, 3_000), undefined);
  assert.deepEqual(trust.scanned({ untold: 1 }, 4_000), { since: 3_000, count: 2 });
});

test('what was there before the first scan is nothing that anybody missed', () => {
  const trust = new EventTrust();
  trust.scanned({ untold: 1 }, undefined);
  assert.equal(trust.scanned({ untold: 1 }, 2_000), undefined);
});
