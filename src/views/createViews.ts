import * as vscode from 'vscode';
import type { ObbyApi } from '../api';
import type { Settings } from '../host/settings';
import type { Clock } from '../model/clock';
import { DisposableStore, type Disposable } from '../model/disposable';
import type { Event } from '../model/events';
import type { Log } from '../model/log';
import { ActiveFile } from './activeFile';
import type { Comparer } from './comparison';
import { DiffEditor, sideLabels } from './diffEditor';
import { DiffPanels } from './diffPanels';
import { DiffStates } from './diffState';
import { FileHistoryView } from './fileHistoryView';
import { FolderStatuses } from './folderStatuses';
import { Labels } from './labels';
import { loadComparison } from './loadComparison';
import { RecentChangesView } from './recentChangesView';
import { Reports } from './reports';
import { RuleDiagnostics, type RuleProblems } from './ruleDiagnostics';
import { SidebarState } from './sidebarState';
import { StatusBar } from './statusBar';
import { StoragePanel } from './storagePanel';
import { StorageStates } from './storageState';
import { dateLocale, systemLocale, TimeText } from './timeText';
import { VersionDocuments } from './versionDocuments';
import { VersionText } from './versionText';

export interface ViewsOptions {
  readonly api: ObbyApi;
  readonly extensionUri: vscode.Uri;
  readonly settings: Pick<Settings, 'showLineEndings' | 'diffLayout' | 'rememberDiffLayout'>;
  /** What is wrong with each rule file, whenever it changes. */
  readonly ruleProblems: Event<RuleProblems>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the commands and other views share with these. */
export interface Views extends Disposable {
  readonly text: VersionText;
  readonly activeFile: ActiveFile;
  readonly statuses: FolderStatuses;
  readonly labels: Labels;
  readonly reports: Reports;
  readonly storagePanel: StoragePanel;
  readonly diffEditor: DiffEditor;
  readonly diffPanel: Comparer;
}

/** Builds everything that shows the history. */
export function createViews(options: ViewsOptions): Views {
  const { api, settings, ruleProblems, clock, log } = options;
  const disposables = new DisposableStore();
  const locale = dateLocale(vscode.env.language, systemLocale());
  const text = new VersionText(vscode.l10n.t, new TimeText(clock, locale));
  const activeFile = disposables.add(new ActiveFile(api));
  const statuses = disposables.add(new FolderStatuses(api, log, clock));
  const labels = disposables.add(new Labels(api, log, clock));
  const reports = disposables.add(new Reports());
  const shared = { api, log, clock, text, activeFile, statuses, labels };
  disposables.add(new SidebarState(statuses));
  disposables.add(new StatusBar(statuses, text.time));
  disposables.add(new VersionDocuments(api));
  disposables.add(new FileHistoryView({ ...shared, showLineEndings: settings.showLineEndings }));
  disposables.add(new RecentChangesView(shared));
  disposables.add(new RuleDiagnostics(ruleProblems));
  const storageStates = new StorageStates(vscode.l10n.t, text.time);
  const storagePanel = disposables.add(
    new StoragePanel({ api, extensionUri: options.extensionUri, states: storageStates, statuses, clock, log }),
  );
  const diffPanel = disposables.add(createDiffPanels(options, text));
  disposables.add(diffPanel.onDidActivate((comparison) => activeFile.showCompared(comparison)));
  const diffEditor = new DiffEditor(text.time);
  const parts = { text, activeFile, statuses, labels, reports, storagePanel, diffEditor, diffPanel };
  return { ...parts, dispose: () => disposables.dispose() };
}

function createDiffPanels({ api, extensionUri, settings, clock, log }: ViewsOptions, text: VersionText): DiffPanels {
  const { time } = text;
  return new DiffPanels({
    api,
    extensionUri,
    states: new DiffStates(text, vscode.l10n.t, (comparison) => sideLabels(comparison, time), time.locale),
    time,
    load: (comparison) => loadComparison(api, comparison),
    layout: settings.diffLayout,
    rememberLayout: (layout) => settings.rememberDiffLayout(layout),
    clock,
    log,
  });
}
