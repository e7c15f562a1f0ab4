import type { ObbyApi } from '../api/api';
import type { Setting } from '../host/settings/settings';
import type { Clock } from '../base/clock';
import type { Log } from '../base/log';
import type { ActiveFile } from '../views/history/activeFile';
import type { Comparer } from '../views/diff/comparison';
import type { DiffEditor } from '../views/diff/diffEditor';
import type { FolderStatuses } from '../views/status/folderStatuses';
import type { Labels } from '../views/history/labels';
import type { Reports } from '../views/shared/reports';
import type { StoragePanel } from '../views/storage/storagePanel';
import type { VersionText } from '../views/text/versionText';
import type { CommandRunner } from './commandRunner';

/** Where comparisons open. */
export type DiffEditorChoice = 'obby' | 'builtin';

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
  readonly diffPanel: Comparer;
  readonly diffEditor: DiffEditor;
  readonly diffEditorChoice: Setting<DiffEditorChoice>;
  /** Where histories shall be; see `historiesDirOf`. */
  readonly storageLocation: Setting<string>;
  /** Above it, contents are not stored. */
  readonly maxFileBytes: Setting<number>;
  /** Whether events that delete or empty many files are told of. */
  readonly disasterGuard: Setting<boolean>;
}
