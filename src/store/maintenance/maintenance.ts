import type {
  CheckReport,
  ForgetPlanRecord,
  FolderForgetResult,
  RetentionPolicy,
  StorageFacts,
  Transfer,
} from '../../model/historyMaintenance';
import { messageOf } from '../../base/errors';
import { IntegrityCheck } from './integrityCheck';
import type { Selection } from '../../model/historyStore';
import { Busy, FolderLock } from '../sync/folderLock';
import { Eraser } from './eraser';
import { JournalRequests } from '../sync/journalRequests';
import { Overtaken } from '../journal/journalWriter';
import type { HeldName } from '../sync/ownership';
import { RetentionEnforcer } from './retentionEnforcer';
import { RewritableSources, Rewriter } from './rewriter';
import type { RewriteSource, MaintenanceDeps } from './rewrite';
import { storageFacts, MaintenanceNotebook } from './storageFacts';
import { storeFailure } from '../storeFailure';
import { HistoryTransfer } from './historyTransfer';
import { Sequencer } from '../../base/sequencer';

/** This many segments of about the same size are merged into one. */
const mergedAtOnce = 4;
const checkEveryMs = 24 * 3_600_000;
/** Background maintenance does not wait for that of another window... */
const stepPatienceMs = 100;
/** ...and what the user requested waits a little longer than it takes to notice that the other window is gone. */
const patienceMs = 120_000;
/** How often the quota is checked while a journal is filled. */
const looksAJournal = 4;

/** Periodic maintenance of one history, and what the user requests of it. One window at a time, one task after another. */
export class Maintenance {
  private readonly turn = new Sequencer();
  private readonly lock: FolderLock;
  private readonly rewriter: Rewriter;
  private readonly sources: RewritableSources;
  private readonly retaining: RetentionEnforcer;
  private readonly notebook: MaintenanceNotebook;
  private readonly requests: JournalRequests;
  private readonly forgetting: Eraser;
  private readonly checking: IntegrityCheck;
  private readonly transferring: HistoryTransfer;
  private isSwept = false;
  private isRoomWanted = false;
  /** Bytes of the journal when the quota was last checked. */
  private lookedAt = 0;
  /** Set while this window makes room. */
  private roomMaking: Promise<void> | undefined;

  private readonly parts: MaintenanceDeps;
  /** The name under which the current task began. */
  private held: HeldName;

  constructor(given: Omit<MaintenanceDeps, 'publish'>) {
    this.held = given.ownership.hold();
    const publish = (id: string, bytes: Uint8Array): Promise<void> => given.segments.write(id, bytes, this.held);
    const parts = (this.parts = { ...given, publish });
    this.lock = new FolderLock({ ...parts, name: 'upkeep' });
    this.rewriter = new Rewriter(parts);
    this.sources = new RewritableSources(parts, this.rewriter);
    this.notebook = new MaintenanceNotebook(parts);
    this.retaining = new RetentionEnforcer(parts, this.sources, this.notebook);
    this.requests = new JournalRequests(parts);
    this.forgetting = new Eraser(parts, this.rewriter, this.requests);
    this.checking = new IntegrityCheck(parts, this.rewriter, this.requests);
    this.transferring = new HistoryTransfer(parts);
  }

  setRetention(policy: RetentionPolicy): void {
    this.retaining.setPolicy(policy);
  }

  /** Does one small step; true when there is more to do. Does nothing while another window is at it. */
  async step(): Promise<boolean> {
    try {
      return await this.alone(() => this.stepNow(), stepPatienceMs);
    } catch (error) {
      if (!(error instanceof Busy) && !(error instanceof Overtaken)) throw error;
      this.parts.log.debug(`No maintenance now: ${error.message}`);
      return false;
    }
  }

  private async stepNow(): Promise<boolean> {
    await this.requests.endAbandoned();
    if (!this.isSwept) await this.rewriter.sweep();
    this.isSwept = true;
    if (await this.seal()) return true;
    if (await this.merge()) return true;
    if (await this.retaining.thin()) return true;
    if (await this.retaining.keepQuota()) return true;
    if (await this.parts.lineIndexes.step(await this.retaining.spareBytes())) return true;
    return this.checkDaily();
  }

  /**
   * Begins to make room if the quota is exceeded, which is checked a few times per journal. Recording does not wait for
   * the check, nor for the maintenance of another window.
   */
  makeRoom(): void {
    const { journals, sizes, log } = this.parts;
    if (this.isRoomWanted || this.parts.stop.aborted) return;
    const grown = journals.currentBytes - this.lookedAt;
    // If it shrank, it is another journal.
    if (grown >= 0 && grown < sizes.fullBytes / looksAJournal) return;
    this.lookedAt = journals.currentBytes;
    this.isRoomWanted = true;
    this.makeRoomIfOver()
      .finally(() => {
        this.isRoomWanted = false;
        this.roomMaking = undefined;
      })
      .catch((error: unknown) => {
        if (!this.parts.stop.aborted) log.warn(`No room was made: ${messageOf(error)}`);
      });
  }

  /** Resolves at once, or when this window has made room. Never rejects. */
  async hasRoom(): Promise<void> {
    await this.roomMaking?.catch(() => undefined);
  }

  /** Ends this window's journal if another window requested it. */
  answerRequests(): Promise<void> {
    return this.requests.answer();
  }

  planForget(selection: Selection): Promise<ForgetPlanRecord> {
    return this.reading(() => this.forgetting.plan(selection));
  }

  forget(selection: Selection): Promise<FolderForgetResult> {
    return this.alone(async () => {
      const before = await this.sources.totalBytes();
      const plan = await this.forgetting.forget(selection);
      return { ...plan, freedBytes: Math.max(0, before - (await this.sources.totalBytes())) };
    });
  }

  check(onProgress?: (done: number, total: number) => void): Promise<CheckReport> {
    return this.alone(async () => {
      const report = await this.checking.run(onProgress);
      await this.noteCheck(report);
      return report;
    });
  }

  exportTo(target: string, matches: (path: string) => boolean): Promise<Transfer> {
    return this.alone(() => this.transferring.exportTo(target, matches));
  }

  importFrom(source: string): Promise<Transfer> {
    return this.alone(() => this.transferring.importFrom(source));
  }

  storage(): Promise<StorageFacts> {
    return this.reading(async () => {
      const { quotaBytes, overQuotaBytes } = this.retaining;
      const facts = await storageFacts(this.parts, await this.notebook.read(), quotaBytes);
      return overQuotaBytes === undefined ? facts : { ...facts, overQuotaBytes };
    });
  }

  /** Resolves when no task is running. */
  settled(): Promise<void> {
    return this.turn.run(() => Promise.resolve());
  }

  private alone<T>(work: () => Promise<T>, waitMs = patienceMs): Promise<T> {
    const { stop, log, readOnly } = this.parts;
    return this.turn.run(async () => {
      stop.throwIfAborted();
      try {
        // A read-only folder takes no lock file, and reading needs none.
        if (readOnly !== undefined) return await this.begin(work);
        return await this.lock.hold(waitMs, (obstacle) => {
          stop.throwIfAborted();
          if (obstacle instanceof Busy) throw obstacle;
          return this.begin(work);
        });
      } catch (error) {
        throw storeFailure(error, log, 'what was under way is not done');
      }
    });
  }

  private async begin<T>(work: () => Promise<T>): Promise<T> {
    const { stop, refresh, ownership } = this.parts;
    this.held = ownership.hold();
    try {
      // Another window may have rewritten what this one knows.
      await refresh();
      return await work();
    } catch (error) {
      stop.throwIfAborted();
      // Another window has taken over, whatever the error was.
      if (!(await this.held.isKept().catch(() => true))) throw new Overtaken();
      throw error;
    }
  }

  /** For reading, which needs no lock. */
  private async reading<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw storeFailure(error, this.parts.log, 'it cannot be read');
    }
  }

  private async makeRoomIfOver(): Promise<void> {
    if (await this.retaining.isOver()) await this.alone(() => (this.roomMaking = this.makeRoomNow()));
  }

  private async makeRoomNow(): Promise<void> {
    // Sealed journals take less.
    await this.requests.rotate();
    await this.seal();
    while (await this.retaining.keepQuota());
  }

  /** Seals finished journals, and this window's journal if it is large enough. */
  private async seal(): Promise<boolean> {
    const { journals, sizes } = this.parts;
    if (journals.currentBytes >= sizes.minSealBytes) await this.requests.rotate();
    const finished = this.sources.finishedJournals();
    if (finished.length === 0) return false;
    await this.sources.rewrite(finished);
    return true;
  }

  /** Merges small segments of about the same size, so that a version is rewritten only a few times. */
  private async merge(): Promise<boolean> {
    const { fullBytes, minSealBytes } = this.parts.sizes;
    const tiers = new Map<number, RewriteSource[]>();
    for (const { id, bytes } of await this.sources.segments()) {
      if (bytes > fullBytes / mergedAtOnce) continue;
      const tier = Math.floor(Math.log(Math.max(bytes, minSealBytes / 2)) / Math.log(mergedAtOnce));
      const segments = tiers.get(tier) ?? [];
      tiers.set(tier, [...segments, { id, kind: 'segment' }]);
    }
    const full = [...tiers.values()].find((segments) => segments.length >= mergedAtOnce);
    if (full === undefined) return false;
    await this.sources.rewrite(full.slice(0, mergedAtOnce));
    return true;
  }

  private async checkDaily(): Promise<boolean> {
    const { lastCheck } = await this.notebook.read();
    // Also when the system's clock was set back since.
    if (Math.abs(this.parts.clock.now() - (lastCheck?.time ?? -Infinity)) < checkEveryMs) return false;
    const report = await this.checking.some();
    if (report === undefined) return true;
    await this.noteCheck(report);
    return false;
  }

  private async noteCheck({ time, damagedCount }: CheckReport): Promise<void> {
    this.sources.tryAllAgain();
    if (this.parts.readOnly === undefined) await this.notebook.note({ lastCheck: { time, damagedCount } });
  }
}
