import { startOf, maxChangeSetMs } from '../model/changeSet';
import type { VersionDraft } from '../model/historyStore';

/** What follows this fast belongs to what was before. */
const pauseMs = 1_000;
/** Of so many files it is a burst, the first of which are looked at while the last are still being written. */
const burstFiles = 100;
/** So many are remembered; in what changes more, a file that changes again and again may make it longer. */
const maxPaths = 10_000;
/** Events that go on side by side; each but the first is of files that changed again. */
const maxOpen = 20;

/** What is known of a change before its moment is. */
export interface UngroupedChange extends Pick<VersionDraft, 'path' | 'kind' | 'cause' | 'causeDetail' | 'time'> {
  /** When it was made (ms), by the disk, where that can be told; `time` is when it was recorded. */
  readonly changedMs: number | undefined;
}

/** An event that goes on for as long as other files follow at once. */
class OpenChangeSet {
  private readonly paths = new Set<string>();
  private readonly began: number;
  /** When the first and the last change were made. */
  private first: number;
  private last: number;

  constructor(
    readonly changeSet: string,
    madeAt: number,
    now: number,
  ) {
    this.began = startOf(changeSet) ?? now;
    this.first = this.last = madeAt;
  }

  get isBurst(): boolean {
    return this.paths.size >= burstFiles;
  }

  isOpen(madeAt: number): boolean {
    return madeAt < this.last + pauseMs;
  }

  /** A file that changes once more is an event of its own; and what is older would not be found near the beginning. */
  takes({ path, time }: UngroupedChange, madeAt: number): boolean {
    const isNear = madeAt > this.first - pauseMs && this.isOpen(madeAt);
    const isFound = time >= this.began && time - this.began < maxChangeSetMs;
    return isNear && isFound && (this.isBurst || !this.paths.has(path));
  }

  note(path: string, madeAt: number): void {
    // Whoever goes on writing a file now and then does not make it longer.
    if (this.paths.has(path)) return;
    this.first = Math.min(this.first, madeAt);
    this.last = Math.max(this.last, madeAt);
    if (this.paths.size < maxPaths) this.paths.add(path);
  }
}

/**
 * Says which changes are one event. What one call of the recorder finds is; and of what nobody is known to have done,
 * so are changes of different files, one soon after the other, as a formatter or an agent makes them. Deletions are
 * events of their own, unless they belong to a burst of other changes or were found together with them.
 */
export class ChangeSetGrouper {
  private writes: readonly OpenChangeSet[] = [];
  private deletions: readonly OpenChangeSet[] = [];

  /** The moment of a change that a call found which has the moment `own`. */
  changeSetOf(change: UngroupedChange, own: string, now: number): string {
    const { kind, cause, causeDetail, path, changedMs = now } = change;
    const madeAt = Math.min(changedMs, now);
    const since = causeDetail?.since;
    if (cause !== 'external') return since === undefined ? own : changeSetSince(own, since);
    const bursts = this.writes.filter(({ isBurst }) => isBurst);
    const candidates = kind === 'deleted' ? [...bursts, ...this.deletions] : this.writes;
    const going = candidates.find((event) => event.takes(change, madeAt));
    if (going === undefined && since !== undefined) return changeSetSince(own, since);
    const event = going ?? new OpenChangeSet(own, madeAt, now);
    if (going === undefined) this.begin(kind === 'deleted' ? 'deletions' : 'writes', event, madeAt);
    event.note(path, madeAt);
    return event.changeSet;
  }

  /** What comes from now on is another event. */
  end(): void {
    this.writes = this.deletions = [];
  }

  private begin(kind: 'writes' | 'deletions', event: OpenChangeSet, madeAt: number): void {
    this[kind] = [...this[kind].filter((each) => each.isOpen(madeAt)), event].slice(-maxOpen);
  }
}

/** What nobody saw happen may be older than what the same scan sees, and is told apart. */
function changeSetSince(own: string, since: number): string {
  return `${own}-${Math.floor(since).toString(36)}`;
}
