import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { LastScan, ScanReason } from '../model/scan';

/** The pauses between periodic scans, which take at most 2.5 % of the time, or a little more where one takes very long. */
const minPauseMs = 60_000;
const maxPauseMs = 300_000;
const pauseFactor = 40;
const minFocusPauseMs = 5_000;

/** Decides when a folder is scanned without being asked. */
export class ScanScheduler implements Disposable {
  private readonly planned = new Map<ScanReason, () => void>();

  constructor(
    private readonly clock: Clock,
    private readonly lastScan: () => LastScan | undefined,
    private readonly scan: (reason: ScanReason) => void,
  ) {}

  /** A scan starts; the next periodic one is due some time after its end. */
  scanStarts(): void {
    this.cancel('periodic');
  }

  scanEnds(): void {
    this.cancel('periodic');
    this.soon('periodic', this.pauseMs);
  }

  /** Scans in `ms`, even if another scan runs before: that one is too early for what this one must find. */
  soon(reason: ScanReason, ms: number): void {
    if (this.planned.has(reason)) return;
    const cancel = this.clock.after(ms, () => {
      this.planned.delete(reason);
      this.scan(reason);
    });
    this.planned.set(reason, cancel);
  }

  /** Whether to scan when the window gets the focus. */
  isDueOnFocus(): boolean {
    const since = this.clock.now() - (this.lastScan()?.time ?? 0);
    // Negative: the system's clock was set back.
    return since < 0 || since >= Math.max(minFocusPauseMs, this.pauseMs / 2);
  }

  /** Stops scanning until asked to. */
  dispose(): void {
    for (const reason of [...this.planned.keys()]) this.cancel(reason);
  }

  private cancel(reason: ScanReason): void {
    this.planned.get(reason)?.();
    this.planned.delete(reason);
  }

  private get pauseMs(): number {
    return Math.min(maxPauseMs, Math.max(minPauseMs, (this.lastScan()?.ms ?? 0) * pauseFactor));
  }
}
