import type { VersionId } from '../../model/version';
import type { Head, HeadVersion } from '../../model/historyStore';
import type { Sqlite, SqlRow } from '../database/sqlite';
import { hexOf, optional, columnText, wordAt } from './versionColumns';
import { formatVersionId } from '../format/versionKey';
import { flag, kinds, unstoredReasons, type FileKey } from '../format/versionRow';

/** The file whose history continues at a path. */
export interface PathOccupant {
  readonly file: FileKey;
  readonly isAlive: boolean;
  readonly head: VersionId;
  /** Time of its newest version. */
  readonly time: number;
  /** SHA-256 of its last content. */
  readonly content?: string;
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

/** The columns of a {@link Head}; `f` is a row of `files`, `v` of `versions`, `p` of `paths`. */
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
    const { id, time } = head.version;
    const file = { originPath: columnText(born), generation: Number(nth) };
    return { head, occupant: { file, isAlive: alive === 1, head: id, time, ...optional('content', hexOf(sha256)) } };
  }
}
