import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Label, ChangeSet, Version } from '../../../../src/api/api';
import {
  historyRows,
  maxListed,
  changeSetChildren,
  PageLimit,
  recentRows,
  type HistoryNode,
} from '../../../../src/views/history/historyRows';
import { TimeText } from '../../../../src/views/text/timeText';
import { aVersion } from '../../../support/aVersion';

const now = Date.parse('2026-07-29T12:00:00Z');
const time = new TimeText({ now: () => now }, 'en-GB', 'UTC');

function at(clock: string, facts: Partial<Version> = {}): Version {
  return aVersion({ time: Date.parse(`2026-07-${clock}Z`), ...facts });
}

interface RowOptions {
  readonly showLineEndings?: boolean;
  readonly hasMore?: boolean;
  readonly labels?: readonly Label[];
}

function rowsOf(
  versions: Version[],
  { showLineEndings = false, hasMore = false, labels = [] }: RowOptions = {},
): HistoryNode[] {
  const file = aVersion().uri;
  return historyRows({ items: versions, hasMore }, { file, showLineEndings, time, labels });
}

function aLabel(name: string, clock: string): Label {
  return { id: name, name, time: Date.parse(`2026-07-${clock}Z`), folder: aVersion().uri };
}

/** Rows as a person reads them. */
function read(rows: readonly HistoryNode[]): unknown[] {
  return rows.map((row) => {
    switch (row.type) {
      case 'day':
        return { [row.label]: read(row.children) };
      case 'version':
        return time.time(row.version.time, row.withSeconds ? 'second' : 'minute');
      case 'label':
        return `label ${row.name}`;
      case 'folded':
        return `${row.count} folded`;
      case 'moved':
        return `${row.way} ${row.other}`;
      case 'earlier':
        return { [`earlier ${row.count}`]: read(row.children) };
      case 'more':
        return row.isFull ? 'full' : 'more';
    }
  });
}

test('a move between workspace folders leads to where the rest of the history is', () => {
  const away = { ...at('29T11:00:00'), causeDetail: { movedTo: 'file:///b/a.md' } };
  const here = { ...at('28T23:59:00'), causeDetail: { movedFrom: 'file:///c/a.md' } };
  assert.deepEqual(read(rowsOf([away, at('29T10:00:00'), here])), [
    { Today: ['to file:///b/a.md', '11:00', '10:00'] },
    { Yesterday: ['23:59', 'from file:///c/a.md'] },
  ]);
});

test('earlier files at the path are one row at the end, whose keys are its own', () => {
  const label = aLabel('release', '29T10:30:00');
  const options = { file: aVersion().uri, showLineEndings: false, time, labels: [label] };
  const earlier = [at('29T10:00:00'), at('29T09:00:00', { eolOnly: true })];
  const rows = historyRows({ items: [at('29T11:00:00'), at('28T10:00:00')], hasMore: true }, options, {
    items: earlier,
    hasMore: true,
  });
  assert.deepEqual(read(rows), [
    { Today: ['11:00', 'label release'] },
    { Yesterday: ['10:00'] },
    'more',
    { 'earlier 2': [{ Today: ['10:00', '1 folded'] }, 'more'] },
  ]);
  const days = rows.flatMap((row) => (row.type === 'earlier' ? row.children : row)).filter((row) => row.type === 'day');
  assert.equal(new Set(days.map(({ key }) => key)).size, 3);
  const shown = days.at(-1)?.children[0];
  assert.equal(shown?.type === 'version' && 'file' in shown, false);
  assert.deepEqual(historyRows({ items: [], hasMore: false }, options, { items: earlier, hasMore: false }).length, 1);
});

test('versions are grouped by day, newest first', () => {
  const versions = [at('29T11:00:00'), at('29T00:00:00'), at('28T23:59:00'), at('20T08:00:00')];
  assert.deepEqual(read(rowsOf(versions)), [
    { Today: ['11:00', '00:00'] },
    { Yesterday: ['23:59'] },
    { 'Monday 20 July': ['08:00'] },
  ]);
});

test('seconds are shown only where rows would look the same', () => {
  const versions = [at('29T11:01:00'), at('29T11:00:31'), at('29T11:00:02'), at('28T11:01:00')];
  assert.deepEqual(read(rowsOf(versions)), [{ Today: ['11:01', '11:00:31', '11:00:02'] }, { Yesterday: ['11:01'] }]);
});

test('a label is above the newest version that it keeps, on its own day', () => {
  const versions = [at('29T11:00:00'), at('29T10:00:00'), at('27T09:00:00')];
  const labels = [aLabel('now', '29T12:00:00'), aLabel('same time', '29T10:00:00'), aLabel('quiet day', '28T10:00:00')];
  assert.deepEqual(read(rowsOf(versions, { labels })), [
    { Today: ['label now', '11:00', 'label same time', '10:00'] },
    { Yesterday: ['label quiet day'] },
    { 'Monday 27 July': ['09:00'] },
  ]);
});

test('a label that is older than all that is listed waits for the next page', () => {
  const labels = [aLabel('before', '20T08:00:00')];
  assert.deepEqual(read(rowsOf([at('29T11:00:00')], { labels })), [{ Today: ['11:00'] }]);
});

test('a time that was labeled in several folders is one row', () => {
  const labels = ['one', 'other'].map((id) => ({ ...aLabel('release', '29T11:30:00'), id }));
  const rows = recentRows({ items: [aChangeSet('save', 1)], hasMore: false }, labels);
  assert.deepEqual(
    rows.map((row) => (row.type === 'label' ? row.labels.map(({ id }) => id) : row.type)),
    [['one', 'other'], 'version'],
  );
});

test('line-ending changes are folded, by day, and counted', () => {
  const eolOnly = true;
  const versions = [
    at('29T11:00:00'),
    at('29T10:00:00', { eolOnly }),
    at('29T09:00:00', { eolOnly }),
    at('28T09:00:00', { eolOnly }),
  ];
  assert.deepEqual(read(rowsOf(versions)), [{ Today: ['11:00', '2 folded'] }, { Yesterday: ['1 folded'] }]);
  assert.deepEqual(read(rowsOf(versions, { showLineEndings: true })), [
    { Today: ['11:00', '10:00', '09:00'] },
    { Yesterday: ['09:00'] },
  ]);
});

test('a row knows where its file is now', () => {
  const [day] = rowsOf([at('29T11:00:00', { path: 'old.md' })]);
  const [row] = day?.type === 'day' ? day.children : [];
  assert.equal(row?.type === 'version' && row.file?.path, '/project/notes/todo.md');
});

/** An event as the history gives it. */
function aChangeSet(id: string, versions: number): ChangeSet {
  const newest = at('29T11:00:00', { changeSet: id, path: `${id}.ts` });
  const kinds = { created: 0, modified: versions, deleted: 0, renamed: 0 };
  return { id, newest, folder: newest.uri, since: newest.time, files: versions, versions, kinds, added: 0, removed: 0 };
}

test('an event of several files is one row, that of a single file is the file', () => {
  const rows = recentRows({ items: [aChangeSet('checkout', 10_000), aChangeSet('save', 1)], hasMore: true });
  const read = rows.map((row) => (row.type === 'version' ? row.version.path : row.type));
  assert.deepEqual(read, ['changeSet', 'save.ts', 'more']);
});

test('the files of an event are in the order of their names; of very many, some are listed and the rest is counted', () => {
  const versions = ['10.ts', '2.ts'].map((path) => at('29T11:00:00', { path }));
  const read = (hasMore: boolean): unknown[] =>
    changeSetChildren(
      { type: 'changeSet', changeSet: aChangeSet('checkout', 10_000) },
      { items: versions, hasMore },
    ).map((row) => (row.type === 'version' ? row.version.path : row.rest));
  assert.deepEqual(read(false), ['2.ts', '10.ts']);
  assert.deepEqual(read(true), ['10.ts', '2.ts', 9_998]);
});

test('pages grow until the bound, and say so there', () => {
  const all = Array.from({ length: 20_000 }, (_, index) => aVersion({ time: index }));
  const limit = new PageLimit(maxListed);
  const listed: number[] = [];
  for (let page = limit.page(all.slice(0, limit.asked)); listed.at(-1) !== page.items.length;) {
    assert.equal(page.hasMore, true);
    assert.ok(limit.asked <= 10_000, 'the API gives no more at once');
    listed.push(page.items.length);
    limit.grow();
    page = limit.page(all.slice(0, limit.asked));
  }
  assert.deepEqual(listed, [100, 200, 400, 800, 1_600, 3_200, 6_400, maxListed]);
  assert.deepEqual(read(rowsOf(all.slice(0, 6_400), { hasMore: true })).at(-1), 'more');
  assert.deepEqual(read(rowsOf(all.slice(0, maxListed), { hasMore: true })).at(-1), 'full');
  limit.reset();
  assert.deepEqual(limit.page(all.slice(0, 100)).hasMore, false);
});
