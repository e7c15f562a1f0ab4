import type { Clock, Timers } from '../base/clock';
import type { HistoryStore } from '../model/historyStore';

export interface HousekeepingDeps {
  readonly store: Pick<HistoryStore, 'maintain'>;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Notes that someone is recording. */
  readonly writeHeartbeat: () => Promise<void>;
  readonly isClosing: () => boolean;
  /** Something was put in order, and may be counted anew. */
  readonly onMaintained: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** How often the store notes that someone is recording: the precision of "changed while closed". */
const seenEveryMs = 30_000;
/** The store is put in order, a step at a time, while nothing was recorded for this long. */
const upkeepIdleMs = 15_000;

/** What is done for a history every now and then, whatever happens in its folder. */
export class Housekeeping {
  /** When (ms) something was last to be recorded. */
  private lastBusy = 0;

  constructor(private readonly deps: HousekeepingDeps) {
    this.keepSeen();
    this.keepInOrder();
  }

  /** There is something to record now. */
  noteBusy(): void {
    this.lastBusy = this.deps.clock.now();
  }

  private keepInOrder(): void {
    this.deps.timers.after(upkeepIdleMs, () => {
      this.upkeep()
        .finally(() => this.keepInOrder())
        .catch(this.deps.onError);
    });
  }

  private async upkeep(): Promise<void> {
    const { store, clock, isClosing, onMaintained, onError } = this.deps;
    let isChanged = false;
    try {
      while (!isClosing() && clock.now() - this.lastBusy >= upkeepIdleMs && (await store.maintain())) isChanged = true;
      if (isChanged) await onMaintained();
    } catch (error) {
      // What was not put in order now will be later; nothing is lost by it.
      if (!isClosing()) onError(error);
    }
  }

  private keepSeen(): void {
    const { timers, writeHeartbeat, onError } = this.deps;
    timers.after(seenEveryMs, () => {
      writeHeartbeat().catch(onError);
      this.keepSeen();
    });
  }
}
