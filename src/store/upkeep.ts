import {
  defaultRetention,
  type CheckReport,
  type Dropping,
  type ForgetPlan,
  type ForgetResult,
  type RetentionPolicy,
  type StorageFacts,
  type Transfer,
} from '../model/upkeep';
import { ObbyError } from '../model/errors';
import type { VersionId } from '../model/version';
import type { CatalogQueries } from './catalogQueries';
import type { CatalogWalk } from './catalogWalk';
import type { CatalogSaver } from './catalogSaver';
import { Checking } from './checking';
import type { Selection, StoreProblem } from './contract';
import { FolderLock } from './folderLock';
import { Forgetting } from './forgetting';
import { oldest, tooOld } from './retention';
import { UnreadableSource, type RewriteSource } from './rewrite';
import { Rewriter, type RewriteOptions, type RewriterParts } from './rewriter';
import { JournalRequests } from './journalRequests';
import { storageFacts } from './storageFacts';
import type { StoreSizes } from './storeSizes';
import { Transferring } from './transferring';
import { Turn } from './turn';
import type { VersionRow } from './versionRow';
import { readNotes, writeNotes } from './upkeepNotes';

export interface UpkeepParts extends RewriterParts {
  readonly sizes: StoreSizes;
  readonly queries: CatalogQueries;
  readonly walk: CatalogWalk;
  readonly saver: CatalogSaver;
  readonly report: (problem: StoreProblem) => void;
  readonly isAbandoned: (owner: string) => Promise<boolean>;
  /** Brings the catalog up to date with the folder. */
  readonly refresh: () => Promise<void>;
}

/** So many segments of about the same size are merged into one, up to the size of a whole segment. */
const mergedAtOnce = 4;
/** A segment is written anew for its age when this share of its versions goes. */
const worthwhileShare = 0.1;
/** Each segment is looked at for old versions this often. */
const thinEveryMs = 6 * 3_600_000;
const checkEveryMs = 24 * 3_600_000;

/** Keeps the store small and sound. Only one window does so at a time, one thing after another. */
export class Upkeep {
  private readonly turn = new Turn();
  private readonly lock: FolderLock;
  private readonly rewriter: Rewriter;
  private readonly requests: JournalRequests;
  private readonly forgetting: Forgetting;
  private readonly checking: Checking;
  private readonly transferring: Transferring;
  private policy: RetentionPolicy | undefined;
  /** When each segment was last looked at for old versions. */
  private readonly thinned = new Map<string, number>();
  private overQuota: number | undefined;
  /** Sources that could not be read as a whole: left alone until they were checked. */
  private readonly unreadable = new Set<string>();
  private isSwept = false;

  private readonly parts: UpkeepParts;
  private readonly stop = new AbortController();

  constructor(own: Omit<UpkeepParts, 'stop'>) {
    const parts = (this.parts = { ...own, stop: this.stop.signal });
    this.lock = new FolderLock({ ...parts, name: 'upkeep' });
    this.rewriter = new Rewriter(parts);
    this.requests = new JournalRequests(parts);
    this.forgetting = new Forgetting(parts, this.rewriter, this.requests);
    this.checking = new Checking(parts, this.rewriter);
    this.transferring = new Transferring(parts);
  }

  setRetention(policy: RetentionPolicy): void {
    this.policy = policy;
    this.thinned.clear();
  }

  /** One small step; true when there is more to do. */
  step(): Promise<boolean> {
    return this.alone(async () => {
      if (!this.isSwept) await this.rewriter.sweep();
      this.isSwept = true;
      if (await this.seal()) return true;
      if (await this.merge()) return true;
      if (await this.thin()) return true;
      if (await this.keepQuota()) return true;
      return this.checkDaily();
    });
  }

  /** Waits, before more is recorded, while the quota would be exceeded by more than a segment. */
  async makeRoom(): Promise<void> {
    const { journals, sizes } = this.parts;
    if (this.policy === undefined || this.stop.signal.aborted || journals.currentBytes < sizes.fullBytes) return;
    if ((await this.totalBytes()) + sizes.fullBytes < this.policy.quotaBytes) return;
    await this.alone(async () => {
      await this.seal();
      while (await this.keepQuota());
    });
  }

  /** Ends the own journal when another window has asked for it. */
  answerRequests(): Promise<void> {
    return this.requests.answer();
  }

  planForget(selection: Selection): Promise<ForgetPlan> {
    return this.forgetting.plan(selection);
  }

  forget(selection: Selection): Promise<ForgetResult> {
    return this.alone(async () => {
      const before = await this.totalBytes();
      const plan = await this.forgetting.forget(selection);
      return { ...plan, freedBytes: Math.max(0, before - (await this.totalBytes())) };
    });
  }

  check(onProgress?: (done: number, total: number) => void): Promise<CheckReport> {
    return this.alone(async () => {
      const report = await this.checking.run(onProgress);
      this.unreadable.clear();
      await this.note({ lastCheck: { time: report.time, damagedCount: report.damagedCount } });
      return report;
    });
  }

  exportTo(target: string, matches: (path: string) => boolean): Promise<Transfer> {
    return this.alone(() => this.transferring.exportTo(target, matches));
  }

  importFrom(source: string): Promise<Transfer> {
    return this.alone(() => this.transferring.importFrom(source));
  }

  async storage(): Promise<StorageFacts> {
    const { files, dir } = this.parts;
    const { quotaBytes } = this.policy ?? defaultRetention;
    const facts = await storageFacts(this.parts, await readNotes(files, dir), quotaBytes);
    return this.overQuota === undefined ? facts : { ...facts, overQuotaBytes: this.overQuota };
  }

  /** Ends what is under way, of which nothing is done then, and resolves. */
  async close(): Promise<void> {
    this.stop.abort(new ObbyError('closed', 'The history of this folder is closed.'));
    await this.turn.run(() => Promise.resolve());
  }

  private alone<T>(work: () => Promise<T>): Promise<T> {
    return this.turn.run(() => {
      this.stop.signal.throwIfAborted();
      return this.lock.hold(async () => {
        // Another window may have written anew what this one knows.
        await this.parts.refresh();
        return work();
      });
    });
  }

  /** Seals what nobody appends to any more, and the own journal when it is worth it. */
  private async seal(): Promise<boolean> {
    const { journals, sizes } = this.parts;
    if (journals.currentBytes >= sizes.minSealBytes) await this.requests.rotate();
    const ids = journals.finished().flatMap(({ id }) => (this.unreadable.has(id) ? [] : [id]));
    if (ids.length === 0) return false;
    await this.rewrite(ids.map((id): RewriteSource => ({ id, kind: 'journal' })));
    return true;
  }

  /** Merges small segments: those of about one size, so that a version is written anew a few times only in its life. */
  private async merge(): Promise<boolean> {
    const { fullBytes, minSealBytes } = this.parts.sizes;
    const tiers = new Map<number, RewriteSource[]>();
    for (const { id, bytes } of await this.sizes()) {
      if (bytes > fullBytes / mergedAtOnce) continue;
      const tier = Math.floor(Math.log(Math.max(bytes, minSealBytes / 2)) / Math.log(mergedAtOnce));
      const segments = tiers.get(tier) ?? [];
      tiers.set(tier, [...segments, { id, kind: 'segment' }]);
    }
    const full = [...tiers.values()].find((segments) => segments.length >= mergedAtOnce);
    if (full === undefined) return false;
    await this.rewrite(full.slice(0, mergedAtOnce));
    return true;
  }

  private async thin(): Promise<boolean> {
    const { policy } = this;
    const { catalog, clock } = this.parts;
    if (policy === undefined) return false;
    const now = clock.now();
    for (const { id, entries } of await this.sizes()) {
      if (now - (this.thinned.get(id) ?? -Infinity) < thinEveryMs) continue;
      this.thinned.set(id, now);
      const ids = await tooOld(catalog, id, policy, now);
      if (ids.size === 0 || ids.size < entries * worthwhileShare) return true;
      await this.drop(id, ids, 'age');
      return true;
    }
    return false;
  }

  /** True when something was dropped. */
  private async keepQuota(): Promise<boolean> {
    const { policy } = this;
    if (policy === undefined) return false;
    // What is being written anew is there twice for a while.
    const excess = (await this.totalBytes()) + this.parts.sizes.fullBytes - policy.quotaBytes;
    this.overQuota = undefined;
    if (excess <= 0) return false;
    for (const { id } of await this.sizes()) {
      const ids = await oldest(this.parts.catalog, id, excess);
      if (ids.size === 0) continue;
      const before = await this.totalBytes();
      await this.drop(id, ids, 'quota');
      if ((await this.totalBytes()) < before) return true;
    }
    const over = (await this.totalBytes()) - policy.quotaBytes;
    if (over > 0) this.overQuota = over;
    return false;
  }

  private async drop(segment: string, ids: ReadonlySet<VersionId>, why: Dropping['why']): Promise<void> {
    const before = await this.totalBytes();
    const counts = new Map<string, number>();
    const cut = new Set<string>();
    const change = (row: VersionRow): VersionRow | undefined => {
      const file = `${row.file.nth} ${row.file.born}`;
      if (!ids.has(row.id)) return cut.delete(file) ? withoutCounts(row) : row;
      counts.set(row.path, (counts.get(row.path) ?? 0) + 1);
      cut.add(file);
      return undefined;
    };
    const { marks } = this.parts.catalog;
    // What was pinned or labelled meanwhile stays: it is looked at again.
    const isStillMeant = (): boolean => this.parts.catalog.marks === marks;
    if (!(await this.rewrite([{ id: segment, kind: 'segment' }], { change, isStillMeant }))) return;
    const { clock, log } = this.parts;
    const bytes = Math.max(0, before - (await this.totalBytes()));
    const versions = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const reason = why === 'age' ? 'they are old and later ones of the same hour or day stay' : 'the quota is reached';
    log.info(`${versions} versions of ${counts.size} files were dropped (${bytes} bytes), because ${reason}.`);
    await this.note({}, { time: clock.now(), why, versions, bytes });
  }

  /** What cannot be read as a whole is left alone, and said; the rest goes on. */
  private async rewrite(sources: readonly RewriteSource[], options?: RewriteOptions): Promise<boolean> {
    try {
      return await this.rewriter.rewrite(sources, options);
    } catch (error) {
      if (!(error instanceof UnreadableSource)) throw error;
      this.unreadable.add(error.source);
      this.parts.report({ file: error.file, message: error.message });
      return false;
    }
  }

  private async checkDaily(): Promise<boolean> {
    const { files, dir, clock } = this.parts;
    const { lastCheck } = await readNotes(files, dir);
    if (clock.now() - (lastCheck?.time ?? -Infinity) < checkEveryMs) return false;
    const report = await this.checking.some();
    if (report === undefined) return true;
    this.unreadable.clear();
    await this.note({ lastCheck: { time: report.time, damagedCount: report.damagedCount } });
    return false;
  }

  private async note(
    change: { readonly lastCheck?: NonNullable<StorageFacts['lastCheck']> },
    dropping?: Dropping,
  ): Promise<void> {
    const { files, dir, owner } = this.parts;
    const notes = await readNotes(files, dir);
    const droppings = dropping === undefined ? notes.droppings : [dropping, ...notes.droppings];
    await writeNotes(files, dir, owner, { ...notes, ...change, droppings });
  }

  /** Segments with their bytes on disk and how many entries they hold, oldest first. */
  private async sizes(): Promise<{ readonly id: string; readonly bytes: number; readonly entries: number }[]> {
    const { files, segments, catalog } = this.parts;
    const sizes = [];
    for (const { id, entries } of catalog.segments()) {
      if (segments.isSetAside(id) || this.unreadable.has(id)) continue;
      sizes.push({ id, entries, bytes: (await files.stat(segments.pathOf(id)))?.size ?? 0 });
    }
    return sizes;
  }

  private async totalBytes(): Promise<number> {
    const { files, dir } = this.parts;
    const infos = await Promise.all((await files.list(dir)).map((name) => files.stat(`${dir}/${name}`)));
    return infos.reduce((sum, info) => sum + (info?.size ?? 0), 0);
  }
}

/** Its lines were counted against a version that is gone. */
function withoutCounts(row: VersionRow): VersionRow {
  const { added: _added, removed: _removed, ...rest } = row;
  return rest;
}
