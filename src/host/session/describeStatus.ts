import type { Uri } from 'vscode';
import type { FolderStatus, Gap } from '../../api/api';
import type { GapRecord, PollingReason, Reason } from '../../model/gap';
import type { EngineStatus } from '../../engine/engineStatus';
import * as l10n from '@vscode/l10n';
import { assertNever } from '../../base/errors';

/** The public status of a folder, with reasons in words. */
export function describeStatus(folder: Uri, status: EngineStatus): FolderStatus {
  const { engineReason, gaps, problem, ...rest } = status;
  return {
    ...rest,
    folder,
    ...(engineReason && { engineReason: pollingText(engineReason) }),
    gaps: gaps.map(describeGap),
    ...(problem && { problem: problemText(problem) }),
  };
}

export function describeGap(gap: GapRecord): Gap {
  const { reason: _reason, ...rest } = gap;
  return { ...rest, why: gapText(gap) };
}

function gapText({ kind, reason }: GapRecord): string {
  switch (kind) {
    case 'closed':
      return l10n.t('VS Code was closed, or the folder was not open.');
    case 'paused':
      return l10n.t('Recording was paused.');
    case 'failed':
      return l10n.t('Nothing could be recorded: {0}', problemText(reason));
    case 'polling':
      return l10n.t('The folder is polled; states between two polls are missed: {0}.', pollingText(reason));
    case 'no events':
      return l10n.t('Files changed without a file event.');
    case 'watch limit':
      return watchLimitText(reason);
    case 'unreadable':
      return l10n.t('Watched files could not be read.');
    case 'too large':
      return l10n.t('Files were over the size limit; their changes are recorded without content.');
  }
}

/** The message of an error, which the engine has translated already. */
function problemText(reason: Reason | undefined): string {
  return reason?.args[0] ?? '';
}

/** Unknown codes are shown as they are: another version of Obby may have written the file of gaps. */
function pollingText(reason: Reason | undefined): string {
  if (!reason || !isPollingReason(reason)) return reason?.code ?? '';
  switch (reason.code) {
    case 'setting':
      return l10n.t('The setting obby.watcher.engine is polling');
    case 'eventless file system':
      return l10n.t('Its file system ({0}) sends no events', reason.args[0] ?? '');
    case 'no events':
      return l10n.t('Files changed without a file event');
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

/** The argument of the reason is the system's error code. */
function watchLimitText(reason: Reason | undefined): string {
  const [code] = reason?.args ?? [];
  switch (code) {
    case 'ENOSPC':
      return l10n.t(
        "The system's limit of file watches is reached. Raise it: sudo sysctl fs.inotify.max_user_watches=524288",
      );
    case undefined:
      return l10n.t('More new folders appeared than Obby watches at once');
    default:
      return l10n.t('The system allows no more file watches ({0})', code);
  }
}
