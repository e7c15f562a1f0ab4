import { TimeSlicer } from '../base/timeSlicer';
import type { VersionRecord } from '../model/version';
import type { OpenHistory } from './openHistory';

/** Versions that are read together: the most that a store gives. */
const pageSize = 10_000;

/**
 * The version that each file below a folder (`''`: all) had at a time (ms), by path. Reads every version up to then,
 * newest first: the first one of a path decides.
 */
export async function filesAt(
  { store }: Pick<OpenHistory, 'store'>,
  folder: string,
  time: number,
): Promise<VersionRecord[]> {
  const isAsked = (path: string): boolean => folder === '' || path === folder || path.startsWith(`${folder}/`);
  const decided = new Set<string>();
  const present: VersionRecord[] = [];
  const slicer = new TimeSlicer();
  for (let until = time + 1, before = new Set<string>(); ;) {
    const page = await store.recent({ until, limit: pageSize });
    for (const version of page.filter(({ id }) => !before.has(id))) {
      const { path, kind, renamedFrom } = version;
      if (!decided.has(path) && kind !== 'deleted' && isAsked(path)) present.push(version);
      decided.add(path);
      // The file left its former path, unless a later version is there.
      if (kind === 'renamed' && renamedFrom !== undefined) decided.add(renamedFrom);
    }
    const last = page.at(-1);
    // The next page begins within the same millisecond; one that is full of it cannot be passed.
    if (page.length < pageSize || !last || last.time + 1 === until) break;
    until = last.time + 1;
    before = new Set(page.map(({ id }) => id));
    await slicer.pause();
  }
  return present.sort((a, b) => (a.path < b.path ? -1 : 1));
}
