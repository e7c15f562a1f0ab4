import * as l10n from '@vscode/l10n';
import type { RestorePlan, RestoreStep } from '../../api/api';
import { messageOf } from '../../base/errors';
import { plural } from '../../base/plural';
import type { VersionId } from '../../model/version';
import { oneLine } from '../../views/text/displayText';
import type { CommandContext } from '../commandContext';

/** A file to restore; `content` throws if there is none. */
export interface Wanted {
  readonly path: string;
  readonly content: () => VersionId;
}

/** Plans file by file, so that a failure does not affect the others; rejects if all fail. */
export async function planEach({ api, runner, log }: CommandContext, wanted: readonly Wanted[]): Promise<RestorePlan> {
  const steps: RestoreStep[] = [];
  const errors: unknown[] = [];
  for (const { path, content } of wanted) {
    try {
      steps.push(...(await api.act.planRestore({ versions: [content()] })).steps);
    } catch (error) {
      errors.push(error);
      log.warn(`${oneLine(path)} cannot be restored: ${messageOf(error)}`);
    }
  }
  if (steps.length === 0) throw errors[0];
  if (errors.length > 0) {
    const message = plural(
      errors.length,
      l10n.t('1 file could not be restored. See the log.'),
      l10n.t('{0} files could not be restored. See the log.', errors.length),
    );
    runner.offer(message, []);
  }
  return { steps };
}
