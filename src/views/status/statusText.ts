import * as l10n from '@vscode/l10n';
import type { FolderStatus, Gap } from '../../api/api';
import { assertNever } from '../../base/errors';
import { forIconLabel, oneLine } from '../text/displayText';
import { type TimeText, fileCount, versionCount } from '../text/timeText';
import { plural } from '../../base/plural';

/** Values of the context key `obby.state`. */
export type SidebarStateName =
  'noFolder' | 'unsupported' | 'noRules' | 'starting' | 'paused' | 'failed' | 'empty' | 'ready';

/** Values of `obby.fileState`, used while the sidebar is `empty` or `ready`. */
export type FileStateName =
  | 'loading'
  | 'noEditor'
  | 'unsaved'
  | 'outside'
  | 'ruleFile'
  | 'notListed'
  | 'excluded'
  | 'alwaysIgnored'
  | 'noVersions'
  | 'listed'
  | 'failed';

type StatusFacts = Pick<FolderStatus, 'state' | 'versions'>;

/** If no folder is recording, the first of these decides. */
const byUrgency = [
  ['failed', 'failed'],
  ['paused', 'paused'],
  ['starting', 'starting'],
  ['no rules', 'noRules'],
  ['unsupported', 'unsupported'],
] as const;

/** The state of a window with any number of folders. */
export function sidebarStateOf(statuses: readonly StatusFacts[]): SidebarStateName {
  if (statuses.length === 0) return 'noFolder';
  const isWatching = statuses.some(({ state }) => state === 'watching');
  if (isWatching) return statuses.some(({ versions }) => versions > 0) ? 'ready' : 'empty';
  const found = byUrgency.find(([state]) => statuses.some((status) => status.state === state));
  return found?.[1] ?? 'unsupported';
}

/** Fewer waiting changes are not worth a message: they are recorded too soon to read it. */
const manyWaiting = 200;
/** How many files a tooltip names. */
const maxNamed = 5;

export interface StatusBarContent {
  readonly text: string;
  /** One line for each folder; plain text. */
  readonly tooltip: string;
  /** For screen readers, in place of icon and text. */
  readonly spoken: string;
  readonly isError: boolean;
}

/** A folder's status with the folder's name. */
export interface NamedStatus extends Omit<FolderStatus, 'folder'> {
  readonly name: string;
}

/** Undefined hides the item: there is no folder on disk. */
export function statusBarContent(statuses: readonly NamedStatus[], time: TimeText): StatusBarContent | undefined {
  const headline = headlineOf(statuses, time);
  if (!headline) return undefined;
  const { icon, text, spoken, isError = false } = headline;
  const lines = statuses.flatMap((status) => [folderLine(status, time), ...unrecordedLines(status)]);
  return {
    text: `$(${icon}) ${forIconLabel(text)}`,
    tooltip: [spoken, ...lines].join('\n'),
    spoken: `Obby: ${spoken}`,
    isError,
  };
}

interface Headline {
  readonly icon: string;
  readonly text: string;
  readonly spoken: string;
  readonly isError?: boolean;
}

function headlineOf(statuses: readonly NamedStatus[], time: TimeText): Headline | undefined {
  const state = sidebarStateOf(statuses);
  if (state === 'noFolder' || state === 'unsupported') return undefined;
  // A failure in one of several folders must be visible.
  if (statuses.some((status) => status.state === 'failed')) {
    return { icon: 'error', text: l10n.t('Obby failed'), spoken: l10n.t('Recording stopped'), isError: true };
  }
  const percent = scanPercent(statuses);
  if (percent !== undefined) {
    return { icon: 'sync~spin', text: l10n.t('Obby {0} %', percent), spoken: l10n.t('Scanning, {0} %', percent) };
  }
  const waiting = statuses.reduce((sum, { queue }) => sum + queue, 0);
  if (waiting >= manyWaiting) {
    const left = time.count(waiting);
    return {
      icon: 'sync~spin',
      text: l10n.t('Obby {0} left', left),
      spoken: l10n.t('Recording, {0} changes left', left),
    };
  }
  switch (state) {
    case 'failed':
    case 'starting':
      return { icon: 'sync~spin', text: 'Obby', spoken: l10n.t('Starting') };
    case 'paused':
      return { icon: 'debug-pause', text: l10n.t('Obby paused'), spoken: l10n.t('Paused: changes are not recorded') };
    case 'noRules':
      return { icon: 'eye-closed', text: 'Obby', spoken: l10n.t('Nothing is watched') };
    case 'empty':
    case 'ready':
      return watchingHeadline(statuses, time);
    default:
      return assertNever(state);
  }
}

/** Warns of files that are not recorded, since people can fix that. */
function watchingHeadline(statuses: readonly NamedStatus[], time: TimeText): Headline {
  const unrecorded = statuses.reduce((sum, status) => sum + status.unrecorded.length, 0);
  if (unrecorded === 0) return { icon: 'eye', text: 'Obby', spoken: l10n.t('Watching') };
  const spoken = plural(
    unrecorded,
    l10n.t('Watching, 1 file is not recorded'),
    l10n.t('Watching, {0} files are not recorded', time.count(unrecorded)),
  );
  return { icon: 'warning', text: 'Obby', spoken };
}

/** The common progress of all scans. */
function scanPercent(statuses: readonly NamedStatus[]): number | undefined {
  const scans = statuses.flatMap(({ scanning }) => scanning ?? []);
  if (scans.length === 0) return undefined;
  const total = scans.reduce((sum, scan) => sum + scan.total, 0);
  const done = scans.reduce((sum, scan) => sum + scan.done, 0);
  return total === 0 ? 0 : Math.min(100, Math.floor((100 * done) / total));
}

function folderLine(status: NamedStatus, time: TimeText): string {
  const name = oneLine(status.name);
  switch (status.state) {
    case 'watching':
      return `${name}: ${[...counts(status, time), ...details(status, time)].join(', ')}`;
    case 'paused':
      return l10n.t('{0}: paused', name);
    case 'no rules':
      return l10n.t('{0}: no .obbywatch, nothing is watched', name);
    case 'starting':
      return l10n.t('{0}: starting', name);
    case 'unsupported':
      return l10n.t('{0}: not a folder on disk', name);
    case 'failed':
      return `${name}: ${oneLine(status.problem ?? l10n.t('failed'))}`;
    default:
      return assertNever(status.state);
  }
}

/** Names the first files that could not be recorded, and counts the rest. */
function unrecordedLines({ unrecorded }: NamedStatus): string[] {
  const named = unrecorded.slice(0, maxNamed);
  const lines = named.map(({ path, reason }) => l10n.t('not recorded: {0} ({1})', oneLine(path), oneLine(reason)));
  const rest = unrecorded.length - named.length;
  return [...lines, ...(rest > 0 ? [l10n.t('not recorded: {0} more', rest)] : [])].map((line) => `  ${line}`);
}

function counts({ files, versions }: NamedStatus, time: TimeText): string[] {
  return [fileCount(files, time), versionCount(versions, time)];
}

function details({ engine, engineReason, queue, lastScan, gaps }: NamedStatus, time: TimeText): string[] {
  return [
    engine === 'polling' ? pollingText(engineReason) : '',
    queue > 0 ? l10n.t('{0} waiting', time.count(queue)) : '',
    gapCount(gaps.length, time),
    lastScan ? l10n.t('scanned {0}', time.ago(lastScan.time)) : '',
  ].filter(Boolean);
}

function gapCount(gaps: number, time: TimeText): string {
  if (gaps === 0) return '';
  return plural(gaps, l10n.t('1 gap'), l10n.t('{0} gaps', time.count(gaps)));
}

function pollingText(reason: string | undefined): string {
  return reason === undefined ? l10n.t('polling') : l10n.t('polling ({0})', oneLine(reason));
}

/** A warning above a list of versions: recording stopped, is paused, or has no rules. */
export function banner(statuses: readonly FolderStatus[] | undefined): string | undefined {
  const failed = statuses?.find(({ state }) => state === 'failed');
  if (failed) return l10n.t('Recording stopped. {0}', oneLine(failed.problem ?? ''));
  if (statuses?.some(({ state }) => state === 'paused')) return l10n.t('Paused: changes are not recorded.');
  if (statuses?.some(({ canRestoreRules }) => canRestoreRules)) {
    return l10n.t('Nothing is watched any more: .obbywatch is missing or empty. Restore Last Rules brings it back.');
  }
  return undefined;
}

/** The sentence about a folder whose rules are in front. */
export function watchedFiles(count: number, time: TimeText): string {
  return plural(count, l10n.t('1 file is watched.'), l10n.t('{0} files are watched.', time.count(count)));
}

type FolderGaps = Pick<NamedStatus, 'name' | 'gaps' | 'unrecorded'>;

/** A document of the gaps of each folder, and of the files that are not recorded now. */
export function gapReport(statuses: readonly FolderGaps[], time: TimeText): string {
  const intro = [
    l10n.t('Time spans in which changes were not seen, or could not be stored; newest first.'),
    l10n.t('Changes in such a span are found afterwards, without the states in between.'),
  ];
  return [...intro, ...statuses.flatMap((status) => ['', ...gapSection(status, time)]), ''].join('\n');
}

function gapSection({ name, gaps, unrecorded }: FolderGaps, time: TimeText): string[] {
  const heading = oneLine(name);
  const spans = [...gaps].sort((a, b) => (b.to ?? Infinity) - (a.to ?? Infinity) || b.from - a.from);
  const files = unrecorded.map(({ path, reason }) => `  ${oneLine(path)}  ${oneLine(reason)}`);
  return [
    heading,
    '='.repeat(Math.max(3, heading.length)),
    ...(spans.length === 0 ? [l10n.t('There are no gaps.')] : spans.map((gap) => gapLine(gap, time))),
    ...(files.length === 0 ? [] : ['', l10n.t('Not recorded now:'), ...files]),
  ];
}

function gapLine(gap: Gap, time: TimeText): string {
  return [spanText(gap, time), oneLine(gap.why), countText(gap, time)].filter(Boolean).join('  ');
}

/** `Yesterday 09:10 – 12:30`, with seconds if both minutes are equal. */
function spanText({ from, to }: Gap, time: TimeText): string {
  if (to === undefined) return l10n.t('since {0}', time.short(from));
  if (time.short(from) !== time.short(to)) return `${time.short(from)} – ${time.short(to)}`;
  const [start, end] = [time.short(from, 'second'), time.short(to, 'second')];
  return start === end ? start : `${start} – ${end}`;
}

function countText({ kind, count }: Gap, time: TimeText): string {
  if (count === 0) return '';
  const number = time.count(count);
  switch (kind) {
    case 'unreadable':
      return `${fileCount(count, time)}.`;
    case 'too large':
      return plural(count, l10n.t('1 change.'), l10n.t('{0} changes.', number));
    case 'closed':
    case 'paused':
    case 'failed':
    case 'no events':
      return plural(
        count,
        l10n.t('1 change was found afterwards.'),
        l10n.t('{0} changes were found afterwards.', number),
      );
    case 'polling':
    case 'watch limit':
      return '';
  }
}
