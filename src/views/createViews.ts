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
import { loadComparison } from './loadComparison';
import { RecentChangesView } from './recentChangesView';
import { RuleDiagnostics, type RuleProblems } from './ruleDiagnostics';
import { SidebarState } from './sidebarState';
import { StatusBar } from './statusBar';
import { dateLocale, TimeText } from './timeText';
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
  readonly diffEditor: DiffEditor;
  readonly diffPanel: Comparer;
}

/** Builds everything that shows the history. */
export function createViews(options: ViewsOptions): Views {
  const { api, settings, ruleProblems, clock, log } = options;
  const disposables = new DisposableStore();
  const locale = dateLocale(vscode.env.language, Intl.DateTimeFormat().resolvedOptions().locale);
  const text = new VersionText(vscode.l10n.t, new TimeText(clock, locale));
  const activeFile = disposables.add(new ActiveFile(api));
  const statuses = disposables.add(new FolderStatuses(api, log, clock));
  const shared = { api, log, clock, text, activeFile, statuses };
  disposables.add(new SidebarState(statuses));
  disposables.add(new StatusBar(statuses, text.time));
  disposables.add(new VersionDocuments(api));
  disposables.add(new FileHistoryView({ ...shared, showLineEndings: settings.showLineEndings }));
  disposables.add(new RecentChangesView(shared));
  disposables.add(new RuleDiagnostics(ruleProblems));
  const diffPanel = disposables.add(createDiffPanels(options, text));
  disposables.add(diffPanel.onDidActivate((comparison) => activeFile.showCompared(comparison)));
  const diffEditor = new DiffEditor(text.time);
  return { text, activeFile, statuses, diffEditor, diffPanel, dispose: () => disposables.dispose() };
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
