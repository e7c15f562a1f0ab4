import { defaultRetention } from '../../src/model/historyMaintenance';
import type { FolderSettings, WatchSettings } from '../../src/model/folderSettings';

/** Settings of a folder as a client without any of its own gives them. */
export function folderSettings(
  parts: Partial<FolderSettings> = {},
  watching: Partial<WatchSettings> = {},
): FolderSettings {
  return {
    maxFileBytes: 5_000_000,
    innerFolders: [],
    retention: defaultRetention,
    isPaused: false,
    watching: { engine: 'auto', isSafeMode: false, watcherExclude: [], events: 'client', ...watching },
    ...parts,
  };
}
