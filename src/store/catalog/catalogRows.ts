import { causes, isOtherMode, type VersionId, type VersionRecord } from '../../model/version';
import type { SqlRow, Sqlite } from '../disk/sqlite';
import { formatVersionId, timeOfId } from '../format/versionKey';
import { flag, kinds, parseCauseDetail, unstoredReasons, type FileKey } from '../format/versionRow';
import type { FileStamp } from '../../model/stamp';
import type { Head, HeadVersion } from '../../model/historyStore';

/**
 * The columns of a version record. The last three: the previous version of its file and that one's mode, whether it is
 * pinned, and the newest label whose state includes it.
 */
export const versionColumns = `
  v.time, (SELECT name FROM writers WHERE n = v.writer), v.sequence, (SELECT path FROM paths WHERE n = v.path),
  v.kind, v.cause, v.flags, v.size, (SELECT sha256 FROM contents WHERE n = v.content), v.unstored, v.added, v.removed,
  (SELECT path FROM paths WHERE n = v.renamed_from), v.detail, v.moment, v.mode, v.at,
  (SELECT printf('%d %s %d %s', p.time, (SELECT name FROM writers WHERE n = p.writer), p.sequence, p.mode) FROM versions p
   WHERE p.file = v.file AND (p.time, p.writer, p.sequence) < (v.time, v.writer, v.sequence)
   ORDER BY p.time DESC, p.writer DESC, p.sequence DESC LIMIT 1),
  EXISTS (SELECT 1 FROM pins p
   WHERE p.time = v.time AND p.writer = v.writer AND p.sequence = v.sequence AND p.pinned = 1),
  (SELECT l.name FROM labels l WHERE l.removed = 0 AND l.time >= v.time AND NOT EXISTS (SELECT 1 FROM versions x
    WHERE x.file = v.file AND x.time > v.time AND x.time <= l.time) ORDER BY l.time DESC LIMIT 1)`;

/** Undefined for SQL's null. */
export function optionalNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** `''` for SQL's null. */
export function columnText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Bytes in lower-case hex; undefined for SQL's null. */
export function hexOf(value: unknown): string | undefined {
  if (!(value instanceof Uint8Array)) return undefined;
  return Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex');
}

/** The word that a number stands for. */
export function wordAt<T>(words: readonly T[], n: unknown, otherwise: T): T {
  return words[typeof n === 'number' ? n : -1] ?? otherwise;
}

function previousOf(value: unknown, mode: number | undefined): Pick<VersionRecord, 'previous' | 'previousMode'> {
  const [time, writer, sequence, before] = columnText(value).split(' ');
  if (time === undefined || writer === undefined || sequence === undefined) return {};
  const previous = formatVersionId({ time: Number(time), writer, sequence: Number(sequence) });
  const previousMode = before ? Number(before) : undefined;
  return { previous, ...(isOtherMode(previousMode, mode) && { previousMode }) };
}

/** Leaves out members that are undefined. */
export function optional<K extends string, T>(name: K, value: T | undefined): { readonly [P in K]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]: T });
}

/** The version that a row of {@link versionColumns} is. */
export function recordOf(row: SqlRow): VersionRecord {
  const [time, writer, sequence, path, kind, cause, flags, size, sha256, unstored, added, removed] = row;
  const [renamedFrom, detail, changeSet, bitsOfMode, at, previous, pinned, label] = row.slice(12);
  const mode = optionalNumber(bitsOfMode);
  const bits = optionalNumber(flags) ?? 0;
  return {
    id: formatVersionId({ time: Number(time), writer: columnText(writer), sequence: Number(sequence) }),
    path: columnText(path),
    kind: wordAt(kinds, kind, 'modified'),
    cause: wordAt(causes, cause, 'external'),
    ...(typeof detail === 'string' ? optional('causeDetail', parseCauseDetail(JSON.parse(detail))) : {}),
    confidence: bits & flag.likely ? 'likely' : 'certain',
    time: Number(at ?? time),
    size: Number(size),
    ...optional('sha256', hexOf(sha256)),
    ...optional('added', optionalNumber(added)),
    ...optional('removed', optionalNumber(removed)),
    eolOnly: (bits & flag.eolOnly) !== 0,
    binary: (bits & flag.binary) !== 0,
    ...optional('mode', mode),
    ...(typeof unstored === 'number' ? optional('unstored', unstoredReasons[unstored]) : {}),
    pinned: pinned === 1,
    ...(typeof label === 'string' ? { label } : {}),
    ...previousOf(previous, mode),
    ...(typeof renamedFrom === 'string' ? { renamedFrom } : {}),
    changeSet: columnText(changeSet),
  };
}

/** The file whose history continues at a path. */
export interface PathOccupant {
  readonly file: FileKey;
  readonly isAlive: boolean;
  readonly head: VersionId;
  /** The time in the id of its newest version. */
  readonly time: number;
  /** SHA-256 of its last content. */
  readonly content?: string;
  /** The mode of its newest version. */
  readonly mode?: number;
}

/** An occupant and its newest version. */
export interface PathState {
  readonly occupant: PathOccupant;
  readonly head: Head;
}

/**
 * The occupant of the path `?1`: `v` is the newest version at the path, `f` its file. No row if the file has moved on;
 * if there is one, `v` is the newest version of the file too.
 */
export const occupantOf = `
  FROM (SELECT * FROM versions WHERE path = (SELECT n FROM paths WHERE path = ?1)
        ORDER BY time DESC, writer DESC, sequence DESC LIMIT 1) v
  JOIN files f ON f.n = v.file AND f.path = v.path`;

/** The stamp of a head: size and times of the file when its content was last compared. */
export interface SavedStamp {
  readonly path: string;
  readonly version: VersionId;
  readonly stamp: FileStamp;
}

/** The columns of a {@link Head}; `f` is a row of `files`, `v` of `versions`, `p` of `paths`. */
export const headColumns = `
  f.stamp, v.time, v.writer, v.sequence, p.path, v.kind, v.flags, v.size,
  (SELECT sha256 FROM contents WHERE n = v.content), v.unstored, v.mode, v.at`;

/** Reads rows of {@link headColumns}. */
export class HeadRows {
  private readonly writers = new Map<number, string>();

  headOf(tables: Sqlite, row: SqlRow): Head {
    const [stamp, time, writer, sequence, path, kind, flags, size, sha256, unstored, mode, at] = row;
    const name = this.writer(tables, Number(writer));
    const version: HeadVersion = {
      id: formatVersionId({ time: Number(time), writer: name, sequence: Number(sequence) }),
      path: columnText(path),
      kind: wordAt(kinds, kind, 'modified'),
      time: Number(at ?? time),
      size: Number(size),
      binary: (Number(flags) & flag.binary) !== 0,
      ...optional('sha256', hexOf(sha256)),
      ...optional('mode', optionalNumber(mode)),
      ...(typeof unstored === 'number' ? optional('unstored', unstoredReasons[unstored]) : {}),
    };
    return { version, ...(typeof stamp === 'string' ? { stamp } : {}) };
  }

  /** There are few writers, and names never change. */
  private writer(tables: Sqlite, n: number): string {
    let name = this.writers.get(n);
    if (name === undefined) {
      name = columnText(tables.get('SELECT name FROM writers WHERE n = ?', n)?.[0]);
      this.writers.set(n, name);
    }
    return name;
  }
}

/** More than the files of one batch. */
const maxKnown = 2_000;

/** A cache of the states of paths: recording a file needs its state twice, when it is compared and when it is placed. */
export class PathStates {
  private readonly rows = new HeadRows();
  private readonly known = new Map<string, PathState | undefined>();

  constructor(private readonly tablesOf: (path: string) => Sqlite) {}

  /** Undefined when no history continues at the path. */
  at(path: string): PathState | undefined {
    if (!this.known.has(path)) {
      const state = this.query(path);
      if (this.known.size >= maxKnown) this.known.clear();
      this.known.set(path, state);
    }
    return this.known.get(path);
  }

  forget(path: string): void {
    this.known.delete(path);
  }

  clear(): void {
    this.known.clear();
  }

  private query(path: string): PathState | undefined {
    const tables = this.tablesOf(path);
    const row = tables.get(
      `SELECT ${headColumns}, (SELECT path FROM paths WHERE n = f.born), f.nth, f.alive,
              (SELECT sha256 FROM contents WHERE n = f.content) ${occupantOf} JOIN paths p ON p.n = v.path`,
      path,
    );
    if (row === undefined) return undefined;
    const head = this.rows.headOf(tables, row);
    const [born, nth, alive, sha256] = row.slice(-4);
    const { id, mode } = head.version;
    const time = timeOfId(id);
    const file = { originPath: columnText(born), generation: Number(nth) };
    const last = { ...optional('content', hexOf(sha256)), ...optional('mode', mode) };
    return { head, occupant: { file, isAlive: alive === 1, head: id, time, ...last } };
  }
}
