import * as l10n from '@vscode/l10n';
import { ObbyError } from '../base/errors';
import type { FailedRestore, Restoration } from './candidate';

/** Why a restore leaves a path as it is. */

/** A file that cannot be written at its new path stays at the old one, and the other way round. */
export function requireOtherEnd(
  { path, movedFrom }: Restoration,
  wanted: readonly Restoration[],
  failed: readonly FailedRestore[],
): void {
  const ends = wanted.filter((item) => item.movedFrom === path || item.path === movedFrom);
  const error = failed.find((each) => ends.some((end) => end.path === each.path))?.error;
  if (error) throw error;
}

export function cancelled({ path }: Restoration): ObbyError {
  return new ObbyError('cancelled', l10n.t('{0} was not changed, since that was cancelled.', path));
}

/** `onDisk`: the hash of the content on disk. */
export function requireExpected({ path, expected }: Restoration, onDisk: string | undefined): void {
  if (expected === undefined || (onDisk ?? null) === expected) return;
  throw new ObbyError('outdated', l10n.t('{0} was not changed: it has changed since the undo was planned.', path));
}

export function notKept(path: string, size: number): ObbyError {
  return new ObbyError(
    'tooLarge',
    l10n.t(
      '{0} was not replaced: its present content ({1} bytes) is over the size limit and would be lost. Raise the limit in the settings, or move the file away first.',
      path,
      size,
    ),
  );
}
