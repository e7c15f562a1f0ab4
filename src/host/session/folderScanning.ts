import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { messageOf } from '../../base/errors';
import type { Log } from '../../base/log';
import type { Engine, ScanReason } from '../../engine/engine';
import type { FolderStatusTracker } from './folderStatusTracker';
import { ScanScheduler } from './scanScheduler';

export interface FolderScanningDeps {
  readonly key: string;
  readonly engine: Pick<Engine, 'scan' | 'cancelScans'>;
  readonly facts: FolderStatusTracker;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether the folder is open and not paused. */
  readonly isOn: () => boolean;
  readonly onDidEnd: () => void;
}

/** Has one folder compared with its history: when asked to, and by itself. */
export class FolderScanning implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly schedule: ScanScheduler;

  constructor(private readonly deps: FolderScanningDeps) {
    const { clock, facts } = deps;
    const scan = (reason: ScanReason): void => void this.tryScan(reason);
    this.schedule = this.disposables.add(new ScanScheduler(clock, () => facts.lastScan, scan));
  }

  async scan(reason: ScanReason): Promise<void> {
    const { key, engine, facts, isOn, onDidEnd } = this.deps;
    if (!isOn()) return;
    this.schedule.scanStarts();
    facts.scanStarts();
    try {
      await engine.scan(key, reason);
    } finally {
      facts.scanEnds();
      if (isOn()) this.schedule.scanEnds();
      onDidEnd();
    }
  }

  /** Scans in so many ms, also when there is a scan before. */
  soon(reason: ScanReason, ms: number): void {
    this.schedule.soon(reason, ms);
  }

  /** Ends the scans that are under way. */
  async cancel(): Promise<void> {
    const { key, engine, isOn } = this.deps;
    if (isOn()) await engine.cancelScans(key);
  }

  /** The window got the focus: whoever used another program may have changed something. */
  async focused(): Promise<void> {
    if (this.schedule.isDueOnFocus()) await this.scan('focus');
  }

  /** No scan by itself until one is asked for. */
  stop(): void {
    this.schedule.dispose();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async tryScan(reason: ScanReason): Promise<void> {
    try {
      await this.scan(reason);
    } catch (error) {
      this.deps.log.error(`A scan failed: ${messageOf(error)}`);
    }
  }
}
