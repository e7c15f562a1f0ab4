import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { shrink } from '../../model/shrink';

describe('shrink', () => {
  const numbers = Array.from({ length: 60 }, (_, index) => index);
  const failing = (needed: readonly number[]) => (lists: readonly (readonly number[])[]) =>
    Promise.resolve(lists.map((list) => (needed.every((each) => list.includes(each)) ? 'fails' : undefined)));

  test('leaves what a failure needs, in its order', async () => {
    for (const needed of [[7], [0, 59], [3, 30, 31]]) {
      const { items } = await shrink({ items: numbers, failure: 'fails' }, failing(needed), 100);
      assert.deepEqual(items, needed);
    }
  });

  test('ends with what it has after so many rounds', async () => {
    let rounds = 0;
    const run = (lists: readonly (readonly number[])[]) => {
      rounds++;
      return failing([3, 30, 31])(lists);
    };
    const { items } = await shrink({ items: numbers, failure: 'fails' }, run, 2);
    assert.equal(rounds, 2);
    assert.ok(items.length < numbers.length && [3, 30, 31].every((each) => items.includes(each)));
  });

  test('keeps a list that fails only as a whole, and how it failed', async () => {
    const never = (lists: readonly unknown[]) => Promise.resolve(lists.map(() => undefined));
    assert.deepEqual(await shrink({ items: numbers, failure: 'once' }, never, 5), { items: numbers, failure: 'once' });
  });
});
