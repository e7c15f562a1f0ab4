import type { ScanResult } from '../model/scan';

/** Changes of which no event came, since a time (ms). */
export interface MissedChanges {
  readonly since: number;
  readonly count: number;
}

/** One scan may meet a change made just when events begin to come, or one for which no system sends any. */
const maxSilentScans = 2;

/** Finds out that no events come from a folder at all, which nothing else reports. */
export class EventHealth {
  private hasReceived = false;
  private silentScans = 0;
  private firstMs: number | undefined;
  private count = 0;

  /** An event came, for whatever path. */
  handleEvent(): void {
    this.hasReceived = true;
  }

  /**
   * A scan has ended; the one before ended at `since` (ms), if there was one. Gives what was missed once there is no
   * doubt that events do not come.
   */
  scanned(
    { missedByEvents }: Pick<ScanResult, 'missedByEvents'>,
    since: number | undefined,
  ): MissedChanges | undefined {
    if (this.hasReceived) {
      this.hasReceived = false;
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
