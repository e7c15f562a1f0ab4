import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { LineOrigins, ObbyApi, Version } from '../../api/api';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { messageOf } from '../../base/errors';
import type { Log } from '../../base/log';
import { ThrottledDelayer } from '../../base/throttledDelayer';
import { commands } from '../../ids';
import { oneLine } from '../text/displayText';
import type { VersionText } from '../text/versionText';
import { blocksOf, heatColors, heatOf, type AnnotatedBlock } from './annotatedLines';
import { versionTooltip } from './treeItems';

export interface LineAnnotationsOptions {
  readonly api: Pick<ObbyApi, 'history' | 'subscribe'>;
  readonly clock: Pick<Clock, 'after' | 'now'>;
  readonly text: VersionText;
  readonly log: Log;
}

/** Typing does not ask for the history of each letter. */
const delayMs = 500;
/** In characters; what does not fit is in the hover. */
const width = 30;

/** Beside each line of chosen files: when it was last changed, and by what. Does nothing until it is turned on. */
export class LineAnnotations implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly refresher: ThrottledDelayer;
  private readonly heats = heatColors.map((color) => this.disposables.add(heatDecoration(color)));
  /** The annotated files, as texts of their URIs. */
  private readonly files = new Set<string>();

  constructor(private readonly options: LineAnnotationsOptions) {
    const { api, clock, log } = options;
    this.refresher = this.disposables.add(
      new ThrottledDelayer(
        () => this.refresh(),
        (error) => log.error(`Lines could not be annotated: ${messageOf(error)}`),
        clock,
        delayMs,
      ),
    );
    const request = (): void => {
      if (this.files.size > 0) this.refresher.request();
    };
    this.disposables.add(vscode.window.onDidChangeVisibleTextEditors(request));
    this.disposables.add(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (this.files.has(document.uri.toString())) request();
      }),
    );
    this.disposables.add(api.subscribe(['version', 'maintenance'], request));
  }

  /** Turns them on or off for the file of an editor. */
  async toggle(editor: vscode.TextEditor): Promise<void> {
    const file = editor.document.uri.toString();
    if (this.files.delete(file)) for (const each of editorsOf(file)) this.draw(each, []);
    else {
      await this.annotate([editor]);
      this.files.add(file);
    }
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private refresh(): Promise<void> {
    return this.annotate([...this.files].flatMap(editorsOf));
  }

  private async annotate(editors: readonly vscode.TextEditor[]): Promise<void> {
    for (const editor of editors) {
      const { document } = editor;
      const { version } = document;
      const origins = await this.options.api.history.lines(document.uri);
      // A later edit asks again.
      if (document.version === version) this.draw(editor, blocksOf(origins.lines), origins);
    }
  }

  private draw(editor: vscode.TextEditor, blocks: readonly AnnotatedBlock[], origins?: LineOrigins): void {
    const now = this.options.clock.now();
    const drawn: vscode.DecorationOptions[][] = this.heats.map(() => []);
    for (const block of blocks) {
      const version = origins?.versions[block.version];
      if (version) drawn[heatOf(now - version.time)]?.push(...this.annotationsOf(block, version));
    }
    this.heats.forEach((heat, level) => editor.setDecorations(heat, drawn[level] ?? []));
  }

  private annotationsOf({ start, end }: AnnotatedBlock, version: Version): vscode.DecorationOptions[] {
    const { text } = this.options;
    const shown = oneLine(`${text.time.short(version.time)} · ${text.cause(version)}`);
    const hoverMessage = hoverOf(version, text);
    return Array.from({ length: end - start }, (_, by) => ({
      range: new vscode.Range(start + by, 0, start + by, 0),
      hoverMessage,
      renderOptions: { before: { contentText: by === 0 ? fitted(shown) : '\u00a0' } },
    }));
  }
}

function editorsOf(file: string): vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter(({ document }) => document.uri.toString() === file);
}

function heatDecoration(color: string): vscode.TextEditorDecorationType {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="${color}" d="M7 0h3v16H7z"/></svg>`;
  return vscode.window.createTextEditorDecorationType({
    gutterIconPath: vscode.Uri.parse(`data:image/svg+xml;utf8,${encodeURIComponent(svg)}`),
    gutterIconSize: 'contain',
    rangeBehavior: vscode.DecorationRangeBehavior.OpenOpen,
    before: {
      color: new vscode.ThemeColor('editorCodeLens.foreground'),
      width: `${width}ch`,
      margin: '0 2ch 0 0',
    },
  });
}

function fitted(text: string): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

/** All facts of the version, and a way to see what it changed. */
function hoverOf(version: Version, text: VersionText): vscode.MarkdownString {
  const hover = versionTooltip(version, text);
  const command = commands.compareWithPrevious;
  hover.isTrusted = { enabledCommands: [command] };
  const args = encodeURIComponent(JSON.stringify([version.id]));
  return hover.appendMarkdown(`\n\n[${l10n.t('Compare')}](command:${command}?${args})`);
}
