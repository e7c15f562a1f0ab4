import * as vscode from 'vscode';
import { assertNever } from '../../base/errors';
import type { GapRecord, PollingReason, Reason } from '../../model/gap';

/** Why changes could not be seen, as a sentence. */
export function gapText({ kind, reason }: GapRecord): string {
  const { t } = vscode.l10n;
  switch (kind) {
    case 'closed':
      return t('VS Code was closed, or the folder was not open.');
    case 'paused':
      return t('Recording was paused.');
    case 'failed':
      return t('Nothing could be recorded: {0}', problemText(reason));
    case 'polling':
      return t('The folder is polled; states between two polls are missed: {0}.', pollingText(reason));
    case 'no events':
      return t('Files changed without a file event.');
    case 'watch limit':
      return watchLimitText(reason);
    case 'unreadable':
      return t('Watched files could not be read.');
    case 'too large':
      return t('Files were over the size limit; their changes are recorded without content.');
  }
}

/** The message of an error, which the engine has put into words already. */
export function problemText(reason: Reason | undefined): string {
  return reason?.args[0] ?? '';
}

/** Why a folder is polled. Gaps come from a file, which another version of Obby may have written. */
export function pollingText(reason: Reason | undefined): string {
  const { t } = vscode.l10n;
  if (!reason || !isPollingReason(reason)) return reason?.code ?? '';
  switch (reason.code) {
    case 'setting':
      return t('The setting obby.watcher.engine is polling');
    case 'eventless file system':
      return t('Its file system ({0}) sends no events', reason.args[0] ?? '');
    case 'no events':
      return t('Files changed without a file event');
    case 'watch limit':
      return watchLimitText(reason);
    default:
      return assertNever(reason.code);
  }
}

function isPollingReason(reason: Reason): reason is PollingReason {
  const codes: readonly string[] = ['setting', 'eventless file system', 'no events', 'watch limit'];
  return codes.includes(reason.code);
}

/** No more folders can be watched; the argument is the system's code. */
function watchLimitText(reason: Reason | undefined): string {
  const { t } = vscode.l10n;
  const [code] = reason?.args ?? [];
  switch (code) {
    case 'ENOSPC':
      return t(
        "The system's limit of file watches is reached. Raise it: sudo sysctl fs.inotify.max_user_watches=524288",
      );
    case undefined:
      return t('More new folders appeared than Obby watches at once');
    default:
      return t('The system allows no more file watches ({0})', code);
  }
}
