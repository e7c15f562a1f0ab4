import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FolderStatusTracker } from '../../../src/engine/folderStatusTracker';
import { type GapFile, GapLedger } from '../../../src/engine/gapLedger';
import type { Gap } from '../../../src/api/api';
import { ObbyError } from '../../../src/base/errors';
import type { Log } from '../../../src/base/log';
import type { VersionRecord } from '../../../src/model/version';
import { gapReport } from '../../../src/views/status/statusText';
import { TimeText } from '../../../src/views/text/timeText';
import { FakeClock } from '../../support/fakeClock';
import { aVersion } from '../../support/aVersion';

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Windows on one folder, one after the other, with what they keep. */
function aFolder() {
  const kept: { value?: unknown } = {};
  const file: GapFile = {
    read: () => Promise.resolve(kept.value),
    write(value) {
      kept.value = JSON.parse(JSON.stringify(value));
      return Promise.resolve();
    },
  };
  const clock = new FakeClock();
  const open = async (closedSince?: number, isPaused = false) => {
    const ledger = new GapLedger({ file, clock, log: silent });
    await ledger.load();
    const facts = new FolderStatusTracker(() => clock.now(), ledger);
    facts.opened(closedSince, isPaused);
    return { facts, ledger };
  };
  return { clock, open, kept };
}

const setting = { code: 'setting', args: [] } as const;
const noEvents = { code: 'no events', args: [] } as const;

const spans = (facts: FolderStatusTracker): string[] =>
  facts.value.gaps.map(({ kind, from, to = '…', count }) => `${kind} ${from}–${to} ${count}`);

const result = { files: 1, unwatched: 0, recorded: 0, missedByEvents: 0, ms: 1, isCancelled: false };

function recorded(facts: FolderStatusTracker, ...versions: Partial<VersionRecord>[]): void {
  facts.recorded(versions.map((version) => aVersion(version)));
}

test('a pause goes on across a reload as one span, and nothing else is said of that time', async () => {
  const { clock, open } = aFolder();
  clock.advance(10);
  const before = await open();
  clock.advance(10);
  before.facts.paused();
  await before.ledger.close();
  clock.advance(40);
  const { facts } = await open(15, true);
  assert.deepEqual(spans(facts), ['paused 20–… 0']);
  clock.advance(10);
  facts.resumed();
  recorded(facts, { cause: 'offline', causeDetail: { since: 21 }, time: 65 });
  assert.deepEqual(spans(facts), ['paused 20–70 1']);
});

test('what went on when a window ended is over when the next one opens', async () => {
  const { clock, open } = aFolder();
  clock.advance(10);
  const before = await open();
  before.facts.watched(noEvents);
  clock.advance(5);
  before.facts.paused();
  await before.ledger.close();
  clock.advance(35);
  const { facts } = await open(40);
  assert.deepEqual(spans(facts), ['polling 10–40 0', 'paused 15–40 0', 'closed 40–50 0']);
  recorded(
    facts,
    { cause: 'offline', causeDetail: { since: 40 }, time: 45 },
    { cause: 'offline', causeDetail: { since: 40 }, time: 50 },
    { cause: 'external', causeDetail: { since: 40 }, time: 50 },
  );
  assert.deepEqual(spans(facts).slice(-1), ['closed 40–50 2']);
});

test('polling is one span for as long as it is done, with its newest reason', async () => {
  const { clock, open } = aFolder();
  const { facts } = await open();
  facts.watched(setting);
  clock.advance(5);
  facts.watched(noEvents);
  clock.advance(4);
  facts.watched(undefined);
  assert.deepEqual(spans(facts), ['polling 0–9 0']);
  assert.deepEqual(facts.value.gaps[0]?.reason, noEvents);
});

test('files that cannot be read are a span until a scan meets none', async () => {
  const { clock, open } = aFolder();
  const { facts } = await open();
  clock.advance(1);
  facts.scanStarts();
  facts.notRecorded('a', 'No.');
  facts.notRecorded('b', 'No.');
  facts.scanned(result);
  facts.scanEnds();
  clock.advance(1);
  facts.scanStarts();
  // A version in the midst of a scan says nothing about the files that it has not come to.
  recorded(facts, { path: 'c' });
  facts.notRecorded('b', 'No.');
  facts.scanned(result);
  facts.scanEnds();
  assert.deepEqual(spans(facts), ['unreadable 1–… 2']);
  clock.advance(1);
  recorded(facts, { path: 'b' });
  assert.deepEqual(spans(facts), ['unreadable 1–3 2']);
});

test('a cancelled scan proves nothing', async () => {
  const { facts } = await aFolder().open();
  facts.notRecorded('a', 'No.');
  facts.scanStarts();
  facts.scanned({ ...result, isCancelled: true });
  facts.scanEnds();
  assert.equal(facts.lastScan, undefined);
  assert.deepEqual(spans(facts), ['unreadable 0–… 1']);
});

test('a store that fails is a span, and so are changes of files that are too large', async () => {
  const { clock, open } = aFolder();
  const { facts } = await open();
  facts.storeChanged(new ObbyError('diskFull', 'Full.'));
  assert.deepEqual(facts.problem, { code: 'diskFull', args: ['Full.'] });
  clock.advance(5);
  recorded(facts, { cause: 'offline', causeDetail: { since: 1 }, time: 4 });
  facts.storeChanged(undefined);
  clock.advance(1);
  recorded(facts, { unstored: 'too large' }, { unstored: 'too large' });
  clock.advance(1);
  recorded(facts, { unstored: 'too large' });
  clock.advance(3_999_993);
  recorded(facts, { unstored: 'too large' });
  assert.deepEqual(spans(facts), ['failed 0–5 1', 'too large 6–7 3', 'too large 4000000–4000000 1']);
});

test('versions and files are counted as they are recorded', async () => {
  const { facts } = await aFolder().open();
  await facts.recount(() => Promise.resolve({ files: 10, versions: 30 }));
  recorded(
    facts,
    { kind: 'created' },
    { kind: 'created' },
    { kind: 'modified' },
    { kind: 'deleted' },
    { kind: 'renamed' },
  );
  assert.deepEqual([facts.value.files, facts.value.versions], [11, 35]);
});

test('a count during which versions were recorded does not count', async () => {
  const { facts } = await aFolder().open();
  await facts.recount(async () => {
    await Promise.resolve();
    recorded(facts, { kind: 'created' });
    return { files: 0, versions: 0 };
  });
  assert.deepEqual([facts.value.files, facts.value.versions], [1, 1]);
});

test('files that the rules left are not counted', async () => {
  const { facts } = await aFolder().open();
  await facts.recount(() => Promise.resolve({ files: 10, versions: 30 }));
  facts.scanned({ ...result, unwatched: 4 });
  assert.equal(facts.value.files, 6);
});

test('the list names spans, reasons and counts, what goes on first, and files that are not recorded', () => {
  const time = new TimeText({ now: () => 100_000_000 }, 'en-GB', 'UTC');
  const gaps: Gap[] = [
    { kind: 'paused', from: 1_000, to: 2_000, why: 'Recording was paused.', count: 1 },
    { kind: 'polling', from: 1_000, why: 'Polled\n.', count: 0 },
    { kind: 'closed', from: 60_000_000, to: 70_000_000, why: 'Closed.', count: 1_200 },
  ];
  const unrecorded = [{ path: 'a\nb', reason: 'No.' }];
  const lines = gapReport([{ name: 'app', gaps, unrecorded }], time).split('\n');
  assert.deepEqual(lines.slice(3), [
    'app',
    '===',
    'since Yesterday 00:00  Polled\\n.',
    'Yesterday 16:40 – Yesterday 19:26  Closed.  1,200 changes were found afterwards.',
    'Yesterday 00:00:01 – Yesterday 00:00:02  Recording was paused.  1 change was found afterwards.',
    '',
    'Not recorded now:',
    '  a\\nb  No.',
    '',
  ]);
  assert.match(gapReport([{ name: 'x', gaps: [], unrecorded: [] }], time), /There are no gaps/);
});
