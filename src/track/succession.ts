import { longestMomentMs } from '../model/moment';
import type { VersionRecord } from '../model/version';

/** What follows this fast belongs to what was before. */
const pauseMs = 1_000;
/** Of so many files it is a burst, the first of which are looked at while the last are still being written. */
const burstFiles = 100;
/** So many are remembered; in what changes more, a file that changes again and again may make it longer. */
const maxPaths = 10_000;

/** What goes on, for as long as other files follow at once. */
interface Going {
  readonly moment: string;
  /** ms since the epoch. */
  readonly began: number;
  ended: number;
  readonly paths: Set<string>;
}

/**
 * Makes one moment of what nobody that is known does to many files, be it within a second or one after the other, as a
 * formatter or an agent does. A file that changes once more is an event of its own, unless it is part of a burst.
 */
export class Succession {
  private going: Going | undefined;

  /** The moment that changes of these paths go on with; undefined when they are another event. */
  momentOf(paths: readonly string[], now: number): string | undefined {
    const { going } = this;
    if (!going || now - going.ended >= pauseMs || now - going.began >= longestMomentMs) return undefined;
    const goesOn = going.paths.size >= burstFiles || !paths.some((path) => going.paths.has(path));
    return goesOn ? going.moment : undefined;
  }

  /** Versions were recorded for changes that a moment was given to. */
  note(moment: string, versions: readonly VersionRecord[], now: number): void {
    const paths = versions.filter((version) => version.moment === moment).map(({ path }) => path);
    if (paths.length === 0) return;
    if (this.going?.moment !== moment) this.going = { moment, began: now, ended: now, paths: new Set() };
    const { going } = this;
    // Whoever goes on writing a file now and then does not make it longer.
    if (paths.some((path) => !going.paths.has(path))) going.ended = now;
    for (const path of paths) if (going.paths.size < maxPaths) going.paths.add(path);
  }

  /** What comes from now on is another event. */
  end(): void {
    this.going = undefined;
  }
}
