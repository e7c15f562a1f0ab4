import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

/** Far longer than a window takes to show what it knows, on a busy machine too. */
const timeoutMs = 60_000;
const pollMs = 50;

/** Reads until what is read equals `expected`; in the end it asserts that it does. */
export async function eventually<T>(read: () => Promise<T>, expected: T): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs;
  let found = await read();
  while (!isDeepStrictEqual(found, expected) && performance.now() < giveUpAt) {
    await delay(pollMs);
    found = await read();
  }
  assert.deepEqual(found, expected);
}
