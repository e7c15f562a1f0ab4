import * as l10n from '@vscode/l10n';
import type { CheckReport } from '../../model/historyMaintenance';
import { oneLine } from './displayText';
import { type TimeText, versionCount, fileCount } from './timeText';
import { plural } from '../../base/plural';

/** A check and the name of its folder. */
export interface NamedCheck extends CheckReport {
  readonly name: string;
}

/** The results of all checks in one sentence. */
export function checkSummary(checks: readonly CheckReport[], time: TimeText): string {
  const sum = (count: (check: CheckReport) => number): number => checks.reduce((total, each) => total + count(each), 0);
  const damaged = sum(({ damagedCount }) => damagedCount);
  const repairs = sum(({ repairs: done }) => done.length);
  const versions = versionCount(
    sum((check) => check.versions),
    time,
  );
  const read = l10n.t('Checked {0}, {1} read back', versions, time.size(sum(({ bytes }) => bytes)));
  if (damaged > 0) {
    const words = plural(
      damaged,
      l10n.t('1 version is damaged'),
      l10n.t('{0} versions are damaged', time.count(damaged)),
    );
    return l10n.t('{0}: {1}. The report names them.', read, words);
  }
  if (repairs > 0) return l10n.t('{0}: no version is damaged. The report lists repairs.', read);
  return l10n.t('{0}: nothing is damaged.', read);
}

/** A document of damaged versions and repairs. */
export function checkReport(checks: readonly NamedCheck[], time: TimeText): string {
  return checks.flatMap((check) => [...folderLines(check, time), '']).join('\n');
}

function folderLines(check: NamedCheck, time: TimeText): string[] {
  const { damaged, damagedCount, repairs } = check;
  const rest = damagedCount - damaged.length;
  return [
    check.name,
    '='.repeat(Math.max(3, check.name.length)),
    time.full(check.time),
    [
      versionCount(check.versions, time),
      plural(check.contents, l10n.t('1 content'), l10n.t('{0} contents', time.count(check.contents))),
      l10n.t('{0} read back', time.size(check.bytes)),
    ].join(', '),
    '',
    ...(damagedCount === 0
      ? [l10n.t('No version is damaged.')]
      : [l10n.t('Damaged versions: {0}', time.count(damagedCount)), '']),
    ...damagedLines(check, time),
    ...(rest > 0 ? [l10n.t('… and {0} more', time.count(rest))] : []),
    ...(repairs.length === 0 ? [] : ['', l10n.t('Repaired:'), ...repairs.map((repair) => `  ${oneLine(repair)}`)]),
  ];
}

function damagedLines({ damaged }: CheckReport, time: TimeText): string[] {
  const byFile = new Map<string, string[]>();
  for (const { path, time: when, file, message } of damaged) {
    const line = `  ${time.short(when, 'second')}  ${oneLine(message)} (${oneLine(file)})`;
    byFile.set(path, [...(byFile.get(path) ?? []), line]);
  }
  return [...byFile].flatMap(([path, lines]) => [oneLine(path), ...lines]);
}

/** A plan to delete history, in words. */
export interface NamedPlan {
  readonly versions: number;
  readonly files: readonly { readonly name: string; readonly versions: number }[];
  readonly isCut: boolean;
  /** Names of files that would be recorded again. */
  readonly onDisk: readonly string[];
  /** The first files, one a line. */
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
}

/** `12 versions of 3 files`. */
export function describePlan({ versions, files, isCut }: NamedPlan, time: TimeText): string {
  const count = versionCount(versions, time);
  const only = files.length === 1 ? files[0] : undefined;
  if (only && !isCut) return l10n.t('{0} of {1}', count, only.name);
  if (isCut) return l10n.t('{0} of more than {1} files', count, time.count(files.length));
  return l10n.t('{0} of {1}', count, fileCount(files.length, time));
}

/** A document of everything that will be deleted. */
export function forgetReport(plan: NamedPlan, what: string, time: TimeText): string {
  const { files, isCut, onDisk } = plan;
  return [
    l10n.t('What Will Be Deleted'),
    '',
    l10n.t('Selected: {0}', what),
    describePlan(plan, time),
    '',
    ...files.map(({ name, versions }) => `${time.count(versions).padStart(8)}  ${name}`),
    ...(isCut ? [l10n.t('… and more files, which are not listed here.')] : []),
    ...(onDisk.length === 0
      ? []
      : ['', l10n.t('On disk now, will be recorded again:'), ...onDisk.map((name) => `          ${name}`)]),
    '',
  ].join('\n');
}
