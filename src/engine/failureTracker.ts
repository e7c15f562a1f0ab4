import { asObbyError, type ObbyError } from '../base/errors';
import type { HistoryStore } from '../model/historyStore';
import type { Recorded } from '../track/candidate';
import type { Timers } from '../base/clock';

export interface FailureTrackerDeps {
  readonly store: Pick<HistoryStore, 'writeHeartbeat'>;
  readonly timers: Timers;
  /** A path was not recorded; every scan must find it again. */
  readonly onNotRecorded: (path: string) => void;
  /** The same, for a reason that is shown to people. */
  readonly onProblem: (path: string, error: ObbyError) => void;
  /** The store begins to fail; undefined: it works again. */
  readonly onStoreChange: (error: ObbyError | undefined) => void;
  /** The store failed to write. */
  readonly onFail: () => void;
  /** Tries a path again. */
  readonly record: (path: string) => void;
  /** Tries everything again. */
  readonly scan: () => void;
}

/** Retries of a file that changes while it is read; the wait doubles each time. */
const maxRetries = 6;
const firstRetryMs = 500;
/** While the store fails, recording is tried again this often. */
const failedRetryMs = 15_000;

/** Reports paths that could not be recorded, and retries them. */
export class FailureTracker {
  private hasFailed = false;
  private willTryAgain = false;
  private readonly retries = new Map<string, number>();

  constructor(private readonly deps: FailureTrackerDeps) {}

  /** The last write to the store failed. */
  get isFailing(): boolean {
    return this.hasFailed;
  }

  review(results: readonly Recorded[]): void {
    const { onNotRecorded, onProblem } = this.deps;
    const failed = results.find(({ error }) => error && storeErrors.has(error.code))?.error;
    if (failed) this.fail(failed);
    else if (this.hasFailed && results.some(({ versions }) => versions.length > 0)) this.recover();
    for (const { path, error } of results) {
      if (!error) {
        this.retries.delete(path);
        continue;
      }
      onNotRecorded(path);
      if (storeErrors.has(error.code)) continue;
      if (error.code !== 'changedWhileRead' || !this.retryLater(path)) onProblem(path, error);
    }
  }

  /** Finds out by a small write whether the store works again. */
  async probe(): Promise<void> {
    try {
      await this.deps.store.writeHeartbeat();
      this.recover();
    } catch (error) {
      this.fail(asObbyError(error));
    }
  }

  private retryLater(path: string): boolean {
    const { timers, record } = this.deps;
    const tries = (this.retries.get(path) ?? 0) + 1;
    if (tries > maxRetries) {
      this.retries.delete(path);
      return false;
    }
    this.retries.set(path, tries);
    timers.after(firstRetryMs * 2 ** (tries - 1), () => record(path));
    return true;
  }

  private fail(error: ObbyError): void {
    const { timers, onStoreChange, onFail, scan } = this.deps;
    if (!this.hasFailed) onStoreChange(error);
    this.hasFailed = true;
    onFail();
    // A read-only store does not recover.
    if (this.willTryAgain || error.code === 'storeReadOnly') return;
    this.willTryAgain = true;
    timers.after(failedRetryMs, () => {
      this.willTryAgain = false;
      if (this.hasFailed) scan();
    });
  }

  private recover(): void {
    this.hasFailed = false;
    this.deps.onStoreChange(undefined);
  }
}

const storeErrors = new Set<string>(['diskFull', 'storeFailed', 'storeReadOnly', 'closed']);
