import type { Catalog } from '../catalog/catalog';
import { placeInBlock } from '../segment/segmentBlocks';
import { TimeSlicer } from '../../base/timeSlicer';
import { sourceKinds } from '../catalog/catalogBatch';
import type { SqlRow } from '../disk/sqlite';
import { columnText } from '../catalog/catalogRows';
import type { VersionKey } from '../format/versionKey';

const contentsAtOnce = 2_000;

/**
 * Where all contents of a store are, read in one pass: a query for each one reads a page of the disk, since their numbers
 * are hashes. In columns instead of objects, since there may be a million.
 */
export class ContentTable {
  private readonly numbers: number[] = [];
  private readonly sources: number[] = [];
  private readonly blocks: number[] = [];
  private readonly depths: number[] = [];
  private readonly lengths: number[] = [];

  static async read(catalog: Catalog): Promise<ContentTable> {
    const slices = new TimeSlicer();
    const table = new ContentTable();
    for (let after = -1; ;) {
      const rows = catalog.sqlite.all(
        `SELECT c.n, s.n, c.position, c.depth, c.length FROM contents c JOIN sources s ON s.n = c.source
         WHERE c.n > ? ORDER BY c.n LIMIT ${contentsAtOnce}`,
        after,
      );
      for (const row of rows) table.add(row.map(Number));
      if (rows.length < contentsAtOnce) return table;
      after = Number(rows.at(-1)?.[0]);
      await slices.pause();
    }
  }

  get size(): number {
    return this.numbers.length;
  }

  /** The row of a content by its number in the catalog; -1 when it is not stored. */
  rowOf(content: number): number {
    const row = firstFrom(this.numbers, content);
    return this.numbers[row] === content ? row : -1;
  }

  /** The number of the source that holds it. */
  sourceOf(row: number): number {
    return this.sources[row] ?? -1;
  }

  /** Stored bytes of the content. */
  lengthOf(row: number): number {
    return this.lengths[row] ?? 0;
  }

  /** Whether `next`, the content after `row` in a file, is stored as a delta of `row`, which is stored whole. */
  isBaseOf(row: number, next: number): boolean {
    if (row === -1 || next === -1 || this.depths[row] !== 0 || this.sources[row] !== this.sources[next]) return false;
    return this.depths[next] !== 0 || this.blocks[row] === this.blocks[next];
  }

  private add([number = 0, source = 0, position = 0, depth = 0, length = 0]: readonly number[]): void {
    this.numbers.push(number);
    this.sources.push(source);
    this.blocks.push(placeInBlock(position).block);
    this.depths.push(depth);
    this.lengths.push(length);
  }
}

/** The index of the first number that is at least `from`. */
function firstFrom(sorted: readonly number[], from: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

const versionsAtOnce = 500;

/** A version, with the facts that decide whether it is kept. */
export interface DropCandidate extends VersionKey {
  /** The segment that holds the version; undefined while a journal does. */
  readonly segment: string | undefined;
  readonly kind: number;
  /** Whether it must stay: it is the newest of its file, the last copy, pinned, labelled or in a journal. */
  readonly stays: boolean;
  /** Time of the next newer version of its file. */
  readonly next: number;
  /** When this one and the next were recorded, which is earlier if the clock had been set back. */
  readonly at: number;
  readonly nextAt: number;
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
  nextAt: number;
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
  SELECT time, writer, sequence, source, file, kind, CASE WHEN unstored IS NULL THEN content END, at FROM versions
  WHERE (time, writer, sequence) < (?, ?, ?) ORDER BY time DESC, writer DESC, sequence DESC LIMIT ${versionsAtOnce}`;

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
      if (state === undefined)
        files.set(row[4], (state = { newer: 0, next: Infinity, nextAt: Infinity, content: -1, bytes: 0 }));
      const candidate = candidateOf(row, state, contents, facts);
      state.newer++;
      state.next = candidate.time;
      state.nextAt = candidate.at;
      if (candidate.content !== -1) ({ content: state.content, bytes: state.bytes } = candidate);
      onCandidate(candidate);
    }
    const end = rows.at(-1);
    if (end === undefined || rows.length < versionsAtOnce) return;
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
    at: Number(row[7] ?? time),
    nextAt: state.nextAt,
    newer: state.newer,
    content,
    // Without this content, the next one would have to be stored as a whole.
    bytes: contents.isBaseOf(content, state.content) ? Math.min(length, state.bytes) : length,
  };
}
