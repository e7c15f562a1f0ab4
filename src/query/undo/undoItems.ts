import type { FolderUndoRequest } from '../../model/undo';
import type { Restoration } from '../../track/candidate';
import { isOtherMode } from '../../model/version';
import { actionOf, isComing, isLeaving, type PlannedFile } from './plannedFile';

/**
 * What a restore must do to carry out a plan; a path is left before another file comes to it, as far as that is possible.
 * Unsaved text of any path that is changed is kept, also of one at which another file, or none, is on disk.
 */
export async function undoItems(
  planned: readonly PlannedFile[],
  { unsaved = [] }: Pick<FolderUndoRequest, 'unsaved'>,
): Promise<Restoration[]> {
  const changed = planned.filter((file) => !['none', 'conflict'].includes(actionOf(file)));
  const came = new Set(changed.filter(isComing).map(({ next }) => next.path));
  // A deleted file may have had the path of one that is there now.
  const there = changed.filter(({ present }) => present.onDisk !== undefined);
  const onDisk = new Map(there.map(({ present }) => [present.path, present.onDisk]));
  const editors = new Map(unsaved.map(({ path, ...editor }) => [path, editor]));
  const items: Restoration[] = [];
  for (const file of changed) {
    const { present, next } = file;
    const left = isLeaving(file) && !came.has(present.path);
    if (next.content) {
      const expected = onDisk.get(next.path) ?? null;
      const moved = left ? { movedFrom: present.path } : {};
      items.push({ path: next.path, expected, ...(await targetOf(file)), ...moved, ...editors.get(next.path) });
    }
    if (left)
      items.push({
        path: present.path,
        expected: present.onDisk ?? null,
        folders: foldersAbove(present.path),
        ...editors.get(present.path),
      });
  }
  return items;
}

/** The version to restore, where there is one with this content and mode; else the content itself. */
async function targetOf({ file, next }: PlannedFile): Promise<Pick<Restoration, 'version' | 'content'>> {
  const { content, mode } = next;
  if (!content) return {};
  const version = file.runs.map(({ before }) => before).find((each) => each?.id === content.version);
  if (version && !isOtherMode(version.mode, mode)) return { version: version.id };
  return { content: { bytes: await content.read(), mode } };
}

/** Folders that are deleted with a file if it was their last. */
function foldersAbove(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}
