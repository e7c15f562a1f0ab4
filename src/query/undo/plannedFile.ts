import { sha256Of } from '../../base/sha256';
import type { ConflictReason, OnConflict, UndoAction, UndoneFile, UndoStepRecord } from '../../model/undo';
import { isOtherMode } from '../../model/version';
import type { ChangedFile } from './changedFiles';
import type { FileState, TakenBack } from './takeBack';

/** The present state of a file, unsaved text included. */
export interface PresentFile extends FileState {
  /** SHA-256 of the file on disk; undefined if there is none. */
  readonly onDisk: string | undefined;
  /** An editor holds unsaved text. */
  readonly unsaved: boolean;
}

/** What only informs people. */
export type StepFacts = Pick<UndoStepRecord, 'added' | 'removed' | 'existsElsewhere'>;

/** What an undo makes of one file. */
export interface PlannedFile extends Pick<TakenBack, 'isMerged' | 'overlaps' | 'isAnswered'> {
  readonly file: ChangedFile;
  readonly present: PresentFile;
  /** The same as `present` in a conflict. */
  readonly next: FileState;
  readonly conflict?: ConflictReason;
  readonly detail?: string;
  readonly onConflict: OnConflict;
  readonly facts: StepFacts;
}

/** Whether a file gets another state. */
export function isChanged({ present, next }: Pick<PlannedFile, 'present' | 'next'>): boolean {
  const hasOtherContent = present.content?.sha256 !== next.content?.sha256;
  const hasOtherPlace = next.path !== present.path || isOtherMode(next.mode, present.mode);
  return hasOtherContent || (next.content !== undefined && hasOtherPlace);
}

/** Whether a file that is there gives its path up. */
export function isLeaving({ present, next }: PlannedFile): boolean {
  return present.content !== undefined && (!next.content || next.path !== present.path);
}

/** Whether a file comes to a path at which it is not now. */
export function isComing(planned: PlannedFile): boolean {
  const { present, next } = planned;
  return next.content !== undefined && (!present.content || next.path !== present.path) && isChanged(planned);
}

export function actionOf(planned: PlannedFile): UndoAction {
  const { present, next, conflict, isAnswered, isMerged } = planned;
  if (conflict && !isAnswered) return 'conflict';
  if (!isChanged(planned)) return 'none';
  if (!next.content) return 'delete';
  if (!present.content) return 'create';
  if (isMerged) return 'merge';
  return next.path === present.path ? 'write' : 'rename';
}

/** The step of a file in a plan. */
export function stepOfPlanned(planned: PlannedFile): UndoStepRecord {
  const { present, next, conflict, detail, overlaps, onConflict, facts } = planned;
  const action = actionOf(planned);
  return {
    path: present.path,
    ...(next.content && next.path !== present.path && { to: next.path }),
    action,
    ...facts,
    unsaved: present.unsaved,
    ...(conflict && { conflict }),
    ...(detail !== undefined && { detail }),
    ...(overlaps > 0 && { overlaps }),
    onConflict,
    state: stateOf(planned, action),
  };
}

/** Names the file, and has a hash of everything on which the step depends, and of its result. */
function stateOf({ file, present, next, conflict, onConflict }: PlannedFile, action: UndoAction): string {
  const versions = file.runs.flatMap((run) => run.versions.map(({ id }) => id));
  const states = [present, next].map(({ path, content, mode }) => [path, content?.sha256, mode]);
  const facts = [versions, states, present.onDisk, conflict, onConflict, action];
  return `${nameOf(file)}${sha256Of(Buffer.from(JSON.stringify(facts)))}`;
}

/** Whether a reviewed step is of this file: two files of one plan may have had the same path, one after the other. */
export function isStepOf({ state }: Pick<UndoneFile, 'state'>, file: ChangedFile): boolean {
  return state === undefined || state.startsWith(nameOf(file));
}

function nameOf({ runs }: ChangedFile): string {
  return `${runs[0]?.after.id ?? ''} `;
}
