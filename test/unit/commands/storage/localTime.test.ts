import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLocalTime } from '../../../../src/commands/storage/localTime';

test('a local time, with or without hours', () => {
  assert.equal(parseLocalTime('2026-01-31 14:05'), new Date(2026, 0, 31, 14, 5).getTime());
  assert.equal(parseLocalTime(' 2026-1-3T04:05:06 '), new Date(2026, 0, 3, 4, 5, 6).getTime());
  assert.equal(parseLocalTime('2026-01-31'), new Date(2026, 0, 31).getTime());
});

test('what is no time is none', () => {
  for (const text of [
    '',
    'yesterday',
    '31.01.2026',
    '2026-02-31',
    '2026-13-01',
    '2026-01-01 24:00',
    '2026-01-01 10:60',
  ]) {
    assert.equal(parseLocalTime(text), undefined, text);
  }
});
