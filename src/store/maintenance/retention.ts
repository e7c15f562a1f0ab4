import type { RetentionPolicy } from '../../model/historyMaintenance';
import type { VersionId } from '../../model/version';
import { eachCandidate } from './dropCandidates';
import type { Catalog } from '../catalog/catalog';
import { ContentTable } from './contentTable';
import { formatVersionId } from '../format/versionKey';
import { kinds } from '../format/versionRow';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const created = kinds.indexOf('created');
const modified = kinds.indexOf('modified');

/** By segment, the old versions that have a later one of their file in the same hour, or day. */
export async function tooOld(
  catalog: Catalog,
  policy: RetentionPolicy,
  now: number,
): Promise<ReadonlyMap<string, ReadonlySet<VersionId>>> {
  const old = new Map<string, Set<VersionId>>();
  await eachCandidate(catalog, await ContentTable.read(catalog), (version) => {
    const { time, segment, kind, stays, next } = version;
    const age = now - time;
    if (stays || segment === undefined || age <= policy.keepAllMs || (kind !== created && kind !== modified)) return;
    const span = age <= policy.keepHourlyMs ? hourMs : dayMs;
    if (Math.floor(time / span) !== Math.floor(next / span)) return;
    const ids = old.get(segment) ?? new Set();
    old.set(segment, ids.add(formatVersionId(version)));
  });
  return old;
}
