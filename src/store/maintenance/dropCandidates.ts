import type { Catalog } from '../catalog/catalog';
import { sourceKinds } from '../catalog/catalogBatch';
import { firstFrom, type ContentTable } from './contentTable';
import { TimeSlicer } from '../../base/timeSlicer';
import type { SqlRow } from '../database/sqlite';
import { columnText } from '../catalog/catalogRows';
import type { VersionKey } from '../format/versionKey';

const rowsAtOnce = 500;

/** A version, with the facts that decide whether it is kept. */
export interface DropCandidate extends VersionKey {
  /** The segment that holds the version; undefined while a journal does. */
  readonly segment: string | undefined;
  readonly kind: number;
  /** Whether it must stay: it is the newest of its file, the last copy, pinned, labelled or in a journal. */
  readonly stays: boolean;
  /** Time of the next newer version of its file. */
  readonly next: number;
  /** How many versions of its file are newer. */
  readonly newer: number;
  /** The row of its content; -1 when the content is not stored. */
  readonly content: number;
  /** Stored bytes of the content, less those that the next newer content of its file needs too. */
  readonly bytes: number;
}

/** The newer versions of a file. */
interface FileState {
  newer: number;
  /** Time of the oldest of them. */
  next: number;
  /** The oldest stored content of them, as in {@link DropCandidate}. */
  content: number;
  bytes: number;
}

/** Labels and pins, and the names of writers and segments by their numbers. */
interface Facts {
  /** Times, sorted. */
  readonly labels: readonly number[];
  readonly pins: ReadonlySet<string>;
  readonly writers: ReadonlyMap<unknown, string>;
  readonly segments: ReadonlyMap<unknown, string>;
}

const query = `
  SELECT time, writer, sequence, source, file, kind, CASE WHEN unstored IS NULL THEN content END FROM versions
  WHERE (time, writer, sequence) < (?, ?, ?) ORDER BY time DESC, writer DESC, sequence DESC LIMIT ${rowsAtOnce}`;

/**
 * Calls back for all versions, newest first. Of each file, the newest version stays, and so does the newest one whose
 * content is stored: after a deletion, or when the file became too large, it is the last copy. Pinned versions and the
 * states of labels stay too.
 */
export async function eachCandidate(
  catalog: Catalog,
  contents: ContentTable,
  onCandidate: (candidate: DropCandidate) => void,
): Promise<void> {
  const slices = new TimeSlicer();
  const facts = factsOf(catalog);
  const files = new Map<unknown, FileState>();
  for (let before: readonly number[] = [Number.MAX_SAFE_INTEGER, 0, 0]; ;) {
    const rows = catalog.sqlite.all(query, ...before);
    for (const row of rows) {
      let state = files.get(row[4]);
      if (state === undefined) files.set(row[4], (state = { newer: 0, next: Infinity, content: -1, bytes: 0 }));
      const candidate = candidateOf(row, state, contents, facts);
      state.newer++;
      state.next = candidate.time;
      if (candidate.content !== -1) ({ content: state.content, bytes: state.bytes } = candidate);
      onCandidate(candidate);
    }
    const end = rows.at(-1);
    if (end === undefined || rows.length < rowsAtOnce) return;
    before = end.slice(0, 3).map(Number);
    await slices.pause();
  }
}

function factsOf({ sqlite }: Catalog): Facts {
  const labels = sqlite.all('SELECT time FROM labels WHERE removed = 0 ORDER BY time');
  const pins = sqlite.all('SELECT time, writer, sequence FROM pins WHERE pinned = 1');
  const segments = sqlite.all('SELECT n, id FROM sources WHERE kind = ?', sourceKinds.indexOf('segment'));
  const writers = sqlite.all('SELECT n, name FROM writers');
  return {
    labels: labels.map(([time]) => Number(time)),
    pins: new Set(pins.map((key) => key.join(' '))),
    writers: new Map(writers.map(([n, name]) => [n, columnText(name)])),
    segments: new Map(segments.map(([n, id]) => [n, columnText(id)])),
  };
}

/** Hot: runs several times for each version of a history. */
function candidateOf(row: SqlRow, state: FileState, contents: ContentTable, facts: Facts): DropCandidate {
  const time = Number(row[0]);
  const segment = facts.segments.get(row[3]);
  const content = row[6] === null ? -1 : contents.rowOf(Number(row[6]));
  const length = contents.lengthOf(content);
  const isLastCopy = content !== -1 && state.content === -1;
  const isPinned = facts.pins.size > 0 && facts.pins.has(row.slice(0, 3).join(' '));
  const isLabelled = (facts.labels[firstFrom(facts.labels, time)] ?? Infinity) < state.next;
  return {
    time,
    writer: facts.writers.get(row[1]) ?? '',
    sequence: Number(row[2]),
    segment,
    kind: Number(row[5]),
    stays: state.newer === 0 || isLastCopy || isPinned || isLabelled || segment === undefined,
    next: state.next,
    newer: state.newer,
    content,
    // Without this content, the next one would have to be stored as a whole.
    bytes: contents.isBaseOf(content, state.content) ? Math.min(length, state.bytes) : length,
  };
}
