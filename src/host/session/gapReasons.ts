import * as vscode from 'vscode';
import type { GapKind } from '../../model/gap';

/** Why changes could not be seen, as a sentence; `detail` says more of what the kind alone does not. */
export function gapReason(kind: GapKind, detail = ''): string {
  const { t } = vscode.l10n;
  switch (kind) {
    case 'closed':
      return t('VS Code was closed, or the folder not open in it.');
    case 'paused':
      return t('Recording was paused.');
    case 'failed':
      return t('Nothing could be recorded: {0}', detail);
    case 'polling':
      return t('The folder is polled, so that states between two looks are not seen: {0}.', detail);
    case 'no events':
      return t('Files changed and no event told of it.');
    case 'watch limit':
      return detail;
    case 'unreadable':
      return t('Watched files could not be read.');
    case 'too large':
      return t('Files were over the size limit: their changes are noted without content.');
  }
}
