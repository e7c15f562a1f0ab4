import * as l10n from '@vscode/l10n';
import { plural } from '../../base/plural';
import type { TimeText } from './timeText';

/** `1 file`, `1,024 files`. */
export function fileCount(count: number, time: Pick<TimeText, 'count'>): string {
  return plural(count, l10n.t('1 file'), l10n.t('{0} files', time.count(count)));
}

/** `1 version`, `1,024 versions`. */
export function versionCount(count: number, time: Pick<TimeText, 'count'>): string {
  return plural(count, l10n.t('1 version'), l10n.t('{0} versions', time.count(count)));
}
