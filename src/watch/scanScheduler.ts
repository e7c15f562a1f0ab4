import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { LastScan, ScanReason } from '../model/scan';

/** Periodic scans come no more often than this, and take no more than 1 % of the time. */
const minPauseMs = 60_000;
const pauseFactor = 100;
const minFocusPauseMs = 5_000;

/** Decides when a folder is scanned without a request. */
export class ScanScheduler implements Disposable {
  private readonly planned = new Map<ScanReason, () => void>();

  constructor(
    private readonly clock: Clock,
    private readonly lastScan: () => LastScan | undefined,
    private readonly scan: (reason: ScanReason) => void,
  ) {}

  /** A scan begins: the next periodic one is due a while after its end. */
  scanStarts(): void {
    this.cancel('periodic');
  }

  scanEnds(): void {
    this.cancel('periodic');
    this.soon('periodic', this.pauseMs);
  }

  /** Scans in this many ms, also when there is a scan before: that one is too early for what this one is to find. */
  soon(reason: ScanReason, ms: number): void {
    if (this.planned.has(reason)) return;
    const cancel = this.clock.after(ms, () => {
      this.planned.delete(reason);
      this.scan(reason);
    });
    this.planned.set(reason, cancel);
  }

  /** Whether a window that got the focus, before which anything may have changed, is worth a scan. */
  isDueOnFocus(): boolean {
    const since = this.clock.now() - (this.lastScan()?.time ?? 0);
    return since >= Math.max(minFocusPauseMs, this.pauseMs / 2);
  }

  /** No scan until one is asked for. */
  dispose(): void {
    for (const reason of [...this.planned.keys()]) this.cancel(reason);
  }

  private cancel(reason: ScanReason): void {
    this.planned.get(reason)?.();
    this.planned.delete(reason);
  }

  private get pauseMs(): number {
    return Math.max(minPauseMs, (this.lastScan()?.ms ?? 0) * pauseFactor);
  }
}
