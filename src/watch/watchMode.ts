import type { WatchSettings } from '../model/folderSettings';
import type { PollingReason } from '../model/gap';
import type { ScanResult } from '../model/scan';

export interface WatchModeDeps {
  readonly settings: WatchSettings;
  /** The kind of file system, where it sends no events. */
  readonly eventlessFileSystem: string | undefined;
  /** Changes were missed, which shows that no events come; before {@link onDidChange}. */
  readonly onMissed: (missed: MissedChanges) => void;
  /** The folder is to be watched in another way from now on. */
  readonly onDidChange: () => void;
}

/** Decides how a folder is watched, as its disk, the settings and what happens allow: by events, or by polling. */
export class WatchMode {
  private current: WatchSettings;
  private readonly health = new EventHealth();
  /** Why events are not relied on, whatever the file system. */
  private trouble: PollingReason | undefined;
  /** It is polled because no events came, and for nothing else. */
  private isSilent = false;
  private hasRegained = false;

  constructor(private readonly deps: WatchModeDeps) {
    this.current = deps.settings;
  }

  get settings(): WatchSettings {
    return this.current;
  }

  /** Why the folder is polled; undefined while events are relied on. */
  get pollsBecause(): PollingReason | undefined {
    const { eventlessFileSystem } = this.deps;
    switch (this.current.engine) {
      case 'events':
        return undefined;
      case 'polling':
        return { code: 'setting', args: [] };
      case 'auto':
        return eventlessFileSystem === undefined
          ? this.trouble
          : { code: 'eventless file system', args: [eventlessFileSystem] };
    }
  }

  configure(settings: WatchSettings): void {
    this.current = settings;
    this.deps.onDidChange();
  }

  /** An event came, for whatever path. */
  handleEvent(): void {
    this.health.handleEvent();
    if (!this.isSilent || this.hasRegained) return;
    // They had only begun late, as they may where there is much to watch.
    this.isSilent = false;
    this.hasRegained = true;
    this.trouble = undefined;
    this.deps.onDidChange();
  }

  /** The machine watches no more folders: `code` is the system's, undefined for the engine's own bound. */
  limitReached(code: string | undefined): void {
    this.isSilent = false;
    this.distrust({ code: 'watch limit', args: code === undefined ? [] : [code] });
  }

  /** A scan has ended, the one before at `since` (ms). */
  scanned(result: ScanResult, since: number | undefined): void {
    if (this.pollsBecause !== undefined || this.trouble !== undefined) return;
    const missed = this.health.scanned(result, since);
    if (!missed) return;
    this.deps.onMissed(missed);
    this.isSilent = true;
    this.distrust({ code: 'no events', args: [] });
  }

  private distrust(trouble: PollingReason): void {
    if (this.trouble !== undefined) return;
    this.trouble = trouble;
    this.deps.onDidChange();
  }
}

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
