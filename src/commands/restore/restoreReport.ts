import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { RestoreResult } from '../../api/api';
import { ObbyError } from '../../base/errors';
import { plural } from '../../base/plural';
import { oneLine } from '../../views/text/displayText';
import { fileCount, type TimeText } from '../../views/text/timeText';
import type { CommandContext, Offer } from '../commandContext';

/** The only file by its name, or how many there are. */
export function describeFiles(uris: readonly vscode.Uri[], time: TimeText): string {
  const [only, ...others] = uris;
  if (!only || others.length > 0) return fileCount(uris.length, time);
  return oneLine(vscode.workspace.asRelativePath(only));
}

/** The sentences about what failed or was not begun, if there is such. */
export function notRestored(failed: RestoreResult['failed'], time: TimeText): string[] {
  const cancelled = failed.filter(({ error }) => error instanceof ObbyError && error.code === 'cancelled').length;
  const others = failed.length - cancelled;
  const [left, count] = [time.count(cancelled), time.count(others)];
  return [
    ...(cancelled > 0
      ? [
          plural(
            cancelled,
            l10n.t('1 was not changed, since that was cancelled.'),
            l10n.t('{0} were not changed, since that was cancelled.', left),
          ),
        ]
      : []),
    ...(others > 0
      ? [plural(others, l10n.t('1 could not be restored.'), l10n.t('{0} could not be restored.', count))]
      : []),
  ];
}

/** A button that lists what failed, and why. */
export function failureOffers({ reports }: Pick<CommandContext, 'reports'>, failed: RestoreResult['failed']): Offer[] {
  if (failed.length === 0) return [];
  const report = failed.map(
    ({ uri, error }) => `${oneLine(vscode.workspace.asRelativePath(uri))}\n  ${error.message}\n`,
  );
  const run = (): Promise<void> => reports.show(l10n.t('Files Not Restored'), report.join('\n'));
  return [{ title: l10n.t('Show Details'), run }];
}
