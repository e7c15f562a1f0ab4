import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { commands } from '../../ids';
import type { Clock } from '../../base/clock';
import { DisposableStore, MutableDisposable, toDisposable, type Disposable } from '../../base/disposable';
import { assertNever, messageOf, ObbyError } from '../../base/errors';
import { detached, type Log } from '../../base/log';
import {
  parseFromWebview,
  type Body,
  type DiffAction,
  type DiffState,
  type FromWebview,
  type Layout,
  type ToWebview,
} from '../../webview/protocol';
import { fileOfSide, type Comparison, comparisonTitle } from './comparison';
import type { ContentComparison } from '../../model/diff';
import { bodyOf, type DiffStates, type EditorFacts } from './diffState';
import { oneLine } from '../text/displayText';
import { ThrottledDelayer } from '../../base/throttledDelayer';
import type { TimeText } from '../text/timeText';
import { fillWebview } from '../shared/webviewPage';

export interface DiffPanelDeps {
  readonly extensionUri: vscode.Uri;
  readonly states: DiffStates;
  readonly time: TimeText;
  readonly load: (comparison: Comparison) => Promise<ContentComparison>;
  readonly rememberLayout: (layout: Layout) => Thenable<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Interval of updates of texts like "3 minutes ago". */
const timesMs = 60_000;
/** Changes by typing are shown after a pause. */
const refreshDelayMs = 300;

/** One tab that shows a comparison. It keeps the newest state and sends it when its webview is ready. */
export class DiffPanel implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly refresher: ThrottledDelayer;
  private readonly nextTimes = this.disposables.add(new MutableDisposable());
  private body: Body = { kind: 'loading' };
  private loaded: ContentComparison | undefined;
  private isListening = false;
  /** Counts loads, so that a late result of an older one is dropped. */
  private loads = 0;
  private reveal: DiffState['reveal'];

  constructor(
    readonly panel: vscode.WebviewPanel,
    private current: Comparison,
    private layout: Layout,
    private readonly deps: DiffPanelDeps,
  ) {
    const onError = (error: unknown): void => deps.log.error(messageOf(error));
    this.refresher = this.disposables.add(new ThrottledDelayer(() => this.load(), onError, deps.clock, refreshDelayMs));
    this.disposables.add(toDisposable(() => (this.loads = -1)));
    this.disposables.add(panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message)));
    this.disposables.add(panel.onDidChangeViewState(() => this.viewed()));
    this.disposables.add(vscode.workspace.onDidChangeConfiguration((event) => this.configured(event)));
    fillWebview(panel.webview, deps.extensionUri, { script: 'diffMain.js', style: 'diff.css' });
    this.show(current);
    this.tick();
  }

  get comparison(): Comparison {
    return this.current;
  }

  show(comparison: Comparison): void {
    this.current = comparison;
    this.revealLine(comparison);
    this.body = { kind: 'loading' };
    this.loaded = undefined;
    this.panel.title = comparisonTitle(comparison, this.deps.time);
    this.postState();
    detached(this.load(), this.deps.log, 'A comparison was not shown');
  }

  /** Goes to the line of a comparison, if it has one. */
  revealLine({ reveal }: Comparison): void {
    // The time, so that no panel that is opened again has had it before.
    this.reveal = reveal && { ...reveal, id: Date.now() };
  }

  /** Loads both sides again soon; the present content stays until then. */
  refresh(): void {
    this.refresher.request();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async load(): Promise<void> {
    const load = ++this.loads;
    const content = await this.loadContent();
    if (load !== this.loads) return;
    this.loaded = content.loaded;
    this.body = content.body;
    this.postState();
  }

  private async loadContent(): Promise<{ readonly body: Body; readonly loaded?: ContentComparison }> {
    try {
      const loaded = await this.deps.load(this.current);
      return { body: bodyOf(loaded), loaded };
    } catch (error) {
      return { body: { kind: 'failed', message: this.problem(error) } };
    }
  }

  /** The message for people; an unexpected error goes to the log. */
  private problem(error: unknown): string {
    if (error instanceof ObbyError) return error.message;
    this.deps.log.error(error instanceof Error ? error : String(error));
    return l10n.t('An unexpected error occurred. See the log.');
  }

  private receive(message: unknown): void {
    const parsed = parseFromWebview(message);
    if (!parsed) {
      this.deps.log.warn('The diff panel sent something that is not understood.');
      return;
    }
    detached(this.handle(parsed), this.deps.log, 'A button of the comparison failed');
  }

  private async handle(message: FromWebview): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.isListening = true;
        this.postState();
        return;
      case 'layout':
        this.layout = message.layout;
        await this.deps.rememberLayout(message.layout).then(undefined, (error: unknown) => this.problem(error));
        return;
      case 'action': {
        const error = await this.act(message.action);
        this.post({ type: 'reply', id: message.id, ...(error !== undefined && { error }) });
        return;
      }
      default:
        assertNever(message);
    }
  }

  /** Resolves with an error message, or undefined. */
  private async act(action: DiffAction): Promise<string | undefined> {
    try {
      await this.run(action);
      return undefined;
    } catch (error) {
      return this.problem(error);
    }
  }

  private async run(action: DiffAction): Promise<void> {
    const { left } = this.current;
    switch (action) {
      case 'restore':
        if (left.kind === 'version') await vscode.commands.executeCommand(commands.restoreVersion, left.version.id);
        return;
      case 'openInDiffEditor':
        await vscode.commands.executeCommand(commands.openInDiffEditor, this.current);
        return;
      case 'reload':
        this.show(this.current);
        return;
      case 'showLog':
        await vscode.commands.executeCommand(commands.showLog);
        return;
      default:
        assertNever(action);
    }
  }

  /** A hidden webview is destroyed; shown again, it asks for its state. */
  private viewed(): void {
    if (!this.panel.visible) this.isListening = false;
  }

  private configured(event: vscode.ConfigurationChangeEvent): void {
    const file = fileOfSide(this.current.right);
    const isOurs = ['editor.tabSize', 'editor.lineHeight'].some((key) => event.affectsConfiguration(key, file));
    if (isOurs) this.postState();
  }

  private tick(): void {
    const cancel = this.deps.clock.after(timesMs, () => {
      const [left, right] = [this.current.left, this.current.right].map((side) => this.deps.states.timeOf(side));
      this.post({ type: 'times', ...(left && { left }), ...(right && { right }) });
      this.tick();
    });
    this.nextTimes.value = toDisposable(cancel);
  }

  private postState(): void {
    const { states } = this.deps;
    const content = { body: this.body, ...(this.loaded && { loaded: this.loaded }) };
    const state = states.state(this.current, this.layout, editorFacts(this.current), content);
    this.post({ type: 'state', state: { ...state, ...(this.reveal && { reveal: this.reveal }) } });
  }

  private post(message: ToWebview): void {
    if (!this.isListening) return;
    detached(this.panel.webview.postMessage(message), this.deps.log, 'The comparison was not updated');
  }
}

/** From the settings, and from an editor that shows the file. */
function editorFacts({ left, right }: Comparison): EditorFacts {
  const file = fileOfSide(right);
  const settings = vscode.workspace.getConfiguration('editor', file);
  const editor = vscode.window.visibleTextEditors.find(({ document }) => isSame(document.uri, file));
  const tabSize = editor?.options.tabSize ?? settings.get<unknown>('tabSize');
  const lineHeight = settings.get<unknown>('lineHeight');
  const shownFile = [left, right].some(({ kind }) => kind === 'file');
  return {
    path: oneLine(vscode.workspace.asRelativePath(file)),
    tabSize: typeof tabSize === 'number' ? tabSize : 4,
    lineHeight: typeof lineHeight === 'number' ? lineHeight : 0,
    isUnsaved:
      shownFile && vscode.workspace.textDocuments.some((document) => document.isDirty && isSame(document.uri, file)),
  };
}

function isSame(a: vscode.Uri, b: vscode.Uri): boolean {
  return a.toString() === b.toString();
}
