import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Head, HistoryStore } from '../../../src/model/historyStore';
import { candidateOf, type Candidate } from '../../../src/track/candidate';
import type { DiskEntry } from '../../../src/track/disk/disk';
import { KnownIdentities } from '../../../src/track/knownIdentities';
import type { MoveFinder, Source } from '../../../src/track/moveFinder';
import type { Arrival, Departure } from '../../../src/track/moves';
import { NewFiles } from '../../../src/track/newFiles';

const version = (path: string) => ({ id: path, path, kind: 'created', time: 1, size: 1, binary: false }) as const;
const headOf = (path: string): Head => ({ version: version(path) });
const file = (identity?: string): DiskEntry => ({ state: 'file', identity, size: 3 });
const hint = (path: string, more: Partial<Candidate> = {}): Candidate => ({ ...candidateOf({ path }), ...more });

interface Setting {
  /** The old paths by the new ones. */
  readonly moves?: Readonly<Record<string, string>>;
  readonly entries?: Readonly<Record<string, DiskEntry>>;
  readonly heads?: readonly string[];
  readonly mayRecord?: (candidate: Candidate) => boolean;
}

/** New files of a disk and a history, with a search that finds the moves. */
function setUp({ moves = {}, entries = {}, heads = [], mayRecord = () => true }: Setting = {}) {
  const identities = new KnownIdentities();
  const asked: { left: readonly string[]; arrivals: readonly Arrival[] } = { left: [], arrivals: [] };
  const finder = {
    departures: (left: readonly string[]) => {
      asked.left = left;
      return Promise.resolve([]);
    },
    find: (arrivals: readonly Arrival[], _departures: readonly Departure[]) => {
      asked.arrivals = arrivals;
      const found = Object.entries(moves).map(([to, from]) => [to, { path: from, version: version(from) }] as const);
      return Promise.resolve(new Map<string, Source>(found));
    },
  } as unknown as MoveFinder;
  const files = new NewFiles({
    ...{ identities, finder, mayRecord },
    store: {
      head: (path: string) => Promise.resolve(heads.includes(path) ? headOf(path) : undefined),
    } as HistoryStore,
    disk: {
      entry: (path) => Promise.resolve(entries[path] ?? { state: 'missing' }),
      observe: () => assert.fail('Nothing is read.'),
    },
  });
  const place = async (gone: readonly string[], waiting: readonly Candidate[] = []) => {
    const steps = await files.place(
      gone.map((path) => hint(path)),
      waiting,
    );
    return steps.map((step) => step.map(({ candidate, source }) => `${candidate.path} < ${source?.path ?? ''}`));
  };
  return { files, identities, asked, place };
}

test('a file is new where the history has none, and where it is known to have another one', () => {
  const { files, identities } = setUp();
  identities.note('b', '1:1');
  assert.equal(files.keep(hint('a'), undefined, file('2:2')), true);
  assert.equal(files.keep(hint('b'), headOf('b'), file('1:1')), false, 'the same file');
  assert.equal(files.keep(hint('b'), headOf('b'), file()), false, 'not known');
  assert.equal(files.keep(hint('b'), headOf('b'), file('2:2')), true);
  assert.equal(files.keep(hint('c'), headOf('c'), file('3:3')), false, 'nothing is known of the one in the history');
  assert.equal(files.size, 2);
});

test('what is no file, and what cannot have moved, is not kept back; a new link is', () => {
  const { files } = setUp();
  for (const state of ['missing', 'directory'] as const)
    assert.equal(files.keep(hint('a'), undefined, { state }), false);
  assert.equal(files.keep(hint('a', { cause: 'restore' }), undefined, file()), false);
  assert.equal(files.keep(hint('a', { causeDetail: { movedFrom: 'file:///b' } }), undefined, file()), false);
  assert.equal(files.keep(hint('l'), headOf('l'), { state: 'other' }), false);
  assert.equal(files.keep(hint('l', { waits: true }), undefined, { state: 'other' }), false);
  assert.equal(files.keep(hint('l'), undefined, { state: 'other' }), true);
  assert.deepEqual(
    files.unplaced().map((step) => step.map(({ candidate, source }) => [candidate.path, source])),
    [[['l', undefined]]],
  );
});

test('without a new file nothing is searched', async () => {
  const { asked, place } = setUp();
  assert.deepEqual(await place(['a']), []);
  assert.deepEqual(asked.arrivals, []);
});

test('a chain of moves is placed from its free end, a ring in one step, and other files after them', async () => {
  const { files, place, asked } = setUp({ moves: { b: 'a', c: 'b', x: 'y', y: 'x' } });
  for (const path of ['b', 'c', 'new', 'x', 'y']) {
    const head = path === 'new' || path === 'c' ? undefined : { ...headOf(path), stamp: '1:1:1:9:9' };
    assert.ok(files.keep(hint(path), head, file('1:1')), path);
  }
  const steps = await place(['a']);
  assert.deepEqual(steps, [['c < b'], ['b < a'], ['y < x', 'x < y'], ['new < ']]);
  assert.deepEqual([...asked.left].sort(), ['a', 'b', 'x', 'y']);
  assert.deepEqual(
    asked.arrivals.filter(({ isTaken }) => isTaken).map(({ path }) => path),
    ['b', 'x', 'y'],
  );
});

test('a file that still waits is placed only with a move that is due, and only if it may be recorded', async () => {
  const entries = { to: file('1:1'), other: file('2:2'), hidden: file('3:3') };
  const waiting = ['to', 'other', 'hidden'].map((path) => hint(path, { waits: true }));
  const mayRecord = ({ path }: Candidate): boolean => path !== 'hidden';
  const moves = { to: 'folder/from', other: 'elsewhere' };
  const { place, asked } = setUp({ entries, moves, mayRecord });
  assert.deepEqual(await place(['folder'], waiting), [['to < folder/from']], 'its folder is gone');
  assert.deepEqual(
    asked.arrivals.map(({ path, waits, isTaken }) => [path, waits, isTaken]),
    [
      ['to', true, false],
      ['other', true, false],
    ],
  );
  assert.deepEqual(await place([], waiting), []);
});
