import type { ObbyApi } from '../api';
import type { Setting } from '../host/settings';
import type { Clock } from '../model/clock';
import type { Log } from '../model/log';
import type { ActiveFile } from '../views/activeFile';
import type { Comparer } from '../views/comparison';
import type { DiffEditor } from '../views/diffEditor';
import type { FolderStatuses } from '../views/folderStatuses';
import type { Labels } from '../views/labels';
import type { Reports } from '../views/reports';
import type { StoragePanel } from '../views/storagePanel';
import type { VersionText } from '../views/versionText';
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
