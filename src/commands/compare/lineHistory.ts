import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { LineVersion } from '../../api/api';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { ObbyError } from '../../base/errors';
import { commands, internalCommands, views } from '../../ids';
import type { FocusedLines } from '../../views/history/lineFocus';
import type { CommandContext } from '../commandContext';
import { showVersionAt } from './compare';

/** Commands about the history of some lines. */
export function registerLineHistory(context: CommandContext): Disposable {
  const { runner, lineAnnotations, lineFocus } = context;
  const disposables = new DisposableStore();
  const register = (id: string, run: (arg: unknown) => Promise<void> | void): void => {
    disposables.add(runner.register(id, async (arg) => run(arg)));
  };
  register(commands.showLineHistory, () => showLineHistory(context));
  register(commands.toggleLineAnnotations, () => lineAnnotations.toggle(watchedEditor(context)));
  register(commands.showAllVersions, () => lineFocus.set(undefined));
  register(internalCommands.showLineVersion, (change) => showLineVersion(context, change));
  return disposables;
}

/** The editor of the file of File History. */
function watchedEditor({ activeFile }: CommandContext): vscode.TextEditor {
  const editor = vscode.window.activeTextEditor;
  if (editor && editor.document.uri.toString() === activeFile.uri?.toString()) return editor;
  throw new ObbyError('badArgument', l10n.t('Open a watched file first.'));
}

async function showLineHistory(context: CommandContext): Promise<void> {
  const { lineFocus } = context;
  const editor = watchedEditor(context);
  lineFocus.set(editor.selection.isEmpty ? await linesAtCursor(editor) : selectedLines(editor));
  await vscode.commands.executeCommand(`${views.fileHistory}.focus`);
}

function selectedLines({ document, selection: { start, end } }: vscode.TextEditor): FocusedLines {
  // A selection of whole lines ends before the first character of the next one.
  const last = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
  return { file: document.uri, range: { start: start.line, end: last } };
}

/** The innermost function, class or the like at the cursor, else the line. */
async function linesAtCursor({ document, selection: { active } }: vscode.TextEditor): Promise<FocusedLines> {
  const found: unknown = await vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', document.uri);
  const symbols = Array.isArray(found) ? found.filter((each) => each instanceof vscode.DocumentSymbol) : [];
  const symbol = innermost(symbols, active);
  if (!symbol) return { file: document.uri, range: { start: active.line, end: active.line + 1 } };
  const { range, name } = symbol;
  return { file: document.uri, range: { start: range.start.line, end: range.end.line + 1 }, symbol: name };
}

function innermost(symbols: readonly vscode.DocumentSymbol[], at: vscode.Position): vscode.DocumentSymbol | undefined {
  const around = symbols.find(({ range }) => range.contains(at));
  return around && (innermost(around.children, at) ?? around);
}

/** Compares the version with the one before it that had a text, at the lines. */
async function showLineVersion(context: CommandContext, change: unknown): Promise<void> {
  if (!isLineVersion(change)) return;
  const { version, before, range } = change;
  await showVersionAt(context, version, before?.version, { side: 'new', line: range.start });
}

function isLineVersion(value: unknown): value is LineVersion {
  return typeof value === 'object' && value !== null && 'version' in value && 'range' in value;
}
