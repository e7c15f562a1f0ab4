import { defaultRetention, type Dropping, type RetentionPolicy } from '../../model/historyMaintenance';
import type { VersionId } from '../../model/version';
import { costliest } from './costliest';
import { finishedOwner, parseJournalName, setAside } from '../journal/journalSet';
import type { RewritableSources } from './rewriter';
import type { MaintenanceDeps } from './rewrite';
import type { MaintenanceNotebook } from './storageFacts';
import { kinds, type VersionRow } from '../format/versionRow';
import { eachCandidate, ContentTable } from './dropCandidates';
import type { Catalog } from '../catalog/catalog';
import { formatVersionId } from '../format/versionKey';

/** A segment is rewritten for age only if at least this share of its versions is dropped. */
const worthwhileShare = 0.1;
/** How often old versions are searched. */
const thinEveryMs = 6 * 3_600_000;
/** When the quota is exceeded, this share of it is freed too, so that not each version costs a rewrite. */
const reserveShare = 1 / 64;

/** Drops versions according to the policy; none without a policy. */
export class RetentionEnforcer {
  private policy: RetentionPolicy | undefined;
  /** When old versions were last searched and none was left to drop, as elapsed time. */
  private thinnedAt = -Infinity;
  /** The time (ms since the epoch) when this history was last opened before, and the elapsed time when it was now. */
  private opened: { readonly before: number; readonly elapsed: number } | undefined;
  private excess: number | undefined;

  constructor(
    private readonly deps: MaintenanceDeps,
    private readonly sources: RewritableSources,
    private readonly notebook: MaintenanceNotebook,
  ) {}

  setPolicy(policy: RetentionPolicy): void {
    this.policy = policy;
    this.thinnedAt = -Infinity;
  }

  get quotaBytes(): number {
    return (this.policy ?? defaultRetention).quotaBytes;
  }

  /** Bytes over the quota that cannot be freed; undefined: none. */
  get overQuotaBytes(): number | undefined {
    return this.excess;
  }

  /** Whether the store takes more than the quota. */
  async isOver(): Promise<boolean> {
    return (await this.bytesOver()) > 0;
  }

  /** Drops old versions from one segment; true when there may be more to drop. */
  async thin(): Promise<boolean> {
    const { policy } = this;
    const { catalog, clock } = this.deps;
    if (policy === undefined || clock.elapsed() - this.thinnedAt < thinEveryMs) return false;
    const { annotations } = catalog;
    const old = await tooOld(catalog, policy, await this.certainTime());
    for (const { id, entries } of await this.sources.segments()) {
      const ids = old.get(id) ?? new Set();
      if (ids.size === 0 || ids.size < entries * worthwhileShare) continue;
      if (await this.drop(id, ids, 'age', annotations)) return true;
    }
    this.thinnedAt = clock.elapsed();
    return false;
  }

  /**
   * A time that has certainly come, though the system's clock may be far ahead for a while: when the history was opened
   * before, plus what has passed since it was opened now.
   */
  private async certainTime(): Promise<number> {
    const { clock } = this.deps;
    const now = clock.now();
    if (this.opened === undefined) {
      const { opened: before = now } = await this.notebook.read();
      this.opened = { before: Math.min(before, now), elapsed: clock.elapsed() };
      await this.notebook.note({ opened: now });
    }
    return Math.min(now, this.opened.before + clock.elapsed() - this.opened.elapsed);
  }

  /** Drops the costliest versions from one segment if the quota is exceeded; true when something was dropped. */
  async keepQuota(): Promise<boolean> {
    const over = await this.bytesOver();
    this.excess = undefined;
    if (over <= 0) return false;
    const { catalog, sizes } = this.deps;
    const { annotations } = catalog;
    const segments = new Set((await this.sources.segments()).map(({ id }) => id));
    const reserve = Math.min(this.quotaBytes * reserveShare, sizes.fullBytes);
    for (const { segment, ids } of await costliest(catalog, segments, over + reserve)) {
      if (await this.drop(segment, ids, 'quota', annotations)) return true;
    }
    this.excess = over;
    return false;
  }

  /** Bytes that may still be written, as far as the quota is concerned. */
  async spareBytes(): Promise<number> {
    return -(await this.bytesOver());
  }

  /** Journals of other windows do not count: those windows seal them. */
  private async bytesOver(): Promise<number> {
    if (this.policy === undefined) return -Infinity;
    const isTheirs = (name: string): boolean => {
      const journal = parseJournalName(name);
      return journal !== undefined && ![this.deps.ownership.name, finishedOwner, setAside].includes(journal.owner);
    };
    const { quotaBytes } = this.policy;
    const over = async (): Promise<number> => (await this.sources.totalBytes((name) => !isTheirs(name))) - quotaBytes;
    const bytes = await over();
    // No version is dropped for an index.
    return bytes > 0 && (await this.deps.lineIndexes.removeAll()) ? over() : bytes;
  }

  /**
   * Returns whether versions were dropped, or bytes freed. `annotations` is their number when the versions were
   * chosen.
   */
  private async drop(
    segment: string,
    ids: ReadonlySet<VersionId>,
    why: Dropping['why'],
    annotations: number,
  ): Promise<boolean> {
    const before = await this.sources.totalBytes();
    const counts = new Map<string, number>();
    const cut = new Set<string>();
    const change = (row: VersionRow): VersionRow | undefined => {
      const file = `${row.file.generation} ${row.file.originPath}`;
      if (!ids.has(row.id)) return cut.delete(file) ? withoutCounts(row) : row;
      counts.set(row.path, (counts.get(row.path) ?? 0) + 1);
      cut.add(file);
      return undefined;
    };
    // New labels or pins may keep some of these versions: they are chosen again.
    const isStillMeant = (): boolean => this.deps.catalog.annotations === annotations;
    if (!(await this.sources.rewrite([{ id: segment, kind: 'segment' }], { change, isStillMeant }))) return false;
    const { clock, log } = this.deps;
    const bytes = Math.max(0, before - (await this.sources.totalBytes()));
    const versions = [...counts.values()].reduce((sum, count) => sum + count, 0);
    if (versions === 0) return bytes > 0;
    const reason =
      why === 'age'
        ? 'they are old and later ones of the same hour or day stay'
        : 'the quota was exceeded and they took most of it';
    log.info(`${versions} versions of ${counts.size} files were dropped (${bytes} bytes), because ${reason}.`);
    await this.notebook.note({}, { time: clock.now(), why, versions, bytes });
    return true;
  }
}

/** The line counts were against a version that was dropped. */
function withoutCounts(row: VersionRow): VersionRow {
  const { added: _added, removed: _removed, ...rest } = row;
  return rest;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const created = kinds.indexOf('created');
const modified = kinds.indexOf('modified');

/** By segment, the old versions that have a later one of their file in the same hour, or day. */
async function tooOld(
  catalog: Catalog,
  policy: RetentionPolicy,
  now: number,
): Promise<ReadonlyMap<string, ReadonlySet<VersionId>>> {
  const old = new Map<string, Set<VersionId>>();
  await eachCandidate(catalog, await ContentTable.read(catalog), (version) => {
    const { time, segment, kind, stays, at, nextAt } = version;
    const age = now - time;
    if (stays || segment === undefined || age <= policy.keepAllMs || (kind !== created && kind !== modified)) return;
    const span = age <= policy.keepHourlyMs ? hourMs : dayMs;
    if (Math.floor(at / span) !== Math.floor(nextAt / span)) return;
    const ids = old.get(segment) ?? new Set();
    old.set(segment, ids.add(formatVersionId(version)));
  });
  return old;
}
