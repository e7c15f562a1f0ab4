import type { FolderStatus } from '../api';
import type { Clock } from '../model/clock';
import type { Disposable } from '../model/disposable';
import type { ScanReason } from '../worker/contract';

/** Scans that nobody asked for come no oftener than this, and take no more than 1 % of the time. */
const minPauseMs = 60_000;
const pauseFactor = 100;
const minFocusPauseMs = 5_000;

/** Decides when a folder is scanned without anybody asking. */
export class ScanSchedule implements Disposable {
  private next: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly lastScan: () => FolderStatus['lastScan'],
    private readonly scan: (reason: ScanReason) => void,
  ) {}

  /** Sets the next scan, counted from now. */
  restart(): void {
    this.dispose();
    this.soon('periodic', this.pauseMs);
  }

  /** Scans in so many ms, unless a scan comes before. */
  soon(reason: ScanReason, ms: number): void {
    const at = this.clock.now() + ms;
    if (this.next && this.next.at <= at) return;
    this.dispose();
    const cancel = this.clock.after(ms, () => {
      this.next = undefined;
      this.scan(reason);
    });
    this.next = { at, cancel };
  }

  /** Whether the window's getting the focus, after which anything may have changed, is worth a scan. */
  isDueOnFocus(): boolean {
    const since = this.clock.now() - (this.lastScan()?.time ?? 0);
    return since >= Math.max(minFocusPauseMs, this.pauseMs / 2);
  }

  /** No scan until the next `restart`. */
  dispose(): void {
    this.next?.cancel();
    this.next = undefined;
  }

  private get pauseMs(): number {
    return Math.max(minPauseMs, (this.lastScan()?.ms ?? 0) * pauseFactor);
  }
}
