import { beganOf, longestMomentMs } from '../model/moment';
import type { VersionDraft } from '../store/contract';

/** What follows this fast belongs to what was before. */
const pauseMs = 1_000;
/** Of so many files it is a burst, the first of which are looked at while the last are still being written. */
const burstFiles = 100;
/** So many are remembered; in what changes more, a file that changes again and again may make it longer. */
const maxPaths = 10_000;

/** What is known of a change before its moment is. */
export type Change = Pick<VersionDraft, 'path' | 'kind' | 'cause' | 'causeDetail' | 'time'>;

/** An event that goes on for as long as other files follow at once. */
class Event {
  private readonly paths = new Set<string>();
  private readonly began: number;
  private ended: number;

  constructor(
    readonly moment: string,
    now: number,
  ) {
    this.began = beganOf(moment) ?? now;
    this.ended = now;
  }

  get isBurst(): boolean {
    return this.paths.size >= burstFiles;
  }

  /** Whether a change at this time may be part of it. */
  goesOn(now: number): boolean {
    const isSoon = now >= this.ended && now - this.ended < pauseMs;
    return isSoon && now - this.began < longestMomentMs;
  }

  /** A file that changes once more is an event of its own; and what is older would not be found near the beginning. */
  takes({ path, time }: Change): boolean {
    return time >= this.began && (this.isBurst || !this.paths.has(path));
  }

  note(path: string, now: number): void {
    // Whoever goes on writing a file now and then does not make it longer.
    if (this.paths.has(path)) return;
    this.ended = now;
    if (this.paths.size < maxPaths) this.paths.add(path);
  }
}

/**
 * Says which changes are one event. What one call of the recorder finds is; and of what nobody is known to have done,
 * so are changes of different files, one soon after the other, as a formatter or an agent makes them. Deletions are
 * events of their own, unless they belong to a burst of other changes or were found together with them.
 */
export class Moments {
  private writes: Event | undefined;
  private deletions: Event | undefined;

  /** The moment of a change that a call found which has the moment `own`. */
  momentOf(change: Change, own: string, now: number): string {
    const { kind, cause, causeDetail, path } = change;
    const since = causeDetail?.since;
    // What happened while nobody watched is an event apart from what the same scan sees for the first time.
    if (cause === 'offline') return `${own}-${Math.floor(since ?? 0).toString(36)}`;
    if (cause !== 'external') return own;
    const going = this.goingOn(kind === 'deleted', now);
    if (going === undefined) {
      // What a scan found may be older than the event that it would begin.
      if (since === undefined) this.begin(kind === 'deleted', new Event(own, now)).note(path, now);
      return own;
    }
    if (!going.takes(change)) return own;
    going.note(path, now);
    return going.moment;
  }

  /** What comes from now on is another event. */
  end(): void {
    this.writes = this.deletions = undefined;
  }

  private goingOn(isDeletion: boolean, now: number): Event | undefined {
    const writes = this.writes?.goesOn(now) ? this.writes : undefined;
    if (!isDeletion) return writes;
    return writes?.isBurst ? writes : this.deletions?.goesOn(now) ? this.deletions : undefined;
  }

  private begin(isDeletion: boolean, event: Event): Event {
    if (isDeletion) this.deletions = event;
    else this.writes = event;
    return event;
  }
}
