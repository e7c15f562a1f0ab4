import { messageOf } from '../../base/errors';
import type { OpenHistory } from '../openHistory';
import { isComing, isLeaving, type PlannedFile } from './plannedFile';

type PlacementHistory = Pick<OpenHistory, 'observe' | 'requireChangeable' | 'spelled'>;

/**
 * The same plan, with a conflict for each file that cannot come to its path: a file stays there, another one of the plan
 * comes there too, or it cannot be written. A file that stays because of that keeps its own path taken.
 */
export async function placed(history: PlacementHistory, planned: readonly PlannedFile[]): Promise<PlannedFile[]> {
  const taken = new Set<string>();
  const files: PlannedFile[] = [];
  for (const each of planned) files.push(await reachable(history, each, taken));
  for (;;) {
    const leaving = new Set(files.filter(isLeaving).map(({ present }) => present.path));
    const coming = files.filter(isComing).map(({ next }) => next.path);
    const refused = files.findIndex((file) => {
      const { path } = file.next;
      if (!isComing(file)) return false;
      return (taken.has(path) && !leaving.has(path)) || coming.filter((other) => other === path).length > 1;
    });
    const file = files[refused];
    if (!file) return files;
    files[refused] = stays(file, { conflict: 'occupied', detail: file.next.path });
  }
}

/** Notes in `taken` the paths that files come to and at which something is now. */
async function reachable(history: PlacementHistory, file: PlannedFile, taken: Set<string>): Promise<PlannedFile> {
  const { path } = file.next;
  if (!isComing(file)) return file;
  // On a disk that ignores case, the name may lead to a file in another spelling, which would be replaced.
  const spelled = await history.spelled(path);
  const { state } = await history.observe(spelled);
  if (spelled !== path && state !== 'missing') return stays(file, { conflict: 'occupied', detail: spelled });
  if (state === 'file' || state === 'too large') taken.add(path);
  try {
    await history.requireChangeable(path);
    return file;
  } catch (error) {
    return stays(file, { conflict: 'unreadable', detail: messageOf(error) });
  }
}

function stays(file: PlannedFile, why: Required<Pick<PlannedFile, 'conflict' | 'detail'>>): PlannedFile {
  return { ...file, next: file.present, isMerged: false, isAnswered: false, facts: {}, ...why };
}
