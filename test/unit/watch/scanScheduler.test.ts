import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScanScheduler } from '../../../src/watch/scanScheduler';
import { FakeClock } from '../../support/fakeClock';

/** A schedule whose scans take no time. */
function start({ scanMs = 0 } = {}) {
  const clock = new FakeClock();
  const scans: string[] = [];
  const schedule: ScanScheduler = new ScanScheduler(
    clock,
    () => ({ time: 0, ms: scanMs, files: 1 }),
    (reason) => scan(reason),
  );
  const scan = (reason: string): void => {
    schedule.scanStarts();
    scans.push(`${reason} ${clock.now()}`);
    schedule.scanEnds();
  };
  return { clock, scans, schedule, scan };
}

test('a scan that is planned for a reason comes, whatever was scanned before', () => {
  const { clock, scans, schedule, scan } = start();
  schedule.soon('watched', 5_000);
  schedule.soon('git', 0);
  clock.advance(1_000);
  scan('rules');
  clock.advance(10_000);
  assert.deepEqual(scans, ['git 0', 'rules 1000', 'watched 5000']);
});

test('for one reason one scan is planned at a time, at the time that was said first', () => {
  const { clock, scans, schedule } = start();
  for (let n = 0; n < 4; n++) {
    schedule.soon('burst', 2_000);
    clock.advance(900);
  }
  clock.advance(2_000);
  assert.deepEqual(scans, ['burst 2000', 'burst 4700']);
});

test('without a reason, one comes a minute after the last', () => {
  const { clock, scans, schedule, scan } = start();
  scan('start');
  clock.advance(50_000);
  scan('focus');
  clock.advance(59_999);
  assert.deepEqual(scans, ['start 0', 'focus 50000']);
  clock.advance(1);
  assert.equal(scans.at(-1), 'periodic 110000');
  schedule.soon('git', 10);
  schedule.dispose();
  clock.advance(100_000);
  assert.equal(scans.length, 3);
});

test('where a scan takes long, the next one comes after 40 times as long, at least a minute and at most five', () => {
  for (const [scanMs, pauseMs] of [
    [1_500, 60_000],
    [3_000, 120_000],
    [60_000, 300_000],
  ] as const) {
    const { clock, scans, scan } = start({ scanMs });
    scan('start');
    clock.advance(pauseMs - 1);
    assert.equal(scans.length, 1);
    clock.advance(1);
    assert.equal(scans.length, 2);
  }
});
