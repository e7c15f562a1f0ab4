import type { ObbyApi } from '../api/api';
import type { ResourceSetting, Setting } from '../host/settings/settings';
import type { Clock } from '../base/clock';
import { type Log, detached } from '../base/log';
import type { ActiveFile } from '../views/history/activeFile';
import type { LineAnnotations } from '../views/history/lineAnnotations';
import type { LineFocus } from '../views/history/lineFocus';
import type { DiffEditor } from '../views/diff/comparison';
import type { DiffPanels } from '../views/diff/diffPanels';
import type { FolderStatuses } from '../views/status/folderStatuses';
import type { Labels } from '../views/history/labels';
import type { Reports } from '../views/shared/reports';
import type { SearchView } from '../views/search/searchView';
import type { StoragePanel } from '../views/storage/storagePanel';
import type { UndoPreviews } from '../views/diff/undoPreviews';
import type { VersionText } from '../views/text/versionText';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable';
import { ObbyError } from '../base/errors';
import { forMessage } from '../views/text/displayText';
import type { CommandTitle } from './commandTitles';

/** Where comparisons open. */
type DiffEditorChoice = 'obby' | 'builtin';

export interface CommandContext {
  readonly api: ObbyApi;
  readonly log: Log;
  readonly clock: Clock;
  /** Absolute path of the extension's folder. */
  readonly extensionPath: string;
  readonly showLog: () => void;
  readonly runner: CommandRunner;
  readonly text: VersionText;
  readonly activeFile: ActiveFile;
  readonly lineAnnotations: LineAnnotations;
  readonly lineFocus: LineFocus;
  readonly statuses: FolderStatuses;
  readonly labels: Labels;
  readonly reports: Reports;
  readonly searchView: SearchView;
  readonly storagePanel: StoragePanel;
  readonly diffPanels: DiffPanels;
  readonly diffEditor: DiffEditor;
  readonly undoPreviews: UndoPreviews;
  readonly diffEditorChoice: Setting<DiffEditorChoice>;
  /** The folder for all histories; see `historiesDirOf`. */
  readonly storageLocation: Setting<string>;
  /** Contents of larger files are not stored. */
  readonly maxFileBytes: ResourceSetting<number>;
  /** Whether to warn about change sets that delete or empty many files. */
  readonly warnOnMassDeletion: ResourceSetting<boolean>;
}

/** A button of a message. */
export interface Offer {
  readonly title: string;
  readonly run: () => Promise<void>;
}

/** Runs commands, and reports every failure. */
export class CommandRunner {
  constructor(
    private readonly log: Log,
    private readonly showLog: () => void,
    readonly titles: ReadonlyMap<string, CommandTitle>,
  ) {}

  /** The registered command resolves even if it fails, since the failure is reported. */
  register(id: string, run: (...args: unknown[]) => Promise<void>): Disposable {
    const name = (this.titles.get(id)?.title ?? id).replace(/…$/, '');
    return vscode.commands.registerCommand(id, (...args: unknown[]) => this.run(name, () => run(...args)));
  }

  /** Shows a message with buttons; does not wait for the answer. */
  offer(message: string, offers: readonly Offer[]): void {
    const titles = offers.map(({ title }) => title);
    const answer = vscode.window.showInformationMessage(forMessage(message), ...titles);
    const chosen = answer.then((title) => {
      const offer = offers.find((each) => each.title === title);
      return offer && this.run(offer.title, offer.run);
    });
    detached(chosen, this.log, message);
  }

  private async run(name: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.report(name, error);
    }
  }

  private report(name: string, error: unknown): void {
    if (error instanceof ObbyError) {
      this.log.warn(`${name}: ${error.message}`);
      detached(vscode.window.showErrorMessage(forMessage(error.message)), this.log, name);
      return;
    }
    this.log.error(error instanceof Error ? error : String(error));
    const showLog = l10n.t('Show Log');
    const answer = vscode.window.showErrorMessage(l10n.t('{0} failed.', name), showLog);
    detached(
      answer.then((title) => title === showLog && this.showLog()),
      this.log,
      name,
    );
  }
}

/** Shows a notification while something runs. */
export function inProgress<T>(title: string, work: () => Promise<T>): Thenable<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, work);
}

/** Work that takes longer than this (ms) is shown. */
const slowMs = 500;

/** Shows a notification while something takes long, with a button that cancels the token. */
export async function inProgressIfSlow<T>(
  clock: Pick<Clock, 'after'>,
  title: string,
  work: (token: vscode.CancellationToken) => Promise<T>,
): Promise<T> {
  const source = new vscode.CancellationTokenSource();
  const done = work(source.token);
  const stop = clock.after(slowMs, () => {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    vscode.window.withProgress(options, async (_progress, token) => {
      token.onCancellationRequested(() => source.cancel());
      await Promise.allSettled([done]);
    });
  });
  try {
    return await done;
  } finally {
    stop();
    source.dispose();
  }
}
