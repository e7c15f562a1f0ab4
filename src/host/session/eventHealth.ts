import type { ScanResult } from '../../engine/engine';

/** Changes that no event told of, since a time (ms). */
export interface MissedChanges {
  readonly since: number;
  readonly count: number;
}

/** One scan may come upon a change in the moment in which events begin to come, or upon one that no system tells of. */
const maxSilentScans = 2;

/** Finds out that no events come from a folder at all, which nothing and nobody says. */
export class EventHealth {
  private hasHeard = false;
  private silentScans = 0;
  private firstMs: number | undefined;
  private count = 0;

  /** An event came, whatever it told of. */
  heard(): void {
    this.hasHeard = true;
  }

  /**
   * A scan has ended; the one before ended at `since` (ms), if there was one. Tells what was missed once there is no
   * doubt that events do not come.
   */
  scanned(
    { missedByEvents }: Pick<ScanResult, 'missedByEvents'>,
    since: number | undefined,
  ): MissedChanges | undefined {
    if (this.hasHeard) {
      this.hasHeard = false;
      this.silentScans = this.count = 0;
      this.firstMs = undefined;
      return undefined;
    }
    if (missedByEvents === 0 || since === undefined) return undefined;
    this.silentScans++;
    this.count += missedByEvents;
    this.firstMs ??= since;
    return this.silentScans >= maxSilentScans ? { since: this.firstMs, count: this.count } : undefined;
  }
}
