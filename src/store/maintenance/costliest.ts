import type { VersionId } from '../../model/version';
import { eachCandidate, ContentTable, type DropCandidate } from './dropCandidates';
import type { Catalog } from '../catalog/catalog';
import { columnText } from '../catalog/catalogRows';
import { formatVersionId } from '../format/versionKey';

/** Bytes of a version without its content, in a segment and the catalog. */
const rowBytes = 150;
/** The most versions that are chosen at a time; others are chosen after these were dropped. */
const maxChosen = 20_000;
/** Versions that are collected before those that are not needed are discarded. */
const spare = 10_000;

/** What can be dropped from a segment. */
export interface Dispensable {
  readonly segment: string;
  readonly ids: Set<VersionId>;
  /** Bytes of the versions, and of contents of the segment without any version. */
  bytes: number;
}

/**
 * What to drop from these segments to free some bytes, the segment with most bytes first. The costliest versions go
 * first. A version costs the bytes that only it needs, times the number of newer versions of its file: a large file
 * that changes all the time makes room by its own old versions, and small versions are kept longest. Of versions with
 * equal cost, the older one goes first.
 */
export async function costliest(
  catalog: Catalog,
  segments: ReadonlySet<string>,
  bytes: number,
): Promise<readonly Dispensable[]> {
  const contents = await ContentTable.read(catalog);
  const sharers = await sharersOf(catalog, contents, segments);
  const found = unused(catalog, contents, sharers, segments);
  const choice = new Choice(bytes - [...found.values()].reduce((sum, each) => sum + each.bytes, 0));
  await eachCandidate(catalog, contents, (each) => {
    if (mayGo(each, segments)) choice.offer(each, rowBytes + each.bytes / (sharers[each.content] ?? 1));
  });
  for (const { version, bytes: freed } of choice.made()) {
    const there = inSegment(found, version.segment);
    there.ids.add(formatVersionId(version));
    there.bytes += freed;
  }
  return [...found.values()].sort((a, b) => b.bytes - a.bytes);
}

type DroppableVersion = DropCandidate & { readonly segment: string };

function mayGo(each: DropCandidate, segments: ReadonlySet<string>): each is DroppableVersion {
  return !each.stays && each.segment !== undefined && segments.has(each.segment);
}

function inSegment(found: Map<string, Dispensable>, segment: string): Dispensable {
  const there = found.get(segment) ?? { segment, ids: new Set(), bytes: 0 };
  found.set(segment, there);
  return there;
}

interface Chosen {
  readonly version: DroppableVersion;
  readonly bytes: number;
  readonly cost: number;
}

/** Collects the costliest of the offered versions, as many as it takes to free some bytes. */
class Choice {
  private readonly chosen: Chosen[] = [];
  private needed = 0;

  constructor(private readonly bytes: number) {}

  offer(version: DroppableVersion, bytes: number): void {
    if (this.bytes <= 0) return;
    this.chosen.push({ version, bytes, cost: bytes * version.newer });
    if (this.chosen.length > 2 * this.needed + spare) this.made();
  }

  made(): readonly Chosen[] {
    const { chosen } = this;
    chosen.sort((a, b) => b.cost - a.cost || a.version.time - b.version.time);
    const most = Math.min(chosen.length, maxChosen);
    let freed = 0;
    for (this.needed = 0; this.needed < most && freed < this.bytes; this.needed++) {
      freed += chosen[this.needed]?.bytes ?? 0;
    }
    chosen.length = this.needed;
    return chosen;
  }
}

/** By row of the content: how many versions share it; Infinity when one of them stays. */
async function sharersOf(
  catalog: Catalog,
  contents: ContentTable,
  segments: ReadonlySet<string>,
): Promise<readonly number[]> {
  const sharers = new Array<number>(contents.size).fill(0);
  await eachCandidate(catalog, contents, (each) => {
    if (each.content !== -1)
      sharers[each.content] = (sharers[each.content] ?? 0) + (mayGo(each, segments) ? 1 : Infinity);
  });
  return sharers;
}

/** Contents without a version: the last version that had them was in another segment. */
function unused(
  catalog: Catalog,
  contents: ContentTable,
  sharers: readonly number[],
  segments: ReadonlySet<string>,
): Map<string, Dispensable> {
  const found = new Map<string, Dispensable>();
  const ids = new Map(catalog.sqlite.all('SELECT n, id FROM sources').map(([n, id]) => [Number(n), columnText(id)]));
  for (const [content, count] of sharers.entries()) {
    const segment = ids.get(contents.sourceOf(content));
    if (count > 0 || segment === undefined || !segments.has(segment)) continue;
    inSegment(found, segment).bytes += contents.lengthOf(content);
  }
  return found;
}
