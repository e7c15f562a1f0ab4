import {
  changeSetStart,
  maxChangeSetMs,
  type ChangesPage,
  type FolderChangeSetQuery,
  type ChangeSetRecord,
} from '../../model/changeSet';
import { causes, type VersionId, type VersionRecord } from '../../model/version';
import type { Catalog } from './catalog';
import { endOfIds, newestFirst, recordedAt } from './catalogQueries';
import type { Sqlite, SqlRow } from '../disk/sqlite';
import { recordOf, versionColumns } from './catalogRows';
import { parseVersionId, timeOfId } from '../format/versionKey';
import { flag, kinds } from '../format/versionRow';

const maxChangeSets = 1_000;
const maxVersions = 10_000;
/** How long after the start of a change set its versions can be recorded. */
const reachMs = 3 * maxChangeSetMs;
/** Change sets that are excluded while the next one is searched: those of concurrent bursts alternate. */
const skipped = 4;

/** The times between which a change set's versions are found. */
interface Range {
  readonly from: number;
  readonly to: number;
}

type Key = readonly [time: number, writer: string, sequence: number];

const keyNumbers = '(?, ifnull((SELECT n FROM writers WHERE name = ?), -1), ?)';
const ofChangeSet = 'FROM versions v WHERE v.time >= ? AND v.time <= ? AND v.moment = ?';
/** Line counts of baselines and of changed line endings mean nothing. */
const counted = `v.flags & ${flag.eolOnly} = 0 AND v.cause <> ${causes.indexOf('baseline')}`;
const totals = [
  `min(${recordedAt}), count(*), count(DISTINCT v.file)`,
  ...['added', 'removed'].map((lines) => `ifnull(sum(iif(${counted}, v.${lines}, 0)), 0)`),
  ...kinds.map((_, n) => `ifnull(sum(v.kind = ${n}), 0)`),
].join(', ');

/**
 * Queries of change sets. There is no table of them: each is collected from its versions, which are close to each other
 * in time. So a history of many single saves pays nothing for the few change sets of many files.
 */
export class ChangeSetQueries {
  constructor(private readonly catalog: Pick<Catalog, 'sqlite'>) {}

  private get sqlite(): Sqlite {
    return this.catalog.sqlite;
  }

  /** See {@link FolderChangeSetQuery}. */
  changeSets({ limit = 50, before, since = 0, until }: FolderChangeSetQuery): ChangeSetRecord[] {
    const last = until ?? Number.MAX_SAFE_INTEGER;
    const end = endOf(before, endOfIds(this.sqlite, last));
    const found = new Map<string, ChangeSetRecord | undefined>();
    /** Ids in the order in which they were last found. */
    const recent = new Set<string>();
    let missing = Math.min(limit, maxChangeSets);
    for (let at = end; missing > 0;) {
      const version = this.next(at, [since, last], [...recent].slice(-skipped));
      if (version === undefined) break;
      at = keyOf(version);
      recent.delete(version.changeSet);
      recent.add(version.changeSet);
      if (found.has(version.changeSet)) continue;
      const isWhole = before === undefined && until === undefined;
      const record = this.record(version, isWhole);
      // The newest version of a change set decides on which page it is.
      const isHere = isWhole || this.isOlder(keyOf(record.newest), end);
      found.set(version.changeSet, isHere ? record : undefined);
      if (isHere) missing--;
    }
    return [...found.values()].filter((record) => record !== undefined);
  }

  /** The versions of a version's change set, by path. */
  changes(version: VersionRecord, { limit = 100, offset = 0 }: ChangesPage): VersionRecord[] {
    const { from, to } = rangeOf(version);
    return this.sqlite
      .all(
        `SELECT ${versionColumns} ${ofChangeSet} ORDER BY (SELECT path FROM paths WHERE n = v.path), v.time LIMIT ? OFFSET ?`,
        ...[from, to, version.changeSet, Math.min(limit, maxVersions), offset],
      )
      .map(recordOf);
  }

  /** The newest version before a key that is in none of the change sets `except`. */
  private next(
    [time, writer, sequence]: Key,
    span: readonly [since: number, until: number],
    except: readonly string[],
  ): VersionRecord | undefined {
    const others = Array.from({ length: skipped }, (_, n) => except[n] ?? '');
    const row = this.sqlite.get(
      `SELECT ${versionColumns} FROM versions v WHERE v.time >= ? AND ${recordedAt} < ? AND (v.time, v.writer, v.sequence) < ${keyNumbers}
       AND v.moment NOT IN (${others.map(() => '?').join(', ')})
       ${newestFirst} LIMIT 1`,
      ...[...span, time, writer, sequence, ...others],
    );
    return row && recordOf(row);
  }

  private isOlder(key: Key, end: Key): boolean {
    return this.sqlite.get(`SELECT ${keyNumbers} < ${keyNumbers}`, ...key, ...end)?.[0] === 1;
  }

  /** The change set of a version; `isNewest` says that the version is its newest. */
  private record(version: VersionRecord, isNewest: boolean): ChangeSetRecord {
    const { from, to } = rangeOf(version);
    const found = [from, to, version.changeSet] as const;
    const newest = isNewest
      ? undefined
      : this.sqlite.get(`SELECT ${versionColumns} ${ofChangeSet} ${newestFirst} LIMIT 1`, ...found);
    const row = this.sqlite.get(`SELECT ${totals} ${ofChangeSet}`, ...found) ?? [];
    return changeSetOf(version.changeSet, newest ? recordOf(newest) : version, row);
  }
}

function changeSetOf(id: string, newest: VersionRecord, row: SqlRow): ChangeSetRecord {
  const [since, versions, files, added, removed, created, modified, deleted, renamed] = row.map(Number);
  return {
    id,
    newest,
    since: since ?? newest.time,
    files: files ?? 0,
    versions: versions ?? 0,
    kinds: { created: created ?? 0, modified: modified ?? 0, deleted: deleted ?? 0, renamed: renamed ?? 0 },
    added: added ?? 0,
    removed: removed ?? 0,
  };
}

/** A change that a scan found can be as old as the start of the span in which it was made. */
function rangeOf({ id, time: recorded, changeSet, causeDetail }: VersionRecord): Range {
  const time = timeOfId(id);
  // The clock had been set back, which the times in the ids of the others ignore too.
  if (recorded < time) return { from: time - reachMs, to: time + reachMs };
  const began = changeSetStart(changeSet) ?? time - reachMs;
  return { from: Math.min(began, time, causeDetail?.since ?? time), to: Math.max(began, time) + reachMs };
}

/** The earlier of two ends. */
function endOf(before: VersionId | undefined, until: number): Key {
  const key = before === undefined ? undefined : parseVersionId(before);
  return key === undefined || until <= key.time ? [until, '', -1] : [key.time, key.writer, key.sequence];
}

function keyOf({ id }: VersionRecord): Key {
  const key = parseVersionId(id);
  return key === undefined ? [0, '', 0] : [key.time, key.writer, key.sequence];
}
