import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { LineRange } from '../../api/api';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/events';
import { contextKeys } from '../../ids';
import type { Log } from '../../base/log';
import { fileName, oneLine } from '../text/displayText';
import { ContextKey } from '../shared/contextKey';
import { shifted } from './shiftedLines';

/** Lines of a file in its editor. */
export interface FocusedLines {
  readonly file: vscode.Uri;
  readonly range: LineRange;
  /** The symbol that has these lines. */
  readonly symbol?: string;
}

/** The lines to which File History is limited. They stay the same lines while the file is edited. */
export class LineFocus implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly changed = this.disposables.add(new Emitter<undefined>());
  private readonly isSet: ContextKey<boolean>;
  private lines: FocusedLines | undefined;

  readonly onDidChange = this.changed.event;

  constructor(log: Log) {
    this.isSet = new ContextKey(contextKeys.showsLines, log);
    this.disposables.add(vscode.workspace.onDidChangeTextDocument((event) => this.follow(event)));
  }

  /** The lines, if they are of this file. */
  of(file: vscode.Uri | undefined): FocusedLines | undefined {
    return file !== undefined && this.lines?.file.toString() === file.toString() ? this.lines : undefined;
  }

  /** Undefined: the whole file again. */
  set(lines: FocusedLines | undefined): void {
    if (lines === undefined && this.lines === undefined) return;
    this.lines = lines;
    this.isSet.set(lines !== undefined);
    this.changed.fire(undefined);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const { lines } = this;
    if (!lines || document.uri.toString() !== lines.file.toString()) return;
    const range = contentChanges.reduce((moved, { range: { start, end }, text }) => {
      const added = text.split(/\r\n|\r|\n/).length - 1;
      return shifted(moved, { start: start.line, end: end.line }, added);
    }, lines.range);
    this.lines = { ...lines, range };
  }
}

/** What the view shows: a file, or some of its lines. */
export function shownName(file: vscode.Uri, focus: FocusedLines | undefined): string {
  const name = oneLine(fileName(file.path));
  if (!focus) return name;
  const { symbol, range } = focus;
  const [first, last] = [range.start + 1, range.end];
  const lines = first === last ? l10n.t('line {0}', first) : l10n.t('lines {0} to {1}', first, last);
  return `${name} · ${symbol === undefined ? lines : oneLine(symbol)}`;
}
