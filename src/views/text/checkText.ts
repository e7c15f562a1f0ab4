import * as l10n from '@vscode/l10n';
import type { CheckReport } from '../../model/historyMaintenance';
import { oneLine } from './displayText';
import type { TimeText } from './timeText';
import { plural } from '../../base/plural';
import { versionCount } from './countText';

/** A check and the name of its folder. */
export interface NamedCheck extends CheckReport {
  readonly name: string;
}

/** One sentence for what checks of several folders found. */
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

/** What is damaged, file by file, and what was mended: a document. */
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
