import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { RestoreResult } from '../../api/api';
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

/** The sentence about what failed, if something did. */
export function notRestored(failed: RestoreResult['failed'], time: TimeText): string[] {
  if (failed.length === 0) return [];
  const count = time.count(failed.length);
  return [plural(failed.length, l10n.t('1 could not be restored.'), l10n.t('{0} could not be restored.', count))];
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
