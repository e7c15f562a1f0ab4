import type { FolderStatus } from '../api';
import type { EngineEvent, ScanResult } from '../worker/contract';
import type { GapLedger } from './gapLedger';

type Counts = Pick<FolderStatus, 'files' | 'versions'>;
type Facts = Counts & Pick<FolderStatus, 'gaps' | 'unrecorded' | 'scanning' | 'lastScan' | 'problem'>;

const maxUnrecorded = 100;

/** What happened to a folder, as its status tells it. */
export class FolderFacts {
  /** Why paths are not recorded, until they are. */
  private readonly unrecorded = new Map<string, string>();
  private scanning: Facts['scanning'];
  private last: Facts['lastScan'];
  /** Files that are counted as existing and not watched any more. */
  private unwatched = 0;

  /** Of the history, when it was last counted. */
  counts: Counts = { files: 0, versions: 0 };
  /** Why recording stopped. */
  problem: string | undefined;

  constructor(
    private readonly now: () => number,
    private readonly ledger: GapLedger,
  ) {}

  get lastScan(): Facts['lastScan'] {
    return this.last;
  }

  get value(): Facts {
    return {
      files: Math.max(0, this.counts.files - this.unwatched),
      versions: this.counts.versions,
      gaps: this.ledger.all,
      unrecorded: [...this.unrecorded].map(([path, reason]) => ({ path, reason })),
      ...(this.scanning && { scanning: this.scanning }),
      ...(this.last && { lastScan: this.last }),
      ...(this.problem !== undefined && { problem: this.problem }),
    };
  }

  noteGap(from: number, why: string): void {
    this.ledger.add({ from, to: this.now(), why });
  }

  scanStarts(): void {
    // The scan meets again whatever still cannot be recorded.
    this.unrecorded.clear();
  }

  scanEnds(): void {
    this.scanning = undefined;
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
        this.problem = event.error?.message;
        break;
      case 'problem':
        if (this.unrecorded.size < maxUnrecorded) this.unrecorded.set(event.path, event.error.message);
        break;
      case 'recorded':
        for (const { path } of event.versions) this.unrecorded.delete(path);
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

  private scanned({ ms, files, unwatched }: ScanResult): void {
    this.last = { time: this.now(), ms, files };
    this.unwatched = unwatched;
  }
}
