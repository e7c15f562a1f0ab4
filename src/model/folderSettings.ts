import type { RetentionPolicy } from './historyMaintenance';

/** How changes are noticed; `auto` polls where no events come. */
export const watcherEngines = ['auto', 'events', 'polling'] as const;
type WatcherEngine = (typeof watcherEngines)[number];

/** How one folder is watched. */
export interface WatchSettings {
  readonly engine: WatcherEngine;
  /** All optional work is off. */
  readonly isSafeMode: boolean;
  /** The patterns of the paths from which the client's watcher sends no events. */
  readonly watcherExclude: readonly string[];
  /** `client`: the client reports what changes on disk; `own`: the engine watches every folder itself. */
  readonly events: 'client' | 'own';
}

/** All settings of one folder. */
export interface FolderSettings {
  /** Larger files are noted, not stored. */
  readonly maxFileBytes: number;
  /** The paths in it of other workspace folders, which have their own histories. */
  readonly innerFolders: readonly string[];
  readonly retention: RetentionPolicy;
  readonly isPaused: boolean;
  readonly watching: WatchSettings;
}
