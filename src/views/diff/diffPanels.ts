import * as vscode from 'vscode';
import type { ObbyApi } from '../../api/api';
import type { Setting } from '../../host/settings/settings';
import { diffPanelType } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { messageOf } from '../../base/errors';
import { Emitter } from '../../base/events';
import { parseSaved, type Layout, type SavedComparison, type SavedSide } from '../../webview/protocol';
import type { Comparer, Comparison, Side } from './comparison';
import { DiffPanel, type DiffPanelDeps } from './diffPanel';
import { resourceRoots } from '../shared/webviewPage';

export interface DiffPanelsDeps extends DiffPanelDeps {
  readonly api: Pick<ObbyApi, 'history' | 'subscribe'>;
  /** Initial layout of a panel. */
  readonly layout: Setting<Layout>;
}

/** Shows comparisons in Obby's own panels. Reuses the newest panel unless it is pinned. */
export class DiffPanels implements Comparer, Disposable {
  private readonly disposables = new DisposableStore();
  /** Most recently used first. */
  private panels: readonly DiffPanel[] = [];
  private readonly activated = this.disposables.add(new Emitter<Comparison>());

  /** Fires with the comparison of a panel that becomes the active editor. */
  readonly onDidActivate = this.activated.event;

  constructor(private readonly deps: DiffPanelsDeps) {
    this.disposables.add(
      vscode.window.registerWebviewPanelSerializer(diffPanelType, {
        deserializeWebviewPanel: (panel, state: unknown) => this.reopen(panel, state),
      }),
    );
    this.disposables.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.refresh(document.uri)));
    this.disposables.add(vscode.workspace.onDidSaveTextDocument(({ uri }) => this.refresh(uri)));
    this.disposables.add(
      deps.api.subscribe(['version'], (event) => {
        for (const { uri } of event.versions) this.refresh(uri);
      }),
    );
  }

  /** The comparison in the active editor, if it is one of these panels. */
  get activeComparison(): Comparison | undefined {
    return this.panels.find(({ panel }) => panel.active)?.comparison;
  }

  compare(comparison: Comparison): Promise<void> {
    this.showInPanel(comparison);
    return Promise.resolve();
  }

  /** Reloads panels that show the present state of a file. */
  refresh(file: vscode.Uri): void {
    for (const panel of this.panels) {
      const { left, right } = panel.comparison;
      const showsFile = [left, right].some((side) => side.kind === 'file' && side.uri.toString() === file.toString());
      if (showsFile) panel.refresh();
    }
  }

  dispose(): void {
    this.disposables.dispose();
    for (const panel of this.panels) panel.dispose();
  }

  private showInPanel(comparison: Comparison): void {
    const known = this.panels.find((panel) => isSame(panel.comparison, comparison));
    const reused = known ?? this.panels.find(({ panel }) => !isPinned(panel));
    if (!reused) {
      this.open(comparison);
      return;
    }
    if (known) {
      known.revealLine(comparison);
      known.refresh();
    } else reused.show(comparison);
    this.use(reused);
    reused.panel.reveal();
  }

  private open(comparison: Comparison): void {
    const panel = vscode.window.createWebviewPanel(diffPanelType, '', vscode.ViewColumn.Active, {
      enableScripts: true,
      localResourceRoots: resourceRoots(this.deps.extensionUri),
    });
    this.adopt(panel, comparison);
  }

  private adopt(panel: vscode.WebviewPanel, comparison: Comparison): void {
    const { extensionUri, layout } = this.deps;
    const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(extensionUri, 'media', `diff-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    const created = new DiffPanel(panel, comparison, layout.value, this.deps);
    this.use(created);
    panel.onDidChangeViewState(() => {
      if (panel.active) this.activated.fire(created.comparison);
    });
    panel.onDidDispose(() => {
      created.dispose();
      this.panels = this.panels.filter((other) => other !== created);
    });
  }

  private use(panel: DiffPanel): void {
    this.panels = [panel, ...this.panels.filter((other) => other !== panel)];
  }

  /** Restores a panel after a window reload; closes it if its comparison cannot be restored. */
  private async reopen(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const saved = parseSaved(state);
    const comparison = saved && (await this.find(saved));
    if (!comparison) {
      panel.dispose();
      return;
    }
    this.adopt(panel, comparison);
    if (panel.active) this.activated.fire(comparison);
  }

  private async find({ left, right }: SavedComparison): Promise<Comparison | undefined> {
    try {
      return { left: await this.findSide(left), right: await this.findSide(right) };
    } catch (error) {
      this.deps.log.warn(`A comparison could not be opened again: ${messageOf(error)}`);
      return undefined;
    }
  }

  private async findSide(side: SavedSide): Promise<Side> {
    if (side.kind === 'version') return { kind: 'version', version: await this.deps.api.history.version(side.id) };
    return { kind: side.kind, uri: vscode.Uri.parse(side.uri, true) };
  }
}

function isSame(a: Comparison, b: Comparison): boolean {
  return keyOf(a.left) === keyOf(b.left) && keyOf(a.right) === keyOf(b.right);
}

function keyOf(side: Side): string {
  return side.kind === 'version' ? side.version.id : `${side.kind} ${side.uri.toString()}`;
}

/** VS Code identifies tabs only by type and title. */
function isPinned({ title }: vscode.WebviewPanel): boolean {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.some(
    ({ input, isPinned: pinned, label }) =>
      pinned && label === title && input instanceof vscode.TabInputWebview && input.viewType.endsWith(diffPanelType),
  );
}
