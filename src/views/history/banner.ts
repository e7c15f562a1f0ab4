import * as l10n from '@vscode/l10n';
import type { FolderStatus } from '../../api/api';
import { oneLine } from '../text/displayText';

/** What a list of versions must say about its own completeness, if anything: it is shown above the rows. */
export function banner(statuses: readonly FolderStatus[] | undefined): string | undefined {
  const failed = statuses?.find(({ state }) => state === 'failed');
  if (failed) return l10n.t('Recording stopped. {0}', oneLine(failed.problem ?? ''));
  if (statuses?.some(({ state }) => state === 'paused')) return l10n.t('Paused: changes are not recorded.');
  if (statuses?.some(({ canRestoreRules }) => canRestoreRules)) {
    return l10n.t('Nothing is watched any more: .obbywatch is missing or empty. Restore Last Rules brings it back.');
  }
  return undefined;
}
