import type { FolderStatus } from '../../api/api';
import type { Gap, GapKind } from '../../model/gap';
import type { VersionRecord } from '../../model/version';
import type { Rules } from '../../rules/rules';
import type { EngineEvent, ScanResult } from '../../engine/engine';
import type { MissedChanges } from './eventHealth';
import type { GapLedger } from './gapLedger';

type Counts = Pick<FolderStatus, 'files' | 'versions'>;
type Facts = Counts &
  Pick<FolderStatus, 'gaps' | 'unrecorded' | 'scanning' | 'lastScan' | 'problem' | 'canRestoreRules'>;

const maxUnrecorded = 100;
/** Changes of files that are too large belong together when no more time lies between them. */
const sameSpanMs = 3_600_000;
/** What changed in a span of these kinds is found by the look that follows it. */
const unseen: readonly GapKind[] = ['closed', 'paused', 'failed'];
/** What else may go on when a window ends. */
const others: readonly GapKind[] = ['failed', 'polling', 'unreadable'];

/** What happened to a folder, as its status tells it. */
export class FolderStatusTracker {
  /** Why paths are not recorded, until they are. */
  private readonly unrecorded = new Map<string, string>();
  private isScanned = false;
  private scanning: Facts['scanning'];
  private last: Facts['lastScan'];
  /** Files that are counted as existing and not watched any more. */
  private unwatched = 0;
  private reason: string | undefined;

  /** Of the history, when it was last counted. */
  counts: Counts = { files: 0, versions: 0 };
  /** Those that count now. */
  rules: Pick<Rules, 'closed' | 'canRestore'> = { closed: new Map(), canRestore: false };

  constructor(
    private readonly now: () => number,
    private readonly ledger: GapLedger,
    private readonly why: (kind: GapKind, detail?: string) => string,
  ) {}

  get lastScan(): Facts['lastScan'] {
    return this.last;
  }

  /** Why recording stopped. */
  get problem(): string | undefined {
    return this.reason;
  }

  get value(): Facts {
    return {
      files: Math.max(0, this.counts.files - this.unwatched),
      versions: this.counts.versions,
      gaps: this.ledger.all,
      unrecorded: [...this.closedFolders(), ...[...this.unrecorded].map(([path, reason]) => ({ path, reason }))],
      ...(this.rules.canRestore && { canRestoreRules: true }),
      ...(this.scanning && { scanning: this.scanning }),
      ...(this.last && { lastScan: this.last }),
      ...(this.reason !== undefined && { problem: this.reason }),
    };
  }

  /** The history is open. A pause that began in an earlier window goes on, and then nothing else kept Obby from recording. */
  opened(closedSince: number | undefined, isPaused: boolean): void {
    const since = closedSince ?? this.now();
    this.ledger.end(isPaused ? others : [...others, 'paused'], since);
    if (isPaused) this.ledger.begin('paused', since, { why: this.why('paused') });
    else if (closedSince !== undefined) this.noteGap('closed', closedSince, this.why('closed'));
  }

  paused(): void {
    this.ledger.begin('paused', this.now(), { why: this.why('paused') });
  }

  resumed(): void {
    this.ledger.end(['paused'], this.now());
  }

  /** The folder is polled from now on, for that reason, or not. */
  watched(pollsBecause: string | undefined): void {
    if (pollsBecause === undefined) this.ledger.end(['polling'], this.now());
    else this.ledger.begin('polling', this.now(), { why: this.why('polling', pollsBecause) });
  }

  limitReached(why: string): void {
    this.noteGap('watch limit', this.last?.time ?? this.now(), this.why('watch limit', why));
  }

  /** No event told of changes, which scans have found since. */
  eventsMissed({ since, count }: MissedChanges): void {
    this.ledger.add({
      kind: 'no events',
      from: since,
      to: Math.max(since, this.now()),
      why: this.why('no events'),
      count,
    });
  }

  /** Recording stopped for a reason that a person should read; undefined: it goes on. */
  failed(reason: string | undefined): void {
    this.reason = reason;
    if (reason === undefined) this.ledger.end(['failed'], this.now());
    else this.ledger.begin('failed', this.now(), { why: this.why('failed', reason) });
  }

  scanStarts(): void {
    // The scan meets again whatever still cannot be recorded.
    this.unrecorded.clear();
    this.isScanned = true;
  }

  scanEnds(): void {
    this.scanning = undefined;
    this.isScanned = false;
  }

  heard(event: EngineEvent): void {
    switch (event.type) {
      case 'scan':
        this.scanning = { done: event.done, total: event.total };
        break;
      case 'scanned':
        if (!event.result.isCancelled) this.scanned(event.result);
        break;
      case 'store':
        this.failed(event.error?.message);
        break;
      case 'problem':
        if (this.unrecorded.size < maxUnrecorded) this.unrecorded.set(event.path, event.error.message);
        this.ledger.begin('unreadable', this.now(), { why: this.why('unreadable'), count: this.unrecorded.size });
        break;
      case 'recorded':
        this.recorded(event.versions);
        break;
      case 'check':
      case 'git':
      case 'hints':
      case 'limit':
      case 'rules':
      case 'log':
        break;
    }
  }

  private closedFolders(): Facts['unrecorded'] {
    const closed = [...this.rules.closed].slice(0, maxUnrecorded);
    return closed.map(([dir, { message }]) => ({ path: `${dir || '.'}/`, reason: message }));
  }

  private scanned({ ms, files, unwatched }: ScanResult): void {
    this.last = { time: this.now(), ms, files };
    this.unwatched = unwatched;
    this.endUnreadable();
  }

  private recorded(versions: readonly VersionRecord[]): void {
    const mended = versions.filter(({ path }) => this.unrecorded.delete(path));
    // Until a scan ends, nobody knows what it still meets.
    if (mended.length > 0 && !this.isScanned) this.endUnreadable();
    const tooLarge = versions.filter(({ unstored }) => unstored === 'too large').length;
    if (tooLarge > 0) this.noteTooLarge(tooLarge);
    const found = new Map<Gap, number>();
    for (const version of versions) {
      const gap = this.gapOf(version);
      if (gap) found.set(gap, (found.get(gap) ?? 0) + 1);
    }
    for (const [gap, count] of found) this.ledger.count(gap, count);
  }

  private endUnreadable(): void {
    if (this.unrecorded.size === 0) this.ledger.end(['unreadable'], this.now());
  }

  private noteTooLarge(count: number): void {
    const now = this.now();
    const last = this.ledger.newest(({ kind }) => kind === 'too large');
    if (last && now - (last.to ?? last.from) < sameSpanMs) this.ledger.count(last, count, now);
    else this.ledger.add({ kind: 'too large', from: now, to: now, why: this.why('too large'), count });
  }

  /** The span in which a change happened that was found afterwards. */
  private gapOf({ cause, causeDetail, time }: VersionRecord): Gap | undefined {
    const since = cause === 'offline' ? causeDetail?.since : undefined;
    if (since === undefined) return undefined;
    return this.ledger.newest(({ kind, from, to = Infinity }) => unseen.includes(kind) && from <= time && to >= since);
  }

  private noteGap(kind: GapKind, from: number, why: string): void {
    this.ledger.add({ kind, from, to: Math.max(from, this.now()), why, count: 0 });
  }
}
