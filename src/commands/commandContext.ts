import type { ObbyApi } from '../api/api';
import type { ResourceSetting, Setting } from '../host/settings/settings';
import type { Clock } from '../base/clock';
import type { Log } from '../base/log';
import type { ActiveFile } from '../views/history/activeFile';
import type { DiffEditor } from '../views/diff/diffEditor';
import type { DiffPanels } from '../views/diff/diffPanels';
import type { FolderStatuses } from '../views/status/folderStatuses';
import type { Labels } from '../views/history/labels';
import type { Reports } from '../views/shared/reports';
import type { StoragePanel } from '../views/storage/storagePanel';
import type { VersionText } from '../views/text/versionText';
import type { CommandRunner } from './commandRunner';

/** Where comparisons open. */
type DiffEditorChoice = 'obby' | 'builtin';

/** What the commands work with. */
export interface CommandContext {
  readonly api: ObbyApi;
  readonly log: Log;
  readonly clock: Clock;
  readonly showLog: () => void;
  readonly runner: CommandRunner;
  readonly text: VersionText;
  readonly activeFile: ActiveFile;
  readonly statuses: FolderStatuses;
  readonly labels: Labels;
  readonly reports: Reports;
  readonly storagePanel: StoragePanel;
  readonly diffPanels: DiffPanels;
  readonly diffEditor: DiffEditor;
  readonly diffEditorChoice: Setting<DiffEditorChoice>;
  /** The folder for all histories; see `historiesDirOf`. */
  readonly storageLocation: Setting<string>;
  /** Above it, contents are not stored. */
  readonly maxFileBytes: ResourceSetting<number>;
  /** Whether to warn about change sets that delete or empty many files. */
  readonly warnOnMassDeletion: ResourceSetting<boolean>;
}
