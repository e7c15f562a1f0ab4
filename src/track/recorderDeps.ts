import type { Clock } from '../base/clock';
import type { OptionalWork } from '../base/optionalWork';
import type { VersionRecord } from '../model/version';
import type { HistoryStore } from '../model/historyStore';
import type { Attribution } from './causeSpans';
import type { Disk } from './disk/disk';
import type { UngroupedChange } from './changeSetGrouper';

/** What the recorder works with. */
export interface RecorderDeps {
  readonly store: HistoryStore;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly isWatched: (path: string) => boolean;
  /** Whether the deletion of a file is recorded; default as {@link isWatched}. */
  readonly isDeletionWatched?: (path: string) => boolean;
  /** Looks who may have written, and then tells who wrote at a time (ms), where that is known; default nobody. */
  readonly attribution?: () => (changedMs: number) => Attribution | undefined;
  /** The boundary around all that a version can do without. */
  readonly optional: OptionalWork;
  /** Hears of versions as they become durable. */
  readonly onRecorded: (versions: readonly VersionRecord[]) => void;
  /** Hears of a path that was written again after the save that was recorded, and must be looked at once more. */
  readonly onOverwritten: (path: string) => void;
  /** Hears what was not looked into because it would have cost too much. */
  readonly onSkipped: (what: string) => void;
}

/** The moment of a change that nothing else gives one to. */
export type RunChangeSet = (change: UngroupedChange) => string;
