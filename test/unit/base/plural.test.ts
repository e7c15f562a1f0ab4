import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plural } from '../../../src/base/plural';

test('one alone is one', () => {
  const forms = [0, 1, 2, 11, 101, -1, 1.5, NaN, Infinity].map((count) => plural(count, 'one', 'many'));
  assert.deepEqual(forms, ['many', 'one', ...Array<string>(7).fill('many')]);
});
