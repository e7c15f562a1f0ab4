import type { Gap } from '../../api/api';
import { oneLine } from '../text/displayText';
import type { NamedStatus } from './statusText';
import type { TimeText } from '../text/timeText';
import type { Translate } from '../text/versionText';

type Told = Pick<NamedStatus, 'name' | 'gaps' | 'unrecorded'>;

/** What could not be seen in each folder, and what is not recorded now: a document. */
export function gapReport(statuses: readonly Told[], time: TimeText, t: Translate): string {
  const intro = [
    t('Time spans in which changes were not seen, or could not be stored; newest first.'),
    t('Changes in such a span are found afterwards, without the states in between.'),
  ];
  return [...intro, ...statuses.flatMap((status) => ['', ...folderLines(status, time, t)]), ''].join('\n');
}

function folderLines({ name, gaps, unrecorded }: Told, time: TimeText, t: Translate): string[] {
  const heading = oneLine(name);
  const spans = [...gaps].sort((a, b) => (b.to ?? Infinity) - (a.to ?? Infinity) || b.from - a.from);
  const files = unrecorded.map(({ path, reason }) => `  ${oneLine(path)}  ${oneLine(reason)}`);
  return [
    heading,
    '='.repeat(Math.max(3, heading.length)),
    ...(spans.length === 0 ? [t('There are no gaps.')] : spans.map((gap) => gapLine(gap, time, t))),
    ...(files.length === 0 ? [] : ['', t('Not recorded now:'), ...files]),
  ];
}

function gapLine(gap: Gap, time: TimeText, t: Translate): string {
  return [spanText(gap, time, t), oneLine(gap.why), countText(gap, time, t)].filter(Boolean).join('  ');
}

/** `Yesterday 09:10 – 12:30`, to the second where the minute says nothing. */
function spanText({ from, to }: Gap, time: TimeText, t: Translate): string {
  if (to === undefined) return t('since {0}', time.short(from));
  if (time.short(from) !== time.short(to)) return `${time.short(from)} – ${time.short(to)}`;
  const [start, end] = [time.short(from, 'second'), time.short(to, 'second')];
  return start === end ? start : `${start} – ${end}`;
}

function countText({ kind, count }: Gap, time: TimeText, t: Translate): string {
  if (count === 0) return '';
  const number = time.count(count);
  switch (kind) {
    case 'unreadable':
      return count === 1 ? t('1 file.') : t('{0} files.', number);
    case 'too large':
      return count === 1 ? t('1 change.') : t('{0} changes.', number);
    case 'closed':
    case 'paused':
    case 'failed':
    case 'no events':
      return count === 1 ? t('1 change was found afterwards.') : t('{0} changes were found afterwards.', number);
    case 'polling':
    case 'watch limit':
      return '';
  }
}
