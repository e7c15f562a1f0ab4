import type { Clock, Timers } from '../base/clock';
import type { HistoryStore } from '../model/historyStore';

export interface HousekeepingDeps {
  readonly store: Pick<HistoryStore, 'maintain'>;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Notes in the store that recording is going on. */
  readonly writeHeartbeat: () => Promise<void>;
  readonly isClosing: () => boolean;
  /** The store has changed, so its statistics are outdated. */
  readonly onMaintained: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Interval of heartbeats: the precision of "changed while closed". */
const heartbeatMs = 30_000;
/** Maintenance runs, a step at a time, once nothing was recorded for this long. */
const maintenanceIdleMs = 15_000;

/** Periodic work for one history: heartbeats and maintenance. */
export class Housekeeping {
  /** When something was last to be recorded, as elapsed time. */
  private lastBusy = 0;

  constructor(private readonly deps: HousekeepingDeps) {
    this.scheduleHeartbeat();
    this.scheduleMaintenance();
  }

  /** Called when something is recorded. */
  noteBusy(): void {
    this.lastBusy = this.deps.clock.elapsed();
  }

  private scheduleMaintenance(): void {
    this.deps.timers.after(maintenanceIdleMs, () => {
      this.maintain()
        .finally(() => this.scheduleMaintenance())
        .catch(this.deps.onError);
    });
  }

  private async maintain(): Promise<void> {
    const { store, clock, isClosing, onMaintained, onError } = this.deps;
    let isChanged = false;
    try {
      while (!isClosing() && clock.elapsed() - this.lastBusy >= maintenanceIdleMs && (await store.maintain()))
        isChanged = true;
      if (isChanged) await onMaintained();
    } catch (error) {
      // The next run tries again; nothing is lost.
      if (!isClosing()) onError(error);
    }
  }

  private scheduleHeartbeat(): void {
    const { timers, writeHeartbeat, onError } = this.deps;
    timers.after(heartbeatMs, () => {
      writeHeartbeat().catch(onError);
      this.scheduleHeartbeat();
    });
  }
}
