import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Losses, Version } from '../../../../src/api/api';
import { LossWatch } from '../../../../src/commands/restore/lossWatch';
import { FakeClock, settled } from '../../../support/fakeClock';

type Parts = ConstructorParameters<typeof LossWatch>[0];

/** A watch that receives deletions, and the number of lost files in each report. */
function watching() {
  const clock = new FakeClock(1_000_000);
  const reported: number[] = [];
  let receive: (event: unknown) => void = () => undefined;
  let total = 0;
  const api = {
    subscribe: (_topics: unknown, listener: typeof receive) => ((receive = listener), { dispose: () => undefined }),
    history: { losses: () => Promise.resolve({ files: [], total, nowhereElse: total, isCut: false }) },
  };
  const parts = {
    api,
    clock,
    log: { error: (message: string) => assert.fail(message) },
    warnOnMassDeletion: { of: () => true },
  };
  new LossWatch(parts as unknown as Parts, (_version: Version, losses: Losses) => void reported.push(losses.total));
  return {
    reported,
    lose: (changeSet: string, files: number): void => {
      total += files;
      const version = { kind: 'deleted', cause: 'external', size: 0, changeSet, id: changeSet };
      receive({ topic: 'version', folder: 'folder', versions: Array.from({ length: files }, () => version) });
    },
    pass: async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 100) {
        clock.advance(100);
        await settled();
      }
    },
  };
}

test('a change set is reported once, when it is over, and not when it is small', async () => {
  const { reported, lose, pass } = watching();
  lose('small', 9);
  await pass(10_000);
  lose('large', 10);
  await pass(1_000);
  lose('large', 10);
  assert.deepEqual(reported, []);
  await pass(1_500);
  assert.deepEqual(reported, [29]);
  lose('large', 500);
  await pass(10_000);
  assert.deepEqual(reported, [29]);
});

test('losses of one event count together, however they are spread over it', async () => {
  const { reported, lose, pass } = watching();
  for (let n = 0; n < 20; n++) {
    lose('event', 1);
    await pass(2_700);
  }
  assert.deepEqual(reported, [10]);
});

test('a deletion that goes on is reported before its end', async () => {
  const { reported, lose, pass } = watching();
  for (let n = 0; n < 30; n++) {
    lose('event', 5);
    await pass(900);
  }
  assert.deepEqual(reported, [30]);
});
