import * as vscode from 'vscode';
import type { ObbyApi } from '../api/api';
import type { Sessions } from '../host/session/sessions';
import type { Settings } from '../host/settings/settings';
import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { Log } from '../base/log';
import { ActiveFile } from './history/activeFile';
import { DiffEditor, sideLabels, loadComparison } from './diff/comparison';
import { DiffPanels } from './diff/diffPanels';
import { DiffStates } from './diff/diffState';
import { FileHistoryView } from './history/fileHistoryView';
import { LineAnnotations } from './history/lineAnnotations';
import { LineFocus } from './history/lineFocus';
import { FolderStatuses, SidebarState, StatusBar } from './status/folderStatuses';
import { Labels } from './history/labels';
import { RecentChangesView } from './history/recentChangesView';
import { SearchView } from './search/searchView';
import { Reports } from './shared/reports';
import { RuleDiagnostics } from './status/ruleDiagnostics';
import { StoragePanel } from './storage/storagePanel';
import { StorageStates } from './storage/storageState';
import { dateLocale, systemLocale, TimeText } from './text/timeText';
import { UndoPreviews } from './diff/undoPreviews';
import { VersionDocuments } from './diff/versionDocuments';
import { VersionText } from './text/versionText';

export interface ViewsOptions {
  readonly api: ObbyApi;
  readonly extensionUri: vscode.Uri;
  readonly settings: Pick<Settings, 'showLineEndings' | 'diffLayout' | 'rememberDiffLayout'>;
  /** For the problems of rule files, which the API does not have. */
  readonly sessions: Pick<Sessions, 'all' | 'onDidChange'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What commands need of the views. */
export interface Views extends Disposable {
  readonly text: VersionText;
  readonly activeFile: ActiveFile;
  readonly lineAnnotations: LineAnnotations;
  readonly lineFocus: LineFocus;
  readonly statuses: FolderStatuses;
  readonly labels: Labels;
  readonly reports: Reports;
  readonly searchView: SearchView;
  readonly storagePanel: StoragePanel;
  readonly diffEditor: DiffEditor;
  readonly diffPanels: DiffPanels;
  readonly undoPreviews: UndoPreviews;
}

/** Creates all views. */
export function createViews(options: ViewsOptions): Views {
  const { api, settings, sessions, clock, log } = options;
  const disposables = new DisposableStore();
  const locale = dateLocale(vscode.env.language, systemLocale());
  const text = new VersionText(new TimeText(clock, locale));
  const activeFile = disposables.add(new ActiveFile(api));
  const lineFocus = disposables.add(new LineFocus(log));
  const lineAnnotations = disposables.add(new LineAnnotations({ api, clock, text, log }));
  const statuses = disposables.add(new FolderStatuses(api, log, clock));
  const labels = disposables.add(new Labels(api, log, clock));
  const reports = disposables.add(new Reports());
  const shared = { api, log, clock, text, activeFile, statuses, labels };
  disposables.add(new SidebarState(statuses, log));
  disposables.add(new StatusBar(statuses, text.time));
  disposables.add(new VersionDocuments(api));
  disposables.add(new FileHistoryView({ ...shared, lineFocus, showLineEndings: settings.showLineEndings }));
  disposables.add(new RecentChangesView(shared));
  const searchView = disposables.add(new SearchView(shared));
  disposables.add(new RuleDiagnostics(sessions));
  const storageStates = new StorageStates(text.time);
  const storagePanel = disposables.add(
    new StoragePanel({ api, extensionUri: options.extensionUri, states: storageStates, statuses, clock, log }),
  );
  const diffPanels = disposables.add(createDiffPanels(options, text));
  disposables.add(diffPanels.onDidActivate((comparison) => activeFile.showCompared(comparison)));
  const diffEditor = new DiffEditor(text.time);
  const undoPreviews = disposables.add(new UndoPreviews(api));
  const panels = { storagePanel, diffEditor, diffPanels, undoPreviews };
  const parts = { text, activeFile, lineAnnotations, lineFocus, statuses, labels, reports, searchView, ...panels };
  return { ...parts, dispose: () => disposables.dispose() };
}

function createDiffPanels({ api, extensionUri, settings, clock, log }: ViewsOptions, text: VersionText): DiffPanels {
  const { time } = text;
  return new DiffPanels({
    api,
    extensionUri,
    states: new DiffStates(text, (comparison) => sideLabels(comparison, time), time.locale),
    time,
    load: (comparison) => loadComparison(api, comparison),
    layout: settings.diffLayout,
    rememberLayout: (layout) => settings.rememberDiffLayout(layout),
    clock,
    log,
  });
}
