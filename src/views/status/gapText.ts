import * as l10n from '@vscode/l10n';
import type { Gap } from '../../api/api';
import { oneLine } from '../text/displayText';
import type { NamedStatus } from './statusText';
import { type TimeText, fileCount } from '../text/timeText';
import { plural } from '../../base/plural';

type FolderGaps = Pick<NamedStatus, 'name' | 'gaps' | 'unrecorded'>;

/** A document of the gaps of each folder, and of the files that are not recorded now. */
export function gapReport(statuses: readonly FolderGaps[], time: TimeText): string {
  const intro = [
    l10n.t('Time spans in which changes were not seen, or could not be stored; newest first.'),
    l10n.t('Changes in such a span are found afterwards, without the states in between.'),
  ];
  return [...intro, ...statuses.flatMap((status) => ['', ...folderLines(status, time)]), ''].join('\n');
}

function folderLines({ name, gaps, unrecorded }: FolderGaps, time: TimeText): string[] {
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
