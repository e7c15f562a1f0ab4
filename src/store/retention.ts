import type { RetentionPolicy } from '../model/upkeep';
import type { VersionId } from '../model/version';
import type { Catalog } from './catalog';
import { Slices } from './slices';
import { formatVersionId } from './versionKey';
import { kinds } from './versionRow';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const rowsAtOnce = 500;

/** A version of a source and what decides whether it stays. */
interface Candidate {
  readonly id: VersionId;
  readonly time: number;
  readonly kind: number;
  /** Bytes of its content in the store. */
  readonly bytes: number;
  /** Time of the version after it in its file. */
  readonly next: number;
}

/**
 * Versions of a source that may be dropped at all, oldest first: those that are followed by another of their file, are
 * not pinned, not what a label stands for, and not the last content of a deleted file.
 */
async function* droppable(catalog: Catalog, source: string): AsyncGenerator<Candidate> {
  const slices = new Slices();
  const [n, first, last] = catalog.sqlite.get('SELECT n, first, last FROM sources WHERE id = ?', source) ?? [];
  if (n === undefined || first === null) return;
  for (let from: readonly number[] = [Number(first), -1, -1]; ;) {
    const rows = catalog.sqlite.all(
      `SELECT v.time, v.writer, v.sequence, (SELECT name FROM writers WHERE n = v.writer), v.kind,
         ifnull((SELECT length FROM contents WHERE n = v.content), 0),
         (SELECT min(x.time) FROM versions x WHERE x.file = v.file AND x.time > v.time) AS next,
         EXISTS (SELECT 1 FROM pins p
           WHERE p.time = v.time AND p.writer = v.writer AND p.sequence = v.sequence AND p.pinned = 1)
         OR EXISTS (SELECT 1 FROM files f WHERE f.n = v.file AND f.alive = 0
           AND f.content_time = v.time AND f.content_writer = v.writer AND f.content_sequence = v.sequence)
         OR EXISTS (SELECT 1 FROM labels l WHERE l.removed = 0 AND l.time >= v.time AND l.time < ifnull(
           (SELECT min(x.time) FROM versions x WHERE x.file = v.file AND x.time > v.time), 9e15))
       FROM versions v
       WHERE v.source = ?1 AND v.time <= ?2 AND (v.time, v.writer, v.sequence) > (?3, ?4, ?5)
       ORDER BY v.time, v.writer, v.sequence LIMIT ${rowsAtOnce}`,
      ...[n, last ?? 0, ...from],
    );
    for (const [time, , sequence, writer, kind, bytes, next, stays] of rows) {
      if (next === null || stays === 1) continue;
      const id = formatVersionId({ time: Number(time), writer: String(writer), sequence: Number(sequence) });
      yield { id, time: Number(time), kind: Number(kind), bytes: Number(bytes), next: Number(next) };
    }
    const end = rows.at(-1);
    if (end === undefined || rows.length < rowsAtOnce) return;
    from = end.slice(0, 3).map(Number);
    await slices.pause();
  }
}

/** Versions of a source that are too old to stay beside a later one of the same hour, or day. */
export async function tooOld(
  catalog: Catalog,
  source: string,
  policy: RetentionPolicy,
  now: number,
): Promise<ReadonlySet<VersionId>> {
  const ids = new Set<VersionId>();
  for await (const { id, time, kind, next } of droppable(catalog, source)) {
    const age = now - time;
    if (age <= policy.keepAllMs || (kind !== created && kind !== modified)) continue;
    const span = age <= policy.keepHourlyMs ? hourMs : dayMs;
    if (Math.floor(time / span) === Math.floor(next / span)) ids.add(id);
  }
  return ids;
}

const created = kinds.indexOf('created');
const modified = kinds.indexOf('modified');

/** The oldest versions of a source whose contents take about `bytes` in the store, or all that may be dropped. */
export async function oldest(catalog: Catalog, source: string, bytes: number): Promise<ReadonlySet<VersionId>> {
  const ids = new Set<VersionId>();
  let freed = 0;
  for await (const candidate of droppable(catalog, source)) {
    if (freed >= bytes) break;
    ids.add(candidate.id);
    freed += candidate.bytes + rowBytes;
  }
  return ids;
}

/** What a version takes besides its content, in a segment and the catalog. */
const rowBytes = 150;
