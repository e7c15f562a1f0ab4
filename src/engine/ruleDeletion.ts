/** A deletion of rule files is over when this many scans in a row found no further deletion. */
const quietScans = 3;
const scanPauseMs = 1_000;

export interface RuleDeletionDeps {
  readonly after: (ms: number, run: () => void) => void;
  /** Scans for further deletions. */
  readonly scan: () => void;
}

/** Finds out when a deletion of rule files and other files is over. */
export class RuleDeletion {
  /** Rule files were deleted; more deletions may follow. */
  isActive = false;
  /** Other files were deleted since the last scan. */
  private isDeleting = false;
  /** Other files were deleted at all. */
  private hasDeleted = false;
  private quiet = 0;
  private isScanDue = false;

  constructor(private readonly deps: RuleDeletionDeps) {}

  begin(): void {
    this.isActive = true;
    this.scanSoon();
  }

  end(): void {
    this.isActive = this.hasDeleted = false;
    this.quiet = 0;
  }

  /** A file other than a rule file was deleted. */
  noteDeletion(): void {
    this.isDeleting = true;
  }

  /**
   * A scan has recorded what it found. True when nothing more is expected.
   * @param isAwaited the caller waits for the present rules to apply
   */
  scanned(isAwaited: boolean): boolean {
    const { isDeleting } = this;
    this.isDeleting = false;
    if (!this.isActive || this.isQuiet(isDeleting, isAwaited)) return true;
    this.scanSoon();
    return false;
  }

  private isQuiet(isDeleting: boolean, isAwaited: boolean): boolean {
    this.hasDeleted ||= isDeleting;
    if (isAwaited && !this.hasDeleted) return true;
    if (isDeleting) this.quiet = 0;
    // Only scans that are a second apart count.
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
