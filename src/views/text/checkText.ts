import type { CheckReport } from '../../model/historyMaintenance';
import { oneLine } from './displayText';
import type { TimeText } from './timeText';
import type { Translate } from './versionText';

/** A check and the name of its folder. */
export interface NamedCheck extends CheckReport {
  readonly name: string;
}

/** One sentence for what checks of several folders found. */
export function checkSummary(checks: readonly CheckReport[], time: TimeText, t: Translate): string {
  const sum = (count: (check: CheckReport) => number): number => checks.reduce((total, each) => total + count(each), 0);
  const damaged = sum(({ damagedCount }) => damagedCount);
  const repairs = sum(({ repairs: done }) => done.length);
  const read = t(
    'Checked {0} versions, {1} read back',
    time.count(sum(({ versions }) => versions)),
    time.size(sum(({ bytes }) => bytes)),
  );
  if (damaged > 0) {
    const words = damaged === 1 ? t('1 version is damaged') : t('{0} versions are damaged', time.count(damaged));
    return t('{0}: {1}. The report names them.', read, words);
  }
  if (repairs > 0) return t('{0}: no version is damaged. The report lists repairs.', read);
  return t('{0}: nothing is damaged.', read);
}

/** What is damaged, file by file, and what was mended: a document. */
export function checkReport(checks: readonly NamedCheck[], time: TimeText, t: Translate): string {
  return checks.flatMap((check) => [...folderLines(check, time, t), '']).join('\n');
}

function folderLines(check: NamedCheck, time: TimeText, t: Translate): string[] {
  const { damaged, damagedCount, repairs } = check;
  const rest = damagedCount - damaged.length;
  return [
    check.name,
    '='.repeat(Math.max(3, check.name.length)),
    time.full(check.time),
    t(
      '{0} versions, {1} contents, {2} read back',
      time.count(check.versions),
      time.count(check.contents),
      time.size(check.bytes),
    ),
    '',
    ...(damagedCount === 0
      ? [t('No version is damaged.')]
      : [t('Damaged versions: {0}', time.count(damagedCount)), '']),
    ...damagedLines(check, time),
    ...(rest > 0 ? [t('… and {0} more', time.count(rest))] : []),
    ...(repairs.length === 0 ? [] : ['', t('Repaired:'), ...repairs.map((repair) => `  ${oneLine(repair)}`)]),
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
