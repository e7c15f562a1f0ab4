import { TimeSlicer } from '../base/timeSlicer';
import type { TimesDifferenceRecord } from '../model/times';
import { isOtherMode, type VersionId, type VersionRecord } from '../model/version';
import { filesAt } from './filesAt';
import type { OpenHistory } from './openHistory';

/** The files below a folder (`''`: all) that differ between two times (ms), by path. */
export async function compareTimes(
  history: Pick<OpenHistory, 'store'>,
  folder: string,
  from: number,
  to: number,
): Promise<TimesDifferenceRecord[]> {
  const [old, now] = await Promise.all([from, to].map((time) => filesAt(history, folder, time)));
  const before = new Map(old?.map((version) => [version.path, version]));
  const after = new Map(now?.map((version) => [version.path, version]));
  const found: TimesDifferenceRecord[] = [];
  const gone = new Map<VersionId, VersionRecord>();
  for (const [path, version] of before) {
    const later = after.get(path);
    if (!later) gone.set(version.id, version);
    else if (isModified(version, later)) found.push({ change: 'modified', before: version, after: later });
  }
  for (const version of after.values()) {
    if (before.has(version.path)) continue;
    const earlier = gone.size > 0 ? gone.get(await idAt(history.store, version, from)) : undefined;
    if (earlier) gone.delete(earlier.id);
    found.push(earlier ? { change: 'renamed', before: earlier, after: version } : { change: 'added', after: version });
  }
  for (const version of gone.values()) found.push({ change: 'deleted', before: version });
  return found.sort((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1));
}

/** The version that a file had at a time, by one of its later versions; `''` before its first. */
async function idAt(store: OpenHistory['store'], version: VersionRecord, time: number): Promise<VersionId> {
  const slicer = new TimeSlicer();
  let each = version;
  while (each.time > time) {
    if (each.previous === undefined) return '';
    each = await store.version(each.previous);
    await slicer.pause();
  }
  return each.id;
}

function isModified(before: VersionRecord, after: VersionRecord): boolean {
  if (before.id === after.id) return false;
  const isUnknown = before.sha256 === undefined || after.sha256 === undefined;
  return isUnknown || before.sha256 !== after.sha256 || isOtherMode(before.mode, after.mode);
}

function pathOf({ before, after }: TimesDifferenceRecord): string {
  return (after ?? before)?.path ?? '';
}
