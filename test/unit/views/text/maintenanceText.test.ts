import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckReport, StorageFacts } from '../../../../src/model/historyMaintenance';
import {
  checkReport,
  checkSummary,
  describePlan,
  forgetReport,
  type NamedPlan,
} from '../../../../src/views/text/maintenanceText';
import { StorageStates } from '../../../../src/views/storage/storageState';
import { TimeText } from '../../../../src/views/text/timeText';
import { parseFromStoragePage } from '../../../../src/webview/storageProtocol';

const now = Date.parse('2026-07-29T12:00:00Z');
const time = new TimeText({ now: () => now }, 'en-GB', 'UTC');

const sound: CheckReport = {
  time: now,
  versions: 1_200,
  contents: 800,
  bytes: 3_100_000,
  damaged: [],
  damagedCount: 0,
  repairs: [],
};

const damaged: CheckReport = {
  ...sound,
  damaged: [
    { id: 'v1-000000000-000000-1', path: 'a.md', time: now, file: 'x.segment', message: 'Its bytes changed.' },
    { id: 'v1-000000000-000000-2', path: 'b\n.md', time: now, file: 'x.segment', message: 'Its bytes changed.' },
    { id: 'v1-000000000-000000-3', path: 'a.md', time: now - 1_000, file: 'y.journal', message: 'It is cut.' },
  ],
  damagedCount: 5,
  repairs: ['The catalog was built again.'],
};

test('a sound history is said to be so; a damaged one to be damaged', () => {
  assert.equal(checkSummary([sound], time), 'Checked 1,200 versions, 3.1 MB read back: nothing is damaged.');
  assert.match(checkSummary([sound, damaged], time), /^Checked 2,400 .*: 5 versions are damaged\./);
  assert.match(checkSummary([{ ...sound, repairs: ['x'] }], time), /no version is damaged.*repairs/);
});

test('the report names each damaged version by file, how many are not named, and what was mended', () => {
  assert.equal(
    checkReport([{ ...damaged, name: 'project' }], time),
    `project
=======
${time.full(now)}
1,200 versions, 800 contents, 3.1 MB read back

Damaged versions: 5

a.md
  12:00:00  Its bytes changed. (x.segment)
  11:59:59  It is cut. (y.journal)
b\\n.md
  12:00:00  Its bytes changed. (x.segment)
… and 2 more

Repaired:
  The catalog was built again.
`,
  );
});

const plan: NamedPlan = {
  versions: 1_012,
  files: [
    { name: '.env', versions: 1_000 },
    { name: 'a/.env', versions: 12 },
  ],
  isCut: false,
  onDisk: ['.env'],
  lines: [],
  warnings: [],
};

test('what will be forgotten is counted, and the list names it all', () => {
  assert.equal(describePlan(plan, time), '1,012 versions of 2 files');
  assert.equal(describePlan({ ...plan, isCut: true }, time), '1,012 versions of more than 2 files');
  assert.equal(describePlan({ ...plan, versions: 1, files: [{ name: 'x', versions: 1 }] }, time), '1 version of x');
  assert.equal(
    forgetReport(plan, 'the entered text', time),
    `What Will Be Deleted

Selected: the entered text
1,012 versions of 2 files

   1,000  .env
      12  a/.env

On disk now, will be recorded again:
          .env
`,
  );
});

const facts: StorageFacts = {
  bytes: { journals: 10, segments: 0, catalog: 5, other: 0 },
  totalBytes: 15,
  quotaBytes: 2 ** 20,
  versions: 3,
  files: 2,
  contents: 3,
  fullBytes: 10,
  pins: 0,
  labels: 0,
  droppings: [],
  folders: Array.from({ length: 20 }, (_, index) => ({ path: `d${index}`, bytes: 10, versions: 1 })),
};

test('folders that are too many to draw are one, and all shares make a whole', () => {
  const view = new StorageStates(time).folder({ key: 'k', name: 'n', facts });
  assert.ok(view.body.kind === 'facts');
  assert.equal(view.body.folders.at(-1)?.name, '6 more');
  assert.equal(Math.round(view.body.folders.reduce((sum, { share }) => sum + share, 0) * 1e9), 1e9);
});

test('a store that is not smaller than full copies does not boast, and no limit is no quota', () => {
  const unlimited = { ...facts, quotaBytes: Number.MAX_SAFE_INTEGER };
  const { body } = new StorageStates(time).folder({ key: 'k', name: 'n', facts: unlimited });
  assert.ok(body.kind === 'facts');
  assert.equal(body.comparison, undefined);
  assert.match(body.note ?? '', /^Full copies would take 10 bytes\. /);
  assert.equal(body.quota, undefined);
});

test('what a page sends is parsed, not trusted', () => {
  assert.deepEqual(parseFromStoragePage({ type: 'action', action: 'check', folder: 'f', more: 1 }), {
    type: 'action',
    action: 'check',
    folder: 'f',
  });
  for (const bad of [
    null,
    'ready',
    {},
    { type: 'action', action: 'x' },
    { type: 'action', action: 'check', folder: 5 },
  ]) {
    assert.equal(parseFromStoragePage(bad), undefined);
  }
});
