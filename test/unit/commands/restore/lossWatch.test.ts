import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Loss, Losses, Version } from '../../../../src/api/api';
import { LossWatch, mergeLosses } from '../../../../src/commands/restore/lossWatch';
import { FakeClock, settled } from '../../../support/fakeClock';

type Parts = ConstructorParameters<typeof LossWatch>[0];

/** A watch that receives deletions, and the number of lost files in each report. */
function watching() {
  const clock = new FakeClock(1_000_000);
  const reported: number[] = [];
  const totals = new Map<string, number>();
  let receive: (event: unknown) => void = () => undefined;
  const lossesOf = (id: string) => ({ files: [], total: totals.get(id), nowhereElse: totals.get(id), isCut: false });
  const api = {
    subscribe: (_topics: unknown, listener: typeof receive) => ((receive = listener), { dispose: () => undefined }),
    history: { losses: (id: string) => Promise.resolve(lossesOf(id)) },
  };
  const parts = {
    api,
    clock,
    log: { error: (message: string) => assert.fail(message) },
    warnOnMassDeletion: { of: () => true },
  };
  new LossWatch(
    parts as unknown as Parts,
    (_versions: readonly Version[], losses: Losses) => void reported.push(losses.total),
  );
  return {
    reported,
    clock,
    lose: (changeSet: string, files: number): void => {
      totals.set(changeSet, (totals.get(changeSet) ?? 0) + files);
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
  await pass(130_000);
  lose('large', 10);
  await pass(1_000);
  lose('large', 10);
  assert.deepEqual(reported, []);
  await pass(1_500);
  assert.deepEqual(reported, [20]);
  lose('large', 500);
  await pass(10_000);
  assert.deepEqual(reported, [20]);
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

test('deletions one after the other add up and are reported less and less often, whatever the clock of the system does', async () => {
  const { reported, lose, pass, clock } = watching();
  for (let n = 0; n < 60; n++) {
    lose(`command ${n}`, 1);
    if (n === 5) clock.setAhead(-3_600_000);
    await pass(2_000);
  }
  assert.deepEqual(reported, [10, 10, 20]);
  await pass(130_000);
  assert.deepEqual(reported, [10, 10, 20, 20]);
  for (let n = 0; n < 9; n++) lose(`later ${n}`, 1);
  await pass(10_000);
  assert.equal(reported.length, 4, 'a few files, minutes later, are no part of it');
});

test('while losses go on, a large one is reported at once, small ones after a pause', async () => {
  const { reported, lose, pass } = watching();
  for (let n = 0; n < 10; n++) lose(`command ${n}`, 1);
  await pass(5_000);
  lose('all', 40);
  await pass(5_000);
  assert.deepEqual(reported, [10, 40]);
  for (let n = 0; n < 6; n++) lose(`more ${n}`, 2);
  await pass(5_000);
  assert.deepEqual(reported, [10, 40]);
  await pass(60_000);
  assert.deepEqual(reported, [10, 40, 12]);
});

test('the losses of several change sets are one list: rules first, then what is nowhere else, each file once', () => {
  const loss = (path: string, lost: string, isInGit: boolean) =>
    ({ version: { uri: path, path }, lost, isInGit, isElsewhere: false }) as unknown as Loss;
  const losses = (...files: Loss[]): Losses => ({ files, total: files.length, nowhereElse: 0, isCut: false });
  const merged = mergeLosses([
    losses(loss('a', 'newer', false), loss('b', 'b', true)),
    losses(loss('a', 'older', false), loss('.obbywatch', 'rules', true), loss('c', 'c', false)),
  ]);
  assert.deepEqual(
    merged.files.map(({ lost }) => lost),
    ['rules', 'newer', 'c', 'b'],
  );
  assert.deepEqual([merged.total, merged.nowhereElse], [4, 2]);
});
