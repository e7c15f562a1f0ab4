import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FolderStatusTracker } from '../../../../src/host/session/folderStatusTracker';
import { GapLedger } from '../../../../src/host/session/gapLedger';
import type { Gap } from '../../../../src/model/gap';
import type { Log } from '../../../../src/base/log';
import type { VersionRecord } from '../../../../src/model/version';
import { gapReport } from '../../../../src/views/status/gapText';
import { TimeText } from '../../../../src/views/text/timeText';
import { aVersion, untranslated } from '../../../support/aVersion';

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Folders of a window that can be opened again, with what it keeps. */
function aWindow() {
  const kept = new Map<string, unknown>();
  const state = {
    get: (key: string) => kept.get(key),
    update: (key: string, value: unknown) => {
      kept.set(key, JSON.parse(JSON.stringify(value)));
      return Promise.resolve();
    },
  };
  const clock = { time: 0 };
  const open = (closedSince?: number, isPaused = false) => {
    const ledger = new GapLedger(state as ConstructorParameters<typeof GapLedger>[0], 'folder', silent);
    const facts = new FolderStatusTracker(
      () => clock.time,
      ledger,
      (kind, detail) => [kind, detail].filter(Boolean).join(': '),
    );
    facts.opened(closedSince, isPaused);
    return facts;
  };
  return { clock, open, kept };
}

const spans = (facts: FolderStatusTracker): string[] =>
  facts.value.gaps.map(({ kind, from, to = '…', count }) => `${kind} ${from}–${to} ${count}`);

const scanned = { type: 'scanned', folder: 'f', reason: 'periodic' } as const;
const result = { files: 1, unwatched: 0, recorded: 0, missedByEvents: 0, ms: 1, isCancelled: false };

function recorded(facts: FolderStatusTracker, ...versions: Partial<VersionRecord>[]): void {
  facts.heard({ type: 'recorded', folder: 'f', versions: versions.map((version) => aVersion(version)) });
}

function problem(facts: FolderStatusTracker, path: string): void {
  facts.heard({ type: 'problem', folder: 'f', path, error: { code: 'unreadable', message: 'No.' } });
}

test('a pause goes on across a reload as one span, and nothing else is said of that time', async () => {
  const { clock, open } = aWindow();
  clock.time = 10;
  const before = open();
  clock.time = 20;
  before.paused();
  await new Promise(setImmediate);
  clock.time = 60;
  const after = open(15, true);
  assert.deepEqual(spans(after), ['paused 20–… 0']);
  clock.time = 70;
  after.resumed();
  recorded(after, { cause: 'offline', causeDetail: { since: 21 }, time: 65 });
  assert.deepEqual(spans(after), ['paused 20–70 1']);
});

test('what went on when a window ended is over when the next one opens', async () => {
  const { clock, open } = aWindow();
  clock.time = 10;
  const before = open();
  before.watched('no events');
  clock.time = 15;
  before.paused();
  await new Promise(setImmediate);
  clock.time = 50;
  const after = open(40);
  assert.deepEqual(spans(after), ['polling 10–40 0', 'paused 15–40 0', 'closed 40–50 0']);
  recorded(
    after,
    { cause: 'offline', causeDetail: { since: 40 }, time: 45 },
    { cause: 'offline', causeDetail: { since: 40 }, time: 50 },
    { cause: 'external', causeDetail: { since: 40 }, time: 50 },
  );
  assert.deepEqual(spans(after).slice(-1), ['closed 40–50 2']);
});

test('polling is one span for as long as it is done', () => {
  const { clock, open } = aWindow();
  const facts = open();
  facts.watched('the setting says so');
  clock.time = 5;
  facts.watched('no events');
  clock.time = 9;
  facts.watched(undefined);
  assert.deepEqual(spans(facts), ['polling 0–9 0']);
  assert.equal(facts.value.gaps[0]?.why, 'polling: no events');
});

test('files that cannot be read are a span until a look meets none', () => {
  const { clock, open } = aWindow();
  const facts = open();
  clock.time = 1;
  facts.scanStarts();
  problem(facts, 'a');
  problem(facts, 'b');
  facts.heard({ ...scanned, result });
  facts.scanEnds();
  clock.time = 2;
  facts.scanStarts();
  // A version in the midst of a scan says nothing about the files that it has not come to.
  recorded(facts, { path: 'c' });
  problem(facts, 'b');
  facts.heard({ ...scanned, result });
  facts.scanEnds();
  assert.deepEqual(spans(facts), ['unreadable 1–… 2']);
  clock.time = 3;
  recorded(facts, { path: 'b' });
  assert.deepEqual(spans(facts), ['unreadable 1–3 2']);
});

test('a store that fails is a span, and so are changes of files that are too large', () => {
  const { clock, open } = aWindow();
  const facts = open();
  facts.heard({ type: 'store', folder: 'f', error: { code: 'diskFull', message: 'Full.' } });
  assert.equal(facts.problem, 'Full.');
  clock.time = 5;
  recorded(facts, { cause: 'offline', causeDetail: { since: 1 }, time: 4 });
  facts.heard({ type: 'store', folder: 'f' });
  clock.time = 6;
  recorded(facts, { unstored: 'too large' }, { unstored: 'too large' });
  clock.time = 7;
  recorded(facts, { unstored: 'too large' });
  clock.time = 4_000_000;
  recorded(facts, { unstored: 'too large' });
  assert.deepEqual(spans(facts), ['failed 0–5 1', 'too large 6–7 3', 'too large 4000000–4000000 1']);
});

test('files that the rules left are not counted', () => {
  const facts = aWindow().open();
  facts.counts = { files: 10, versions: 30 };
  facts.heard({ ...scanned, result: { ...result, unwatched: 4 } });
  assert.equal(facts.value.files, 6);
});

test('the newest spans are kept, and what another version of Obby left is no span', () => {
  const { clock, open, kept } = aWindow();
  kept.set('gaps folder', [
    { from: 1, to: 2, why: 'no kind' },
    { kind: 'closed', from: 2, to: 1, why: 'backwards', count: 0 },
    { kind: 'closed', from: 'x', to: 1, why: 'no time', count: 0 },
    null,
    { kind: 'closed', from: 1, to: 2, why: 'good', count: 3 },
  ]);
  const facts = open();
  assert.deepEqual(spans(facts), ['closed 1–2 3']);
  for (let index = 0; index < 60; index++) {
    clock.time = 100 + index;
    facts.limitReached('no more');
  }
  assert.equal(spans(facts).length, 50);
  assert.equal(spans(facts)[0], 'watch limit 110–110 0');
});

test('the list names spans, reasons and counts, what goes on first, and files that are not recorded', () => {
  const time = new TimeText({ now: () => 100_000_000 }, 'en-GB', 'UTC');
  const gaps: Gap[] = [
    { kind: 'paused', from: 1_000, to: 2_000, why: 'Recording was paused.', count: 1 },
    { kind: 'polling', from: 1_000, why: 'Polled\n.', count: 0 },
    { kind: 'closed', from: 60_000_000, to: 70_000_000, why: 'Closed.', count: 1_200 },
  ];
  const unrecorded = [{ path: 'a\nb', reason: 'No.' }];
  const lines = gapReport([{ name: 'app', gaps, unrecorded }], time, untranslated).split('\n');
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
  assert.match(gapReport([{ name: 'x', gaps: [], unrecorded: [] }], time, untranslated), /Everything was seen/);
});
