import type { VersionRecord } from '../../src/model/version';
import { takeSnapshot, type Snapshot } from './snapshot';
import type { DiskStep, ProgramStep } from './step';
import type { Watched } from './watched';

/** The times of files come from a clock that lags behind by as much as a tick of the kernel. */
export const clockLagMs = 20;

/** From the look at a file until its version is heard of, also on a busy machine. */
const longestWayMs = 5_000;

/** What lay on disk from one step to the next. */
export interface Moment extends Snapshot {
  /** The step that led to it; undefined for the beginning. */
  readonly step: DiskStep | ProgramStep | undefined;
  /** When the step began and ended, in ms since the epoch. */
  readonly began: number;
  readonly ended: number;
  readonly watched: ReadonlySet<string>;
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
  /** States that were taken for settled and were not. */
  unsettled = 0;
  readonly contents = new Map<string, Buffer>();
  /** What the history says is there now, by the events that it sends. */
  readonly known = new Map<string, string>();

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
  add(step: DiskStep | ProgramStep | undefined, began: number): void {
    const snapshot = takeSnapshot(this.root, (sha256, bytes) => this.contents.set(sha256, bytes));
    const watched = this.watching.among(snapshot.rules, snapshot.files.keys());
    this.moments.push({ ...snapshot, step, began, ended: Date.now(), watched });
  }

  /** Notes that what is there now is recorded. */
  settle(): void {
    this.settled.push({ moment: this.last, index: this.moments.length - 1, at: Date.now() });
  }

  /** Whether what is there now is recorded, and nothing was heard since that says otherwise. */
  get isSettled(): boolean {
    return this.settled.at(-1)?.index === this.moments.length - 1;
  }

  /**
   * Versions that were on their way when it looked as if all was recorded: it was not yet, where they say something else
   * and the disk was as they say. What the disk never was, or what took long to tell, is left to be found wrong.
   */
  unsettle(versions: readonly VersionRecord[]): void {
    for (const version of versions) {
      if (!this.wasSo(version)) continue;
      const { path, sha256, time } = version;
      const isWrong = ({ moment, at }: Settled): boolean =>
        at >= time && Date.now() - at < longestWayMs && moment.files.get(path) !== sha256;
      const left = this.settled.filter((each) => !isWrong(each));
      this.unsettled += this.settled.length - left.length;
      this.settled.splice(0, Infinity, ...left);
    }
  }

  /** Whether a path was on disk what a version says, at its time or just before: it is looked at, then dated. */
  private wasSo({ path, sha256, time }: VersionRecord): boolean {
    return this.moments.some(({ files, began }, index) => {
      const ended = this.moments[index + 1]?.ended ?? Infinity;
      return files.get(path) === sha256 && began <= time && ended >= time - clockLagMs;
    });
  }

  heard(versions: readonly VersionRecord[]): void {
    // What moved away first: names may have been exchanged.
    for (const { renamedFrom } of versions) if (renamedFrom !== undefined) this.known.delete(renamedFrom);
    for (const { path, sha256 } of versions) {
      if (sha256 === undefined) this.known.delete(path);
      else this.known.set(path, sha256);
    }
  }

  /** Where what the history was heard to say differs from the disk. */
  differences(): string[] {
    const { files, watched, rules } = this.last;
    const stale = [...watched].filter((path) => this.known.get(path) !== files.get(path));
    const gone = [...this.known.keys()].filter((path) => !files.has(path));
    return [
      ...stale.map((path) => `${JSON.stringify(path)} is not recorded as it is on disk`),
      ...[...this.watching.among(rules, gone)].map((path) => `${JSON.stringify(path)} is gone and not recorded so`),
    ];
  }
}
