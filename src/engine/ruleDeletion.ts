/** A folder's event that deletes rule files is over when so many scans in a row found nothing more. */
const quietScans = 3;
const scanPauseMs = 1_000;

export interface RuleDeletionDeps {
  readonly after: (ms: number, run: () => void) => void;
  /** Looks for what else was deleted. */
  readonly scan: () => void;
}

/** Follows an event that deletes rule files and others, to know when it is over. */
export class RuleDeletion {
  /** Rule files were deleted, and more may follow. */
  isGoing = false;
  /** Other files were deleted: since the last scan, and in the event. */
  private isDeleting = false;
  private hasDeleted = false;
  private quiet = 0;
  private isScanDue = false;

  constructor(private readonly deps: RuleDeletionDeps) {}

  begin(): void {
    this.isGoing = true;
    this.scanSoon();
  }

  end(): void {
    this.isGoing = this.hasDeleted = false;
    this.quiet = 0;
  }

  /** A file that is no rule file was deleted. */
  noteDeletion(): void {
    this.isDeleting = true;
  }

  /**
   * A scan has recorded what it found. True when nothing more is expected.
   * @param isAwaited the call waits for the present rules to count
   */
  scanned(isAwaited: boolean): boolean {
    const { isDeleting } = this;
    this.isDeleting = false;
    if (!this.isGoing || this.isQuiet(isDeleting, isAwaited)) return true;
    this.scanSoon();
    return false;
  }

  private isQuiet(isDeleting: boolean, isAwaited: boolean): boolean {
    this.hasDeleted ||= isDeleting;
    if (isAwaited && !this.hasDeleted) return true;
    if (isDeleting) this.quiet = 0;
    // Scans that come in between say less than those that are a second apart.
    else if (!this.isScanDue) this.quiet++;
    return this.quiet >= quietScans;
  }

  private scanSoon(): void {
    if (this.isScanDue) return;
    this.isScanDue = true;
    this.deps.after(scanPauseMs, () => {
      this.isScanDue = false;
      this.deps.scan();
    });
  }
}
