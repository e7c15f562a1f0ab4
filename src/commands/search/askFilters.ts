import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { SearchQuery } from '../../api/api';
import { causes, type Cause } from '../../model/version';
import { forIconLabel, oneLine } from '../../views/text/displayText';
import { causeIcons } from '../../views/text/causeText';
import type { VersionText } from '../../views/text/versionText';

/** A filter, or a value of one; `undefined` in `change` takes a filter away. */
interface Choice extends vscode.QuickPickItem {
  readonly choose: () => Promise<Change | undefined> | Change;
}

type Change = { readonly [Name in 'where' | 'path' | 'since' | 'cause']?: SearchQuery[Name] | undefined };

const hourMs = 3_600_000;

/** Asks for a filter of a search; resolves with the changed query, or undefined when cancelled. */
export async function askFilters(query: SearchQuery, text: VersionText): Promise<SearchQuery | undefined> {
  const { where = 'any', path, since, cause } = query;
  const all = l10n.t('all');
  const choices: Choice[] = [
    choice('filter', l10n.t('Lines'), scopeNames()[where], async () =>
      pick(l10n.t('Which lines'), scopeChoices(where)),
    ),
    choice('folder', l10n.t('Files'), path === undefined ? all : oneLine(path), () => askPath(path)),
    choice('clock', l10n.t('Time'), since === undefined ? all : text.time.short(since), async () =>
      pick(l10n.t('Changes since'), timeChoices()),
    ),
    choice('zap', l10n.t('Cause'), cause === undefined ? all : wordOf(cause, text), async () =>
      pick(l10n.t('What wrote the file'), causeChoices(cause, text)),
    ),
  ];
  if (where !== 'any' || path !== undefined || since !== undefined || cause !== undefined) {
    const none = { where: undefined, path: undefined, since: undefined, cause: undefined };
    choices.push(choice('clear-all', l10n.t('Remove All Filters'), '', () => none));
  }
  const change = await pick(l10n.t('Filter Search Results'), choices);
  return change && changed(query, change);
}

function changed({ where, path, since, cause, ...rest }: SearchQuery, change: Change): SearchQuery {
  const filters = { where, path, since, cause, ...change };
  return {
    ...rest,
    ...(filters.where !== undefined && { where: filters.where }),
    ...(filters.path !== undefined && { path: filters.path }),
    ...(filters.since !== undefined && { since: filters.since }),
    ...(filters.cause !== undefined && { cause: filters.cause }),
  };
}

async function pick(title: string, choices: readonly Choice[]): Promise<Change | undefined> {
  const chosen = await vscode.window.showQuickPick(choices, { title });
  return chosen?.choose();
}

function choice(icon: string, label: string, description: string, choose: Choice['choose']): Choice {
  return { label: `$(${icon}) ${label}`, description: forIconLabel(description), choose };
}

function scopeNames(): Readonly<Record<NonNullable<SearchQuery['where']>, string>> {
  return {
    any: l10n.t('all'),
    added: l10n.t('added'),
    removed: l10n.t('removed'),
    lost: l10n.t('lost: removed, and in no file now'),
  };
}

function scopeChoices(now: SearchQuery['where']): Choice[] {
  const icons = { any: 'list-flat', added: 'diff-added', removed: 'diff-removed', lost: 'question' };
  return (['any', 'added', 'removed', 'lost'] as const).map((where) =>
    choice(icons[where], scopeNames()[where], where === now ? '✓' : '', () => ({ where })),
  );
}

function timeChoices(): Choice[] {
  const today = new Date();
  today.setHours(0, 0, 0, 0);
  const ago =
    (hours: number): (() => Change) =>
    () => ({ since: Date.now() - hours * hourMs });
  return [
    choice('history', l10n.t('Any time'), '', () => ({ since: undefined })),
    choice('clock', l10n.t('The last hour'), '', ago(1)),
    choice('clock', l10n.t('Today'), '', () => ({ since: today.getTime() })),
    choice('clock', l10n.t('The last 7 days'), '', ago(7 * 24)),
    choice('clock', l10n.t('The last 30 days'), '', ago(30 * 24)),
  ];
}

function wordOf(cause: Cause, text: VersionText): string {
  return text.cause({ cause, confidence: 'certain' });
}

function causeChoices(now: Cause | undefined, text: VersionText): Choice[] {
  const any = choice('list-flat', l10n.t('all'), now === undefined ? '✓' : '', () => ({ cause: undefined }));
  return [
    any,
    ...causes.map((cause) =>
      choice(causeIcons[cause], wordOf(cause, text), cause === now ? '✓' : '', () => ({ cause })),
    ),
  ];
}

async function askPath(before: string | undefined): Promise<Change | undefined> {
  const path = await vscode.window.showInputBox({
    title: l10n.t('Only in these files'),
    prompt: l10n.t('A pattern in the syntax of .gitignore, such as src/ or *.ts; empty for all files'),
    ...(before !== undefined && { value: before }),
  });
  if (path === undefined) return undefined;
  return { path: path.trim() === '' ? undefined : path.trim() };
}
