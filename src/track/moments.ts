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

/** Events that go on side by side; each but the first is of files that changed again. */
const maxEvents = 20;

/**
 * Says which changes are one event. What one call of the recorder finds is; and of what nobody is known to have done,
 * so are changes of different files, one soon after the other, as a formatter or an agent makes them. Deletions are
 * events of their own, unless they belong to a burst of other changes or were found together with them.
 */
export class Moments {
  private writes: readonly Event[] = [];
  private deletions: readonly Event[] = [];

  /** The moment of a change that a call found which has the moment `own`. */
  momentOf(change: Change, own: string, now: number): string {
    const { kind, cause, causeDetail, path } = change;
    const since = causeDetail?.since;
    if (cause !== 'external') return since === undefined ? own : momentSince(own, since);
    const bursts = this.writes.filter(({ isBurst }) => isBurst);
    const candidates = kind === 'deleted' ? [...bursts, ...this.deletions] : this.writes;
    const going = candidates.find((event) => event.goesOn(now) && event.takes(change));
    if (going === undefined && since !== undefined) return momentSince(own, since);
    const event = going ?? new Event(own, now);
    if (going === undefined) this.begin(kind === 'deleted' ? 'deletions' : 'writes', event, now);
    event.note(path, now);
    return event.moment;
  }

  /** What comes from now on is another event. */
  end(): void {
    this.writes = this.deletions = [];
  }

  private begin(kind: 'writes' | 'deletions', event: Event, now: number): void {
    this[kind] = [...this[kind].filter((each) => each.goesOn(now)), event].slice(-maxEvents);
  }
}

/** What nobody saw happen may be older than what the same scan sees, and is told apart. */
function momentSince(own: string, since: number): string {
  return `${own}-${Math.floor(since).toString(36)}`;
}
