import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { SearchHit, Version } from '../../api/api';
import { commands, internalCommands } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { ObbyError } from '../../base/errors';
import { asSearchHit } from '../../views/search/searchRows';
import type { CommandContext } from '../commandContext';
import { showVersionAt } from '../compare/compare';
import { askPattern } from './askPattern';
import { askFilters } from './askFilters';

/** Commands that search the histories. */
export function registerSearch(context: CommandContext): Disposable {
  const { runner, searchView } = context;
  const disposables = new DisposableStore();
  const register = (id: string, run: (arg: unknown) => Promise<void> | void): void => {
    disposables.add(runner.register(id, async (arg) => run(arg)));
  };
  register(commands.searchHistory, (arg) => searchHistory(context, arg));
  register(commands.searchSelection, () => searchSelection(context));
  register(commands.filterSearch, () => filterSearch(context));
  register(commands.cancelSearch, () => searchView.cancel());
  register(commands.clearSearch, () => searchView.clear());
  register(internalCommands.showSearchHit, (row) => showHit(context, asSearchHit(row)));
  return disposables;
}

/** Asks for a pattern; a text as argument is what to begin with. Filters stay as they are. */
async function searchHistory({ searchView }: CommandContext, arg: unknown): Promise<void> {
  const { text, regex, caseSensitive, wholeWord, ...filters } = searchView.query ?? {};
  const before = { text: text ?? regex ?? '', isRegex: regex !== undefined, caseSensitive, wholeWord };
  const pattern = await askPattern(typeof arg === 'string' ? { ...before, text: arg, isRegex: false } : before);
  if (pattern) await searchView.search({ ...filters, ...pattern });
}

/** Searches for what is selected, or for the word at the cursor. */
async function searchSelection({ searchView }: CommandContext): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const word = editor?.document.getWordRangeAtPosition(editor.selection.active);
  const range = editor?.selection.isEmpty === false ? editor.selection : word;
  const text = editor && range ? editor.document.getText(range) : '';
  if (text.trim() === '') throw new ObbyError('badArgument', l10n.t('Select a text to search for first.'));
  await searchView.search({ text, caseSensitive: true });
}

async function filterSearch(context: CommandContext): Promise<void> {
  const { searchView } = context;
  if (!searchView.query) return;
  const changed = await askFilters(searchView.query, context.text);
  if (changed) await searchView.search(changed);
}

async function showHit(context: CommandContext, hit: SearchHit | undefined): Promise<void> {
  if (!hit) return;
  const side = hit.change === 'removed' ? 'old' : 'new';
  const previous = await lastStored(context, hit.version);
  await showVersionAt(context, hit.version, previous, { side, line: hit.line });
}

/** The version that a hit's version was compared with: states without content in between say nothing. */
async function lastStored({ api }: CommandContext, { previous }: Version): Promise<Version | undefined> {
  for (let id = previous; id !== undefined;) {
    const version = await api.history.version(id);
    if (!version.unstored) return version;
    id = version.previous;
  }
  return undefined;
}
