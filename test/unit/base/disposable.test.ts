import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DisposableStore, MutableDisposable, toDisposable, type Disposable } from '../../../src/base/disposable';

/** Disposables that note their end. */
function setUp() {
  const ended: string[] = [];
  const item = (name: string): Disposable => ({ dispose: () => ended.push(name) });
  const failing = (name: string): Disposable => ({
    dispose() {
      ended.push(name);
      throw new Error(name);
    },
  });
  return { ended, item, failing };
}

test('a function runs once, also when it ends itself or fails', () => {
  let runs = 0;
  const once = toDisposable(() => {
    runs++;
    once.dispose();
    throw new Error('gone');
  });
  assert.throws(() => once.dispose(), /gone/);
  once.dispose();
  assert.equal(runs, 1);
});

test('a store ends what it owns once, newest first', () => {
  const { ended, item } = setUp();
  const store = new DisposableStore();
  const a = store.add(item('a'));
  store.add(item('b'));
  store.add(a);
  store.dispose();
  store.dispose();
  assert.deepEqual(ended, ['b', 'a']);
});

test('a store that has ended ends what comes at once, also while it is ending', () => {
  const { ended, item } = setUp();
  const store = new DisposableStore();
  store.add(toDisposable(() => store.add(item('late'))));
  store.dispose();
  assert.deepEqual(ended, ['late']);
  assert.ok(store.add(item('later')));
  assert.deepEqual(ended, ['late', 'later']);
});

test('a store that one of its own resources ends is ended once', () => {
  const { ended, item } = setUp();
  const store = new DisposableStore();
  store.add(item('a'));
  store.add(toDisposable(() => store.dispose()));
  store.add({
    dispose() {
      ended.push('b');
      store.dispose();
    },
  });
  store.dispose();
  assert.deepEqual(ended, ['b', 'a']);
});

test('a resource that cannot be released keeps no other from being released, and is reported', () => {
  const { ended, item, failing } = setUp();
  const store = new DisposableStore();
  store.add(item('a'));
  store.add(failing('b'));
  store.add(failing('c'));
  store.add(item('d'));
  assert.throws(() => store.dispose(), /c/);
  assert.deepEqual(ended, ['d', 'c', 'b', 'a']);
  store.dispose();
  assert.equal(ended.length, 4);
});

test('a new value ends the old one, the same value does not', () => {
  const { ended, item } = setUp();
  const holder = new MutableDisposable();
  const [a, b] = [item('a'), item('b')];
  holder.value = a;
  holder.value = a;
  assert.deepEqual([ended, holder.value === a], [[], true]);
  holder.value = b;
  assert.deepEqual([ended, holder.value === b], [['a'], true]);
  holder.dispose();
  holder.dispose();
  assert.deepEqual([ended, holder.value], [['a', 'b'], undefined]);
});

test('a value that cannot be released is replaced all the same', () => {
  const { ended, item, failing } = setUp();
  const holder = new MutableDisposable();
  const next = item('next');
  holder.value = failing('old');
  assert.throws(() => (holder.value = next), /old/);
  assert.equal(holder.value, next);
  holder.dispose();
  assert.deepEqual(ended, ['old', 'next']);
});
