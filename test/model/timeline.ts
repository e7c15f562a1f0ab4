import type { VersionRecord } from '../../src/model/version';
import { takeSnapshot, type Snapshot } from './snapshot';
import type { DiskStep, ProgramStep } from './step';
import type { Watched } from './watched';

/** What lay on disk from one step to the next. */
export interface Moment extends Snapshot {
  /** The step that led to it; undefined for the beginning. */
  readonly step: DiskStep | ProgramStep | undefined;
  /** When the step began and ended, in ms since the epoch. */
  readonly began: number;
  readonly ended: number;
  /** Nobody looked. */
  readonly isOffline: boolean;
  readonly watched: ReadonlySet<string>;
  /** Watched paths whose events the machine keeps back until the window is opened again. */
  readonly silent: ReadonlySet<string>;
}

/** A state of the folder that was recorded, as far as anyone was told. */
export interface Settled {
  readonly moment: Moment;
  readonly index: number;
  readonly at: number;
}

/** All that happened to a folder, in order: the disk's part read from the disk, the history's from its events. */
export class Timeline {
  readonly moments: Moment[] = [];
  readonly settled: Settled[] = [];
  readonly contents = new Map<string, Buffer>();
  /** What the history says is there now, by the events that it sends. */
  readonly known = new Map<string, string>();
  private silentFolders = new Map<string, number>();

  constructor(
    private readonly root: string,
    private readonly watching: Watched,
  ) {}

  get last(): Moment {
    const last = this.moments.at(-1);
    if (!last) throw new Error('Nothing has happened yet.');
    return last;
  }

  /** Looks at what a step that began then has left on disk. */
  add(step: DiskStep | ProgramStep | undefined, began: number, isOffline: boolean): void {
    const snapshot = takeSnapshot(this.root, (sha256, bytes) => this.contents.set(sha256, bytes));
    const watched = this.watching.among(snapshot.rules, snapshot.files.keys());
    this.silentFolders = isOffline ? new Map<string, number>() : this.silentAmong(snapshot);
    const silent = new Set([...watched].filter((path) => isBelow(path, this.silentFolders)));
    this.moments.push({ ...snapshot, step, began, ended: Date.now(), isOffline, watched, silent });
  }

  /** Notes that what is there now is recorded. */
  settle(): void {
    this.settled.push({ moment: this.last, index: this.moments.length - 1, at: Date.now() });
  }

  heard(versions: readonly VersionRecord[]): void {
    // What moved away first: names may have been exchanged.
    for (const { renamedFrom } of versions) if (renamedFrom !== undefined) this.known.delete(renamedFrom);
    for (const { path, sha256 } of versions) {
      if (sha256 === undefined) this.known.delete(path);
      else this.known.set(path, sha256);
    }
  }

  /** Where what the history was heard to say differs from the disk; what nobody could see by events aside. */
  differences(): string[] {
    const { files, watched, silent, rules } = this.last;
    const stale = [...watched].filter((path) => !silent.has(path) && this.known.get(path) !== files.get(path));
    const gone = [...this.known.keys()].filter((path) => !files.has(path) && !isBelow(path, this.silentFolders));
    return [
      ...stale.map((path) => `${JSON.stringify(path)} is not recorded as it is on disk`),
      ...[...this.watching.among(rules, gone)].map((path) => `${JSON.stringify(path)} is gone and not recorded so`),
    ];
  }

  /**
   * Folders that were made in one go inside of others: Linux tells nothing of what happens in them (see the README's
   * limits). A folder is made anew when its inode is another, or when it came from another place.
   */
  private silentAmong({ folders }: Snapshot): Map<string, number> {
    const before = this.settled.at(-1)?.moment.folders ?? this.moments[0]?.folders ?? folders;
    const isNew = (folder: string): boolean => folders.has(folder) && before.get(folder) !== folders.get(folder);
    const silent = [...folders].filter(
      ([folder, inode]) =>
        this.silentFolders.get(folder) === inode ||
        (isNew(folder) && isNew(folder.slice(0, Math.max(0, folder.lastIndexOf('/'))))),
    );
    return new Map(silent);
  }
}

function isBelow(path: string, folders: ReadonlyMap<string, number>): boolean {
  for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
    if (folders.has(path.slice(0, cut))) return true;
  }
  return false;
}
