import { isGitName } from '../../base/gitName';
import type { VersionId } from '../../model/version';
import type { Restoration } from '../../track/candidate';

/** What is noted about one file of a restore. */
export interface RestoreEntry {
  readonly path: string;
  /** What remains to be undone: brings back what the restore replaced. */
  readonly undo?: Restoration;
  /** Brings back what an undo replaced. */
  readonly undone?: Restoration;
  /** The change that is being made, from one version to another; absent ones mean that there is no file. */
  readonly change?: Change;
}

/** `bytes`: the content that is written, instead of that of a version. */
type Change = { readonly from?: VersionId; readonly to?: VersionId; readonly bytes?: Uint8Array };

/** The last restore of a folder, as its journal notes it. */
export interface LastRestore {
  /** The same in every folder that one request changed. */
  readonly id: string;
  /** When it began; ms since the epoch. */
  readonly time: number;
  /** The process that wrote the journal; `start` tells it from a later one with the same id, where the system can. */
  readonly writer: { readonly pid: number; readonly start?: string };
  /** To undo it now would bring an undone restore back. */
  readonly isUndone: boolean;
  /** By path. */
  readonly entries: ReadonlyMap<string, RestoreEntry>;
  /** Changes that were begun and not ended; `before` is the entry without the change. */
  readonly interrupted: readonly { readonly entry: RestoreEntry; readonly before: RestoreEntry | undefined }[];
}

export type RestoreHeader = Omit<LastRestore, 'entries' | 'interrupted'>;

const maxPathLength = 4_096;
const maxFolders = 1_000;
const versionId = /^v1(-[0-9a-z]{1,16}){3}$/;
const restoreId = /^[0-9a-z-]{1,64}$/i;

/** The first line of a journal. */
export function headerLine({ id, time, writer, isUndone }: RestoreHeader): string {
  return `${JSON.stringify({ format: 1, id, time, writer, isUndone })}\n`;
}

/** One entry; the last line of a path counts. */
export function entryLine({ path, undo, undone, change }: RestoreEntry): string {
  const states = { undo: undo && stateOf(undo), undone: undone && stateOf(undone) };
  const bytes = change?.bytes && Buffer.from(change.bytes).toString('base64');
  const line = { path, ...states, change: change && { ...change, bytes } };
  return `${JSON.stringify(line)}\n`;
}

function stateOf({ version, folders, movedFrom }: Restoration): Omit<Restoration, 'path'> {
  return {
    ...(version !== undefined && { version }),
    ...(folders && { folders }),
    ...(movedFrom !== undefined && { movedFrom }),
  };
}

/**
 * Reads a journal. It may have been edited by hand: throws at anything that Obby does not write, such as a path that
 * leads out of the folder. A last line without an end was being written, and does not count.
 */
export function parseRestore(text: string): LastRestore {
  const [first = '', ...lines] = text.split('\n').slice(0, -1);
  const header = parseHeader(JSON.parse(first));
  const entries = new Map<string, RestoreEntry>();
  const open = new Map<string, LastRestore['interrupted'][number]>();
  for (const line of lines) {
    const entry = parseEntry(JSON.parse(line));
    const { path } = entry;
    if (entry.change) open.set(path, { entry, before: entries.get(path) });
    else open.delete(path);
    if (entry.undo ?? entry.undone) entries.set(path, entry);
    else entries.delete(path);
  }
  return { ...header, entries, interrupted: [...open.values()] };
}

function parseHeader(value: unknown): RestoreHeader {
  const { format, id, time, writer, isUndone } = anObject(value);
  const { pid, start } = anObject(writer);
  if (format !== 1 || typeof id !== 'string' || !restoreId.test(id)) throw invalid(value);
  if (!isCount(time) || !isCount(pid) || typeof isUndone !== 'boolean') throw invalid(value);
  return { id, time, writer: { pid, ...(typeof start === 'string' && { start }) }, isUndone };
}

function parseEntry(value: unknown): RestoreEntry {
  const { path, undo, undone, change } = anObject(value);
  if (!isPath(path)) throw invalid(value);
  return {
    path,
    ...(undo !== undefined && { undo: parseState(path, undo) }),
    ...(undone !== undefined && { undone: parseState(path, undone) }),
    ...(change !== undefined && { change: parseChange(change) }),
  };
}

function parseState(path: string, value: unknown): Restoration {
  const { version, folders, movedFrom } = anObject(value);
  if (version !== undefined && !isVersion(version)) throw invalid(value);
  if (movedFrom !== undefined && !isPath(movedFrom)) throw invalid(value);
  const state = { path, ...(version !== undefined && { version }), ...(movedFrom !== undefined && { movedFrom }) };
  if (folders === undefined) return state;
  if (!Array.isArray(folders) || folders.length > maxFolders) throw invalid(value);
  const above = folders.filter((each): each is string => isPath(each) && path.startsWith(`${each}/`));
  if (above.length !== folders.length) throw invalid(value);
  return { ...state, folders: above };
}

function parseChange(value: unknown): Change {
  const { from, to, bytes } = anObject(value);
  if (bytes !== undefined && typeof bytes !== 'string') throw invalid(value);
  if ((from !== undefined && !isVersion(from)) || (to !== undefined && !isVersion(to))) throw invalid(value);
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(bytes !== undefined && { bytes: Buffer.from(bytes, 'base64') }),
  };
}

/** Whether it is a path in the folder, and none of git's. */
function isPath(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > maxPathLength || value.includes('\0')) return false;
  const names = value.split(process.platform === 'win32' ? /[/\\]/ : '/');
  const isDrive = process.platform === 'win32' && /^[a-z]:/i.test(value);
  return !isDrive && names.every((name) => !['', '.', '..'].includes(name) && !isGitName(name));
}

function isVersion(value: unknown): value is VersionId {
  return typeof value === 'string' && versionId.test(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function anObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw invalid(value);
  return value as Readonly<Record<string, unknown>>;
}

function invalid(value: unknown): Error {
  const text = `it has ${JSON.stringify(value)}`;
  return new Error(text.slice(0, 200));
}
