import * as l10n from '@vscode/l10n';
import { assertNever } from '../../base/errors';
import { plural } from '../../base/plural';
import type { ConflictReason, UndoStepRecord } from '../../model/undo';
import { oneLine } from './displayText';
import type { TimeText } from './timeText';

/** What is described of a step. */
export type DescribedStep = Pick<UndoStepRecord, 'action' | 'conflict' | 'overlaps' | 'added' | 'removed'> &
  Partial<Pick<UndoStepRecord, 'unsaved' | 'existsElsewhere' | 'onConflict' | 'detail'>> & {
    /** Where the file is renamed to, as people know it. */
    readonly target?: string;
  };

/** The text beside a file in a list of what an undo does: `merged, later edits stay · +3 −1`. */
export function undoStepText(step: DescribedStep, time: TimeText): string {
  const { added = 0, removed = 0, unsaved = false, existsElsewhere } = step;
  return [
    whatHappens(step),
    step.action !== 'rename' && step.target !== undefined && l10n.t('renamed back to {0}', oneLine(step.target)),
    step.action !== 'conflict' && answerText(step),
    [added > 0 && `+${time.count(added)}`, removed > 0 && `−${time.count(removed)}`].filter(Boolean).join(' '),
    unsaved && l10n.t('has unsaved text'),
    step.action !== 'conflict' && existsElsewhere === false && l10n.t('present content exists nowhere else'),
  ]
    .filter((part) => part !== false && part !== '')
    .join(' · ');
}

function whatHappens({ action, target = '' }: DescribedStep): string {
  switch (action) {
    case 'write':
      return l10n.t('as it was');
    case 'create':
      return l10n.t('brought back');
    case 'delete':
      return l10n.t('deleted');
    case 'rename':
      return l10n.t('renamed back to {0}', oneLine(target));
    case 'merge':
      return l10n.t('merged, later edits stay');
    case 'none':
      return l10n.t('nothing to undo');
    case 'conflict':
      return l10n.t('conflict, stays as it is');
    default:
      return assertNever(action);
  }
}

/** What was answered to a conflict, if it was. */
function answerText({ conflict, onConflict, overlaps = 0 }: DescribedStep): string {
  if (!conflict) return '';
  switch (onConflict) {
    case 'markers':
      return plural(overlaps, l10n.t('1 conflict marked'), l10n.t('{0} conflicts marked', overlaps));
    case 'theirs':
      return l10n.t('overlapping later edits are lost');
    case 'ours':
      return l10n.t('overlapping changes stay');
    case 'refuse':
    case undefined:
      return '';
    default:
      return assertNever(onConflict);
  }
}

/** Why an undo leaves a file as it is, as a sentence. */
export function conflictText(
  reason: ConflictReason,
  { overlaps = 0, detail }: Pick<DescribedStep, 'overlaps' | 'detail'>,
): string {
  switch (reason) {
    case 'overlap':
      return plural(
        overlaps,
        l10n.t('Later edits changed the same lines, in 1 place.'),
        l10n.t('Later edits changed the same lines, in {0} places.', overlaps),
      );
    case 'edited':
      return l10n.t('These changes created the file, and it was changed later.');
    case 'exists':
      return l10n.t('These changes deleted the file, and there is another one by now.');
    case 'occupied':
      return l10n.t('Its former path is taken: {0}', oneLine(detail ?? ''));
    case 'renamed':
      return l10n.t('The file was renamed again later.');
    case 'unmergeable':
      return l10n.t('The file was changed later, and is binary or has another encoding now, so it cannot be merged.');
    case 'unstored':
      return l10n.t('The history does not have the content before these changes.');
    case 'unreadable':
      return detail ?? l10n.t('There is no file that could be changed.');
    default:
      return assertNever(reason);
  }
}
