import { causes, type VersionId, type VersionRecord } from '../../model/version';
import type { SqlRow } from '../database/sqlite';
import { formatVersionId } from '../format/versionKey';
import { flag, kinds, parseCauseDetail, unstoredReasons } from '../format/versionRow';

/**
 * The columns of a version record. The last three: the previous version of its file, whether it is pinned, and the newest
 * label whose state includes it.
 */
export const versionColumns = `
  v.time, (SELECT name FROM writers WHERE n = v.writer), v.sequence, (SELECT path FROM paths WHERE n = v.path),
  v.kind, v.cause, v.flags, v.size, (SELECT sha256 FROM contents WHERE n = v.content), v.unstored, v.added, v.removed,
  (SELECT path FROM paths WHERE n = v.renamed_from), v.detail, v.moment,
  (SELECT printf('%d %s %d', p.time, (SELECT name FROM writers WHERE n = p.writer), p.sequence) FROM versions p
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

function previousOf(value: unknown): VersionId | undefined {
  const [time, writer, sequence] = columnText(value).split(' ');
  if (time === undefined || writer === undefined || sequence === undefined) return undefined;
  return formatVersionId({ time: Number(time), writer, sequence: Number(sequence) });
}

/** Leaves out members that are undefined. */
export function optional<K extends string, T>(name: K, value: T | undefined): { readonly [P in K]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]: T });
}

/** The version that a row of {@link versionColumns} is. */
export function recordOf(row: SqlRow): VersionRecord {
  const [time, writer, sequence, path, kind, cause, flags, size, sha256, unstored, added, removed] = row;
  const [renamedFrom, detail, changeSet, previous, pinned, label] = row.slice(12);
  const bits = optionalNumber(flags) ?? 0;
  return {
    id: formatVersionId({ time: Number(time), writer: columnText(writer), sequence: Number(sequence) }),
    path: columnText(path),
    kind: wordAt(kinds, kind, 'modified'),
    cause: wordAt(causes, cause, 'external'),
    ...(typeof detail === 'string' ? optional('causeDetail', parseCauseDetail(JSON.parse(detail))) : {}),
    confidence: bits & flag.likely ? 'likely' : 'certain',
    time: Number(time),
    size: Number(size),
    ...optional('sha256', hexOf(sha256)),
    ...optional('added', optionalNumber(added)),
    ...optional('removed', optionalNumber(removed)),
    eolOnly: (bits & flag.eolOnly) !== 0,
    binary: (bits & flag.binary) !== 0,
    ...(typeof unstored === 'number' ? optional('unstored', unstoredReasons[unstored]) : {}),
    pinned: pinned === 1,
    ...(typeof label === 'string' ? { label } : {}),
    ...optional('previous', previousOf(previous)),
    ...(typeof renamedFrom === 'string' ? { renamedFrom } : {}),
    changeSet: columnText(changeSet),
  };
}
