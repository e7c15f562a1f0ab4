import type { VersionId } from '../../model/version';
import type { Head, HeadVersion } from '../../model/historyStore';
import type { Sqlite, SqlRow } from '../database/sqlite';
import { hexOf, optional, columnText, wordAt } from './versionColumns';
import { formatVersionId } from '../format/versionKey';
import { flag, kinds, unstoredReasons, type FileKey } from '../format/versionRow';

/** The file whose history goes on at a path. */
export interface PathOccupant {
  readonly file: FileKey;
  readonly isAlive: boolean;
  readonly head: VersionId;
  /** Of its newest version. */
  readonly time: number;
  /** SHA-256 of the last content that it had. */
  readonly content?: string;
}

/** An occupant, and its newest version as lists have it. */
export interface PathState {
  readonly occupant: PathOccupant;
  readonly head: Head;
}

/**
 * The newest row of a path says which file has it: `SELECT` what of `v` (that row, which is the file's newest too) and
 * `f` (its file) while the file has not moved on. `?1` is the path.
 */
export const occupantOf = `
  FROM (SELECT * FROM versions WHERE path = (SELECT n FROM paths WHERE path = ?1)
        ORDER BY time DESC, writer DESC, sequence DESC LIMIT 1) v
  JOIN files f ON f.n = v.file AND f.path = v.path`;

/** What a {@link Head} is made of; `f` is a row of `files`, `v` of `versions`, `p` that of its path. */
export const headColumns = `
  f.stamp, v.time, v.writer, v.sequence, p.path, v.kind, v.flags, v.size,
  (SELECT sha256 FROM contents WHERE n = v.content), v.unstored`;

/** Reads rows of {@link headColumns}. */
export class HeadRows {
  private readonly writers = new Map<number, string>();

  headOf(tables: Sqlite, row: SqlRow): Head {
    const [stamp, time, writer, sequence, path, kind, flags, size, sha256, unstored] = row;
    const name = this.writer(tables, Number(writer));
    const version: HeadVersion = {
      id: formatVersionId({ time: Number(time), writer: name, sequence: Number(sequence) }),
      path: columnText(path),
      kind: wordAt(kinds, kind, 'modified'),
      time: Number(time),
      size: Number(size),
      binary: (Number(flags) & flag.binary) !== 0,
      ...optional('sha256', hexOf(sha256)),
      ...(typeof unstored === 'number' ? optional('unstored', unstoredReasons[unstored]) : {}),
    };
    return { version, ...(typeof stamp === 'string' ? { stamp } : {}) };
  }

  /** There are few, and none ever changes. */
  private writer(tables: Sqlite, n: number): string {
    let name = this.writers.get(n);
    if (name === undefined) {
      name = columnText(tables.get('SELECT name FROM writers WHERE n = ?', n)?.[0]);
      this.writers.set(n, name);
    }
    return name;
  }
}

/** More than wait to be recorded. */
const maxKnown = 2_000;

/** What is at paths, remembered for a while: whoever records a file asks for it when it is looked at and when it is placed. */
export class PathStates {
  private readonly rows = new HeadRows();
  private readonly known = new Map<string, PathState | undefined>();

  constructor(private readonly tablesOf: (path: string) => Sqlite) {}

  /** Undefined when no history goes on at the path: nothing was ever there, or it moved away. */
  at(path: string): PathState | undefined {
    if (!this.known.has(path)) {
      const state = this.ask(path);
      if (this.known.size >= maxKnown) this.known.clear();
      this.known.set(path, state);
    }
    return this.known.get(path);
  }

  /** What is known of a path is not to be believed any more. */
  forget(path: string): void {
    this.known.delete(path);
  }

  /** The same of all paths. */
  clear(): void {
    this.known.clear();
  }

  private ask(path: string): PathState | undefined {
    const tables = this.tablesOf(path);
    const row = tables.get(
      `SELECT ${headColumns}, (SELECT path FROM paths WHERE n = f.born), f.nth, f.alive,
              (SELECT sha256 FROM contents WHERE n = f.content) ${occupantOf} JOIN paths p ON p.n = v.path`,
      path,
    );
    if (row === undefined) return undefined;
    const head = this.rows.headOf(tables, row);
    const [born, nth, alive, sha256] = row.slice(-4);
    const { id, time } = head.version;
    const file = { originPath: columnText(born), generation: Number(nth) };
    return { head, occupant: { file, isAlive: alive === 1, head: id, time, ...optional('content', hexOf(sha256)) } };
  }
}
