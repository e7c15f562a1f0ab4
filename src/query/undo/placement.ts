import * as l10n from '@vscode/l10n';
import { messageOf } from '../../base/errors';
import type { OpenHistory } from '../openHistory';
import { isChanged, isComing, isLeaving, type PlannedFile } from './plannedFile';

type PlacementHistory = Pick<OpenHistory, 'observe' | 'requireChangeable' | 'spelled'>;

/**
 * The same plan, with a conflict for each file that cannot come to its path: a file stays there, another one of the plan
 * comes there too, or it cannot be written. A file that stays because of that keeps its own path taken.
 */
export async function placed(history: PlacementHistory, planned: readonly PlannedFile[]): Promise<PlannedFile[]> {
  const taken = new Set<string>();
  const files: PlannedFile[] = [];
  for (const each of await withOneSpelling(history, planned)) files.push(await reachable(history, each, taken));
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

/**
 * On a disk that ignores case, a path may lead to a file in another spelling. A restore would replace that file, and
 * delete it where it is to leave. So neither it nor the one that comes is changed.
 */
async function withOneSpelling(
  history: PlacementHistory,
  planned: readonly PlannedFile[],
): Promise<readonly PlannedFile[]> {
  const refused = new Map<string, Readonly<Record<'wanted' | 'spelled', string>>>();
  for (const file of planned.filter(isComing)) {
    const wanted = file.next.path;
    const spelled = await history.spelled(wanted);
    if (spelled === wanted || (await history.observe(spelled)).state === 'missing') continue;
    for (const path of [file.present.path, spelled]) refused.set(path, { wanted, spelled });
  }
  return planned.map((file) => {
    const { path } = file.present;
    const names = refused.get(path);
    if (!names || !isChanged(file)) return file;
    const { wanted, spelled } = names;
    const detail = l10n.t('{0} was not changed: {1} and {2} are one name on this disk.', path, wanted, spelled);
    return stays(file, { conflict: 'unreadable', detail });
  });
}

/** Notes in `taken` the paths that files come to and at which something is now. */
async function reachable(history: PlacementHistory, file: PlannedFile, taken: Set<string>): Promise<PlannedFile> {
  const { path } = file.next;
  if (!isComing(file)) return file;
  const { state } = await history.observe(path);
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
