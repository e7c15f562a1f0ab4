import { conflictAnswers, type FolderUndoRequest, type OnConflict } from '../../model/undo';
import { isVersionId } from '../../model/version';
import type { CommandRun } from '../commandRun';
import { absolutePath, oneOf } from '../place/arguments';
import type { CommandHistory } from '../place/openedHistory';

export interface UndoOptions {
  readonly onConflict?: string;
  /** Only these files. */
  readonly file?: readonly string[];
}

/** The help of the option that answers to conflicts. */
export const conflictHelp = `where later edits overlap: ${conflictAnswers.join(', ')}; default: refuse`;

/** What is to be taken back: change sets, or those of versions. */
export async function undoRequestOf(
  run: CommandRun,
  history: CommandHistory,
  ids: readonly string[],
  options: UndoOptions,
): Promise<FolderUndoRequest> {
  const changeSets = await Promise.all(
    ids.map(async (id) => (isVersionId(id) ? (await history.ask.version(id)).changeSet : id)),
  );
  const onConflict: OnConflict | undefined = oneOf('--on-conflict', conflictAnswers, options.onConflict);
  const files = options.file?.map((file) => ({ path: history.pathOf(absolutePath(run.cwd, file)) }));
  return { changeSets, ...(files && { files }), ...(onConflict && { onConflict }) };
}
