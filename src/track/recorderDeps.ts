import type { Clock } from '../base/clock';
import type { OptionalWork } from '../base/optionalWork';
import type { VersionRecord } from '../model/version';
import type { HistoryStore } from '../model/historyStore';
import type { Attribution } from './causeSpans';
import type { Disk } from './disk/disk';
import type { UngroupedChange } from './changeSetGrouper';

/** What the recorder depends on. */
export interface RecorderDeps {
  readonly store: HistoryStore;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly isWatched: (path: string) => boolean;
  /** Whether the deletion of a file is recorded; default: {@link isWatched}. */
  readonly isDeletionWatched?: (path: string) => boolean;
  /**
   * Collects what may have written, and returns a function that gives the cause of a change at a time (ms), if known;
   * default: none.
   */
  readonly attribution?: () => (changedMs: number) => Attribution | undefined;
  /** Runs work that a version can do without. */
  readonly optional: OptionalWork;
  /** Called with versions when they are durable. */
  readonly onRecorded: (versions: readonly VersionRecord[]) => void;
  /** Called with a path that was written again after the recorded save, and must be recorded again. */
  readonly onOverwritten: (path: string) => void;
  /** Called with what was skipped because it would have cost too much. */
  readonly onSkipped: (what: string) => void;
}

/** The change set of a change without an attributed one. */
export type RunChangeSet = (change: UngroupedChange) => string;
