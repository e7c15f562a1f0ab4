import type { Clock } from '../model/clock';
import type { HistoryStore } from '../store/contract';
import type { Disk } from './disk';

/** Editors and shells report the two halves of a move within moments of each other. */
const recentMs = 5_000;
/** More files than this with one content (licence headers, empty modules) are too many to tell apart. */
const maxSources = 50;

/**
 * Finds the path from which a new file was moved: a file with the same bytes, known to the history, that is gone from
 * the disk now or was deleted a moment ago. Where several qualify, the one whose path ends most alike; a tie is no
 * rename, since a wrong pairing is worse than none.
 */
export class RenameFinder {
  private readonly taken = new Set<string>();

  constructor(
    private readonly store: HistoryStore,
    private readonly disk: Disk,
    private readonly clock: Clock,
  ) {}

  /** The source's path, which no later call returns again. */
  async find(path: string, sha256: string): Promise<string | undefined> {
    const sources = await this.sources(path, sha256);
    const best = mostAlike(path, sources);
    if (best !== undefined) this.taken.add(best);
    return best;
  }

  private async sources(path: string, sha256: string): Promise<string[]> {
    const heads = await this.store.headsOf(sha256, maxSources + 1);
    const deletions = await this.store.deletionsOf(sha256, this.clock.now() - recentMs, maxSources + 1);
    const known = [...heads.map((head) => head.version.path), ...deletions.map((deletion) => deletion.path)];
    const free = [...new Set(known)].filter((source) => source !== path && !this.taken.has(source));
    if (free.length > maxSources) return [];
    const kinds = await Promise.all(free.map((source) => this.disk.kind(source)));
    return free.filter((_, index) => kinds[index] === 'missing');
  }
}

/** The path with the most trailing segments in common; undefined if there is none or two are equally alike. */
function mostAlike(path: string, sources: readonly string[]): string | undefined {
  const ranked = sources
    .map((source) => ({ source, alike: commonTail(path, source) }))
    .sort((a, b) => b.alike - a.alike);
  const [best, second] = ranked;
  return best && best.alike !== second?.alike ? best.source : undefined;
}

function commonTail(a: string, b: string): number {
  const left = a.split('/').reverse();
  const right = b.split('/').reverse();
  const differ = left.findIndex((segment, index) => segment !== right[index]);
  return differ < 0 ? left.length : differ;
}
