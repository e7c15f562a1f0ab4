import type { ObbyError } from '../base/errors';
import type { GapKind, GapRecord, PollingReason, Reason } from '../model/gap';
import type { LastScan, ScanResult } from '../model/scan';
import type { VersionRecord } from '../model/version';
import type { MissedChanges } from '../watch/watchMode';
import type { EngineStatus } from './engineStatus';
import type { GapLedger } from './gapLedger';

type Counts = Pick<EngineStatus, 'files' | 'versions'>;
type Facts = Counts & Pick<EngineStatus, 'gaps' | 'unrecorded' | 'scanning' | 'lastScan' | 'problem'>;

const maxUnrecorded = 100;
/** Changes of too large files within this time are one gap. */
const sameSpanMs = 3_600_000;
/** Changes in gaps of these kinds are found by the next scan. */
const unseen: readonly GapKind[] = ['closed', 'paused', 'failed'];
/** Other gaps that may be open when a window ends. */
const others: readonly GapKind[] = ['failed', 'polling', 'unreadable'];

/** Keeps the facts that a folder's status reports. */
export class FolderStatusTracker {
  /** Reasons by path, until it is recorded. */
  private readonly unrecorded = new Map<string, string>();
  private isScanned = false;
  private scanning: Facts['scanning'];
  private last: LastScan | undefined;
  /** Files that the history counts but that are no longer watched. */
  private unwatched = 0;
  private reason: Reason | undefined;
  /** Counted once, then kept up to date. */
  private counts: Counts = { files: 0, versions: 0 };
  /** All versions counted so far. */
  private countedVersions = 0;

  constructor(
    private readonly now: () => number,
    private readonly ledger: GapLedger,
  ) {}

  get lastScan(): LastScan | undefined {
    return this.last;
  }

  /** Why recording stopped. */
  get problem(): Reason | undefined {
    return this.reason;
  }

  get value(): Facts {
    return {
      files: Math.max(0, this.counts.files - this.unwatched),
      versions: this.counts.versions,
      gaps: this.ledger.all,
      unrecorded: [...this.unrecorded].map(([path, reason]) => ({ path, reason })),
      ...(this.scanning && { scanning: this.scanning }),
      ...(this.last && { lastScan: this.last }),
      ...(this.reason !== undefined && { problem: this.reason }),
    };
  }

  /** Counts the history again; discards the result when a version was recorded meanwhile. */
  async recount(count: () => Promise<Counts>): Promise<void> {
    const before = this.countedVersions;
    const { files, versions } = await count();
    if (before === this.countedVersions) this.counts = { files, versions };
  }

  /** The history is open. A pause from an earlier window continues, and then explains the whole gap. */
  opened(closedSince: number | undefined, isPaused: boolean): void {
    const since = closedSince ?? this.now();
    this.ledger.end(isPaused ? others : [...others, 'paused'], since);
    if (isPaused) this.ledger.begin('paused', since, {});
    else if (closedSince !== undefined) this.noteGap('closed', closedSince);
  }

  paused(): void {
    this.ledger.begin('paused', this.now(), {});
  }

  resumed(): void {
    this.ledger.end(['paused'], this.now());
  }

  /** The folder is polled from now on for this reason; undefined: it is not. */
  watched(pollsBecause: PollingReason | undefined): void {
    if (pollsBecause === undefined) this.ledger.end(['polling'], this.now());
    else this.ledger.begin('polling', this.now(), { reason: pollsBecause });
  }

  /** No more folders can be watched; `code` is the system's error, undefined for the engine's own limit. */
  limitReached(code: string | undefined): void {
    const reason = { code: 'watch limit', args: code === undefined ? [] : [code] };
    this.noteGap('watch limit', this.last?.time ?? this.now(), reason);
  }

  /** Scans found changes that no event reported. */
  eventsMissed({ since, count }: MissedChanges): void {
    this.ledger.add({ kind: 'no events', from: since, to: Math.max(since, this.now()), count });
  }

  /** Recording stopped; undefined: it works again. */
  storeChanged(error: ObbyError | undefined): void {
    this.reason = error && { code: error.code, args: [error.message] };
    if (this.reason === undefined) this.ledger.end(['failed'], this.now());
    else this.ledger.begin('failed', this.now(), { reason: this.reason });
  }

  scanStarts(): void {
    // The scan finds again what still cannot be recorded.
    this.unrecorded.clear();
    this.isScanned = true;
  }

  scanProgress(done: number, total: number): void {
    this.scanning = { done, total };
  }

  scanned({ ms, files, unwatched, isCancelled }: ScanResult): void {
    if (isCancelled) return;
    this.last = { time: this.now(), ms, files };
    this.unwatched = unwatched;
    this.endUnreadable();
  }

  scanEnds(): void {
    this.scanning = undefined;
    this.isScanned = false;
  }

  /** A path could not be recorded. */
  notRecorded(path: string, message: string): void {
    if (this.unrecorded.size < maxUnrecorded) this.unrecorded.set(path, message);
    this.ledger.begin('unreadable', this.now(), { count: this.unrecorded.size });
  }

  recorded(versions: readonly VersionRecord[]): void {
    this.count(versions);
    const recovered = versions.filter(({ path }) => this.unrecorded.delete(path));
    // A running scan may still find unreadable files.
    if (recovered.length > 0 && !this.isScanned) this.endUnreadable();
    const tooLarge = versions.filter(({ unstored }) => unstored === 'too large').length;
    if (tooLarge > 0) this.noteTooLarge(tooLarge);
    const found = new Map<string, { readonly gap: GapRecord; count: number }>();
    for (const version of versions) {
      const gap = this.gapOf(version);
      if (!gap) continue;
      const counted = found.get(`${gap.kind} ${gap.from}`) ?? { gap, count: 0 };
      counted.count++;
      found.set(`${gap.kind} ${gap.from}`, counted);
    }
    for (const { gap, count } of found.values()) this.ledger.count(gap, count);
  }

  private count(versions: readonly VersionRecord[]): void {
    this.countedVersions += versions.length;
    const change = { created: 1, deleted: -1, modified: 0, renamed: 0 } as const;
    const files = versions.reduce((sum, { kind }) => sum + change[kind], this.counts.files);
    this.counts = { files, versions: this.counts.versions + versions.length };
  }

  private endUnreadable(): void {
    if (this.unrecorded.size === 0) this.ledger.end(['unreadable'], this.now());
  }

  private noteTooLarge(count: number): void {
    const now = this.now();
    const last = this.ledger.newest(({ kind }) => kind === 'too large');
    if (last && now - (last.to ?? last.from) < sameSpanMs) this.ledger.count(last, count, now);
    else this.ledger.add({ kind: 'too large', from: now, to: now, count });
  }

  /** The gap of a change that was found afterwards. */
  private gapOf({ cause, causeDetail, time }: VersionRecord): GapRecord | undefined {
    const since = cause === 'offline' ? causeDetail?.since : undefined;
    if (since === undefined) return undefined;
    return this.ledger.newest(({ kind, from, to = Infinity }) => unseen.includes(kind) && from <= time && to >= since);
  }

  private noteGap(kind: GapKind, from: number, reason?: Reason): void {
    this.ledger.add({ kind, from, to: Math.max(from, this.now()), ...(reason && { reason }), count: 0 });
  }
}
