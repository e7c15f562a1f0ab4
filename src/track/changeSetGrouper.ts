import { changeSetSince, changeSetStart, maxChangeSetMs } from '../model/changeSet';
import type { VersionDraft } from '../model/historyStore';

/** A change that follows within this time belongs to the previous one. */
const pauseMs = 1_000;
/** A burst has this many files: its first files are read while the last are still being written. */
const burstFiles = 100;
/** The most remembered paths; beyond it a file that changes repeatedly may prolong the change set. */
const maxPaths = 10_000;
/** The most open change sets; each but the first has files that changed again. */
const maxOpen = 20;

/** A change before its change set is known. */
export interface UngroupedChange extends Pick<VersionDraft, 'path' | 'kind' | 'cause' | 'causeDetail' | 'time'> {
  /** When it was made (ms) by the disk's times, if known; `time` is when it was recorded. */
  readonly changedMs: number | undefined;
}

/** A change set that stays open while changes of other files follow soon. */
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
    this.began = changeSetStart(changeSet) ?? now;
    this.first = this.last = madeAt;
  }

  get isBurst(): boolean {
    return this.paths.size >= burstFiles;
  }

  isOpen(madeAt: number): boolean {
    return madeAt < this.last + pauseMs;
  }

  /** A file that changes again starts a new change set; an older change would not be found near its start. */
  takes({ path, time }: UngroupedChange, madeAt: number): boolean {
    const isNear = madeAt > this.first - pauseMs && this.isOpen(madeAt);
    const isFound = time >= this.began && time - this.began < maxChangeSetMs;
    return isNear && isFound && (this.isBurst || !this.paths.has(path));
  }

  note(path: string, madeAt: number): void {
    // Repeated writes of one file do not prolong it.
    if (this.paths.has(path)) return;
    this.first = Math.min(this.first, madeAt);
    this.last = Math.max(this.last, madeAt);
    if (this.paths.size < maxPaths) this.paths.add(path);
  }
}

/**
 * Groups changes into change sets. The changes of one call of the recorder belong together; and of changes without a
 * known cause, those of different files soon after each other, as a formatter or an agent makes them. Deletions are
 * change sets of their own, unless they belong to a burst of other changes or were found together with them.
 */
export class ChangeSetGrouper {
  private writes: readonly OpenChangeSet[] = [];
  private deletions: readonly OpenChangeSet[] = [];

  /** The change set of a change; `own` is the change set of the recorder's call. */
  changeSetOf(change: UngroupedChange, own: string, now: number): string {
    const { kind, cause, causeDetail, path, changedMs = now } = change;
    const madeAt = Math.min(changedMs, now);
    const since = causeDetail?.since;
    if (cause !== 'external') return since === undefined ? own : changeSetSince(own, since);
    const bursts = this.writes.filter(({ isBurst }) => isBurst);
    const candidates = kind === 'deleted' ? [...bursts, ...this.deletions] : this.writes;
    const going = candidates.find((event) => event.takes(change, madeAt));
    // A change that was not noticed may be older than others of the same scan, so it is kept apart.
    if (going === undefined && since !== undefined) return changeSetSince(own, since);
    const event = going ?? new OpenChangeSet(own, madeAt, now);
    if (going === undefined) this.begin(kind === 'deleted' ? 'deletions' : 'writes', event, madeAt);
    event.note(path, madeAt);
    return event.changeSet;
  }

  /** Later changes belong to other change sets. */
  end(): void {
    this.writes = this.deletions = [];
  }

  private begin(kind: 'writes' | 'deletions', event: OpenChangeSet, madeAt: number): void {
    this[kind] = [...this[kind].filter((each) => each.isOpen(madeAt)), event].slice(-maxOpen);
  }
}
