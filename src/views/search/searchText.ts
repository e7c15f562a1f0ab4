import * as l10n from '@vscode/l10n';
import type { SearchHit, SearchQuery } from '../../api/api';
import { plural } from '../../base/plural';
import { oneLine } from '../text/displayText';
import { fileCount } from '../text/timeText';
import type { VersionText } from '../text/versionText';

/** The longest pattern that is quoted, in characters. */
const maxQuoted = 60;

/** The pattern on one line, in quotation marks or slashes. */
export function quotedPattern({ text, regex }: SearchQuery): string {
  const pattern = (text ?? regex ?? '').trim();
  const cut = pattern.length > maxQuoted ? `${pattern.slice(0, maxQuoted)}…` : pattern;
  return text === undefined ? `/${oneLine(cut)}/` : l10n.t('“{0}”', oneLine(cut));
}

/** What limits a search, in a few words each. */
export function filterTexts(query: SearchQuery, text: VersionText): string[] {
  const { where = 'any', path, since, cause } = query;
  const scopes = {
    any: '',
    added: l10n.t('added lines'),
    removed: l10n.t('removed lines'),
    lost: l10n.t('lost lines'),
  };
  return [
    scopes[where],
    path === undefined ? '' : oneLine(path),
    since === undefined ? '' : l10n.t('since {0}', text.time.short(since)),
    cause === undefined ? '' : text.cause({ cause, confidence: 'certain' }),
  ].filter((each) => each !== '');
}

/** What became of the line, for a tooltip. */
export function fateText({ change, isLost }: Pick<SearchHit, 'change' | 'isLost'>): string {
  switch (change) {
    case 'added':
      return isLost ? l10n.t('Added here; no file has this line now') : l10n.t('Added here');
    case 'removed':
      return isLost ? l10n.t('Removed here; no file has this line now') : l10n.t('Removed here');
    case 'present':
      return isLost ? l10n.t('Was there; no file has this line now') : l10n.t('Was there already');
  }
}

export interface SearchProgress {
  readonly hits: number;
  readonly files: number;
  readonly isRunning: boolean;
  /** Ended at the most hits that are listed, or by a person. */
  readonly isCut: boolean;
  readonly unreadable: number;
}

/** The line above the results. */
export function progressText(query: SearchQuery, progress: SearchProgress, text: VersionText): string {
  const { time } = text;
  const { hits, files, isRunning, isCut, unreadable } = progress;
  const count = l10n.t(
    '{0} in {1}',
    plural(hits, l10n.t('1 line'), l10n.t('{0} lines', time.count(hits))),
    fileCount(files, time),
  );
  if (isRunning) return hits === 0 ? l10n.t('Searching…') : l10n.t('Searching… {0}', count);
  const missing =
    unreadable === 0 ? '' : l10n.t('Not searched, since they cannot be read: {0} versions.', time.count(unreadable));
  const found = isCut ? l10n.t('{0} so far: there may be more.', count) : count;
  const none =
    filterTexts(query, text).length === 0
      ? l10n.t('No version of any file has this text.')
      : l10n.t('Nothing found. Try it without filters.');
  return [hits === 0 && !isCut ? none : found, missing].filter(Boolean).join(' ');
}
