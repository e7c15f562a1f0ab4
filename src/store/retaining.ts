import { defaultRetention, type Dropping, type RetentionPolicy } from '../model/upkeep';
import type { VersionId } from '../model/version';
import { oldest, tooOld } from './retention';
import type { RewritableSources } from './rewritableSources';
import type { UpkeepParts } from './upkeepParts';
import type { UpkeepNotebook } from './upkeepNotes';
import type { VersionRow } from './versionRow';

/** A segment is written anew for its age when this share of its versions goes. */
const worthwhileShare = 0.1;
/** Each segment is looked at for old versions this often. */
const thinEveryMs = 6 * 3_600_000;

/** Drops versions as the policy says; without one, none. */
export class Retaining {
  private policy: RetentionPolicy | undefined;
  /** When each segment was last looked at for old versions. */
  private readonly thinned = new Map<string, number>();
  private excess: number | undefined;

  constructor(
    private readonly parts: UpkeepParts,
    private readonly sources: RewritableSources,
    private readonly notebook: UpkeepNotebook,
  ) {}

  setPolicy(policy: RetentionPolicy): void {
    this.policy = policy;
    this.thinned.clear();
  }

  get quotaBytes(): number {
    return (this.policy ?? defaultRetention).quotaBytes;
  }

  /** Bytes on disk that must stay although they are over the quota; undefined: none. */
  get overQuotaBytes(): number | undefined {
    return this.excess;
  }

  /** Whether one segment more would be too much. */
  async isFull(): Promise<boolean> {
    if (this.policy === undefined) return false;
    return (await this.sources.totalBytes()) + this.parts.sizes.fullBytes >= this.policy.quotaBytes;
  }

  /** Drops what is too old from the next segment that was not looked at for long; true when there was one. */
  async thin(): Promise<boolean> {
    const { policy, thinned } = this;
    const { catalog, clock } = this.parts;
    if (policy === undefined) return false;
    const now = clock.now();
    const segments = await this.sources.segments();
    const ids = new Set(segments.map(({ id }) => id));
    for (const id of thinned.keys()) if (!ids.has(id)) thinned.delete(id);
    const next = segments.find(({ id }) => now - (thinned.get(id) ?? -Infinity) >= thinEveryMs);
    if (next === undefined) return false;
    thinned.set(next.id, now);
    const { marks } = catalog;
    const old = await tooOld(catalog, next.id, policy, now);
    if (old.size > 0 && old.size >= next.entries * worthwhileShare) await this.drop(next.id, old, 'age', marks);
    return true;
  }

  /** Drops the oldest versions while the quota is exceeded; true when something was dropped. */
  async keepQuota(): Promise<boolean> {
    const { policy, sources } = this;
    if (policy === undefined) return false;
    // What is being written anew is there twice for a while.
    const excess = (await sources.totalBytes()) + this.parts.sizes.fullBytes - policy.quotaBytes;
    this.excess = undefined;
    if (excess <= 0) return false;
    for (const { id } of await sources.segments()) {
      const { marks } = this.parts.catalog;
      const ids = await oldest(this.parts.catalog, id, excess);
      if (ids.size === 0) continue;
      const before = await sources.totalBytes();
      await this.drop(id, ids, 'quota', marks);
      if ((await sources.totalBytes()) < before) return true;
    }
    const over = (await sources.totalBytes()) - policy.quotaBytes;
    if (over > 0) this.excess = over;
    return false;
  }

  /** `marks` were there when the versions were chosen. */
  private async drop(segment: string, ids: ReadonlySet<VersionId>, why: Dropping['why'], marks: number): Promise<void> {
    const before = await this.sources.totalBytes();
    const counts = new Map<string, number>();
    const cut = new Set<string>();
    const change = (row: VersionRow): VersionRow | undefined => {
      const file = `${row.file.nth} ${row.file.born}`;
      if (!ids.has(row.id)) return cut.delete(file) ? withoutCounts(row) : row;
      counts.set(row.path, (counts.get(row.path) ?? 0) + 1);
      cut.add(file);
      return undefined;
    };
    // What was pinned or labelled meanwhile stays: it is looked at again.
    const isStillMeant = (): boolean => this.parts.catalog.marks === marks;
    if (!(await this.sources.rewrite([{ id: segment, kind: 'segment' }], { change, isStillMeant }))) return;
    const { clock, log } = this.parts;
    const bytes = Math.max(0, before - (await this.sources.totalBytes()));
    const versions = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const reason = why === 'age' ? 'they are old and later ones of the same hour or day stay' : 'the quota is reached';
    log.info(`${versions} versions of ${counts.size} files were dropped (${bytes} bytes), because ${reason}.`);
    await this.notebook.note({}, { time: clock.now(), why, versions, bytes });
  }
}

/** Its lines were counted against a version that is gone. */
function withoutCounts(row: VersionRow): VersionRow {
  const { added: _added, removed: _removed, ...rest } = row;
  return rest;
}
