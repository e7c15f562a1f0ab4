import { readFileSync, realpathSync } from 'node:fs';
import type { WatchSettings } from '../model/folderSettings';
import type { PollingReason } from '../model/gap';
import type { ScanResult } from '../model/scan';

export interface WatchModeDeps {
  readonly settings: WatchSettings;
  /** The type of the file system, if it sends no events. */
  readonly eventlessFileSystem: string | undefined;
  /** Changes were missed, so no events come; called before {@link onDidChange}. */
  readonly onMissed: (missed: MissedChanges) => void;
  /** The way to watch the folder changed. */
  readonly onDidChange: () => void;
}

/**
 * Decides whether a folder is watched by events or by polling, from its file system, the settings and the events so
 * far.
 */
export class WatchMode {
  private current: WatchSettings;
  private readonly health = new EventHealth();
  /** Why events are not relied on, apart from the file system. */
  private trouble: PollingReason | undefined;
  /** It is polled only because no events came. */
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

  /** An event came, for any path. */
  handleEvent(): void {
    this.health.handleEvent();
    if (!this.isSilent || this.hasRegained) return;
    // The events only started late, as they may in a large folder.
    this.isSilent = false;
    this.hasRegained = true;
    this.trouble = undefined;
    this.deps.onDidChange();
  }

  /** No more folders can be watched: `code` is the system's error code, undefined for the engine's own limit. */
  limitReached(code: string | undefined): void {
    this.isSilent = false;
    this.distrust({ code: 'watch limit', args: code === undefined ? [] : [code] });
  }

  /** A scan ended; the previous one ended at `since` (ms). */
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

/** Changes without an event since a time (ms). */
export interface MissedChanges {
  readonly since: number;
  readonly count: number;
}

/** A single scan may find a change made just when events start, or one for which no system sends an event. */
const maxSilentScans = 2;

/** Detects that no events come from a folder at all, which nothing reports. */
export class EventHealth {
  private hasReceived = false;
  private silentScans = 0;
  private firstMs: number | undefined;
  private count = 0;

  /** An event came, for any path. */
  handleEvent(): void {
    this.hasReceived = true;
  }

  /**
   * A scan ended; the previous one ended at `since` (ms), if there was one. Returns the missed changes once it is
   * certain that no events come.
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

/** The contents of `/proc/version` and `/proc/mounts`; empty where they do not exist. */
export interface SystemFacts {
  readonly version: string;
  readonly mounts: string;
}

/** File systems that send no events for what another machine, or Windows, writes to them. */
const eventlessTypes = new Set([
  '9p',
  'afs',
  'beegfs',
  'ceph',
  'cifs',
  'drvfs',
  'fakeowner',
  'gpfs',
  'lustre',
  'ncpfs',
  'nfs',
  'nfs4',
  'prl_fs',
  'smb3',
  'smbfs',
  'vboxsf',
  'virtiofs',
  'vmhgfs',
]);
/** A program serves the files; what changes them behind it (`fuse.sshfs`, `bindfs`, `rclone`) sends no events. */
const anyFuse = /^fuse(\.|$)/;

/** The type of the file system of a folder, or of one mounted in it, whose events cannot be relied on; undefined for none. */
export function eventlessFileSystemOf(root: string): string | undefined {
  return eventlessTypeOf(realPathOf(root), { version: readText('/proc/version'), mounts: readText('/proc/mounts') });
}

/** @param path absolute, without links */
export function eventlessTypeOf(path: string, { version, mounts }: SystemFacts): string | undefined {
  const type = typesIn(path, mounts).find((each) => eventlessTypes.has(each) || anyFuse.test(each));
  if (type !== undefined) return type;
  return /microsoft|wsl/i.test(version) && /^\/mnt\/[a-z](\/|$)/.test(path) ? 'drvfs' : undefined;
}

/**
 * The types of the innermost mount that contains a path, and of those below it; of several at one mount point the last,
 * which hides the others.
 */
function typesIn(path: string, mounts: string): string[] {
  let best = '';
  let type: string | undefined;
  const below = new Map<string, string>();
  for (const line of mounts.split('\n')) {
    const [, place = '', kind] = line.split(' ');
    const mount = unescaped(place);
    if (kind !== undefined && mount.startsWith(`${path}/`)) below.set(mount, kind);
    const holds = mount === '/' || path === mount || path.startsWith(`${mount}/`);
    if (!holds || mount.length < best.length) continue;
    best = mount;
    type = kind;
  }
  return [...(type === undefined ? [] : [type]), ...below.values()];
}

/** Spaces and some other characters are written as octal numbers. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_all, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function realPathOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
