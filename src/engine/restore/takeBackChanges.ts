import * as l10n from '@vscode/l10n';
import { ObbyError } from '../../base/errors';
import type { FolderUndoRequest } from '../../model/undo';
import type { OpenHistory } from '../../query/openHistory';
import { actionOf, isStepOf, stepOfPlanned, type PlannedFile } from '../../query/undo/plannedFile';
import { plannedFiles } from '../../query/undo/planUndo';
import { undoItems } from '../../query/undo/undoItems';
import type { FolderRestore } from '../engine';
import { toWire } from '../rpc';
import type { FolderRestores } from './folderRestores';

/**
 * Takes back changes: plans again, leaves files as they are whose steps are not those that were reviewed, or that are in
 * conflict, and restores the others.
 */
export async function takeBackChanges(
  folder: OpenHistory & { readonly restores: FolderRestores },
  request: FolderUndoRequest,
  id: string,
): Promise<FolderRestore> {
  const planned = await plannedFiles(folder, request);
  const failed: FolderRestore['failed'][number][] = [];
  const ready = planned.filter((file) => {
    const error = refusalOf(file, request);
    if (error) failed.push({ path: file.present.path, problem: toWire(error) });
    return !error;
  });
  const items = await undoItems(ready, request);
  const done = await folder.restores.restore(items, id);
  return { ...done, failed: [...failed, ...done.failed] };
}

function refusalOf(file: PlannedFile, { files = [] }: FolderUndoRequest): ObbyError | undefined {
  const { path } = file.present;
  const { state } = stepOfPlanned(file);
  const reviewed = files.find((each) => each.path === path && isStepOf(each, file.file))?.state;
  if (reviewed !== undefined && reviewed !== state)
    return new ObbyError('outdated', l10n.t('{0} was not changed: it has changed since the undo was planned.', path));
  if (actionOf(file) !== 'conflict') return undefined;
  return new ObbyError('conflict', conflictMessage(file));
}

function conflictMessage({ conflict, detail, present: { path } }: PlannedFile): string {
  if (conflict === 'occupied' && detail !== undefined)
    return l10n.t('{0} was not changed: another file is at {1}, where it would go back to.', path, detail);
  return detail ?? l10n.t('{0} was not changed: later changes overlap with what would be undone.', path);
}
