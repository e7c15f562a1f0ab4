import { ObbyError } from '../../base/errors';
import { isVersionId, type VersionRecord } from '../../model/version';
import type { CommandRun } from '../commandRun';
import { shortened } from './arguments';
import type { CommandHistory } from './openedHistory';
import { parseTime } from './times';

/** How many versions back `FILE~N` may go. */
const maxBack = 10_000;

export const versionForms = 'a version: its id, FILE (the newest), FILE~2 (two before), FILE@TIME (as it was then)';

/** A version as it was asked for. */
interface AskedVersion {
  /** Absent for an id, which the history of the current folder has. */
  readonly file?: string;
  find(history: CommandHistory, path: string): Promise<VersionRecord>;
}

/** What a version argument means: an id, `FILE`, `FILE~N`, `FILE@TIME`. */
export function askedVersion(run: CommandRun, argument: string): AskedVersion {
  if (isVersionId(argument)) return { find: ({ ask }) => ask.version(argument) };
  const [, back, steps] = /^(.+)~(\d{1,5})$/s.exec(argument) ?? [];
  if (back !== undefined) return { file: back, find: (history, path) => versionBack(history, path, Number(steps)) };
  const [, dated, time] = /^(.+)@\{?([^@{}/]+)\}?$/s.exec(argument) ?? [];
  if (dated !== undefined && time !== undefined) {
    const at = parseTime(time, run.io.now());
    return { file: dated, find: (history, path) => versionAtTime(history, path, at) };
  }
  return { file: argument, find: (history, path) => versionBack(history, path, 0) };
}

async function versionBack({ ask }: CommandHistory, path: string, back: number): Promise<VersionRecord> {
  const versions = await ask.versions(path, { limit: Math.min(back + 1, maxBack) });
  const version = versions[back];
  if (version) return version;
  const [has] = versions;
  if (has) throw new ObbyError('notFound', `${shortened(path)} has only ${versions.length} versions.`);
  throw new ObbyError('notFound', `The history has no version of ${shortened(path)}.`);
}

async function versionAtTime({ ask }: CommandHistory, path: string, time: number): Promise<VersionRecord> {
  const version = await ask.versionAt(path, time);
  if (version) return version;
  throw new ObbyError('notFound', `The history has no version of ${shortened(path)} at that time.`);
}
