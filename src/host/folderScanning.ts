import type { Clock } from '../model/clock';
import { DisposableStore, type Disposable } from '../model/disposable';
import { messageOf } from '../model/errors';
import type { Log } from '../model/log';
import type { Engine, ScanReason } from '../worker/contract';
import type { FolderFacts } from './folderFacts';
import { ScanSchedule } from './scanSchedule';

export interface FolderScanningParts {
  readonly key: string;
  readonly engine: Pick<Engine, 'scan' | 'cancelScans'>;
  readonly facts: FolderFacts;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether the folder is open and not paused. */
  readonly isOn: () => boolean;
  readonly onDidEnd: () => void;
}

/** Has one folder compared with its history: when asked to, and by itself. */
export class FolderScanning implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly schedule: ScanSchedule;

  constructor(private readonly parts: FolderScanningParts) {
    const { clock, facts } = parts;
    const scan = (reason: ScanReason): void => void this.tryScan(reason);
    this.schedule = this.disposables.add(new ScanSchedule(clock, () => facts.lastScan, scan));
  }

  async scan(reason: ScanReason): Promise<void> {
    const { key, engine, facts, isOn, onDidEnd } = this.parts;
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
    const { key, engine, isOn } = this.parts;
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
      this.parts.log.error(`A scan failed: ${messageOf(error)}`);
    }
  }
}
