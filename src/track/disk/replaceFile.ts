import * as l10n from '@vscode/l10n';
import { randomUUID } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { dirname, join } from 'node:path';
import { errnoOf, ObbyError } from '../../base/errors';
import { type TemporaryKind, temporaryName } from '../../rules/temporaryName';
import type { FileContent } from './disk';
import { changeMode, giveMode, isMadeWritable, narrowMode, withPermissions } from './fileMode';
import type { WriteAccess } from './writeAccess';

/** A file to write or delete. */
export interface Replacement {
  /** Absolute path. */
  readonly file: string;
  /** For messages. */
  readonly path: string;
  /**
   * Reads what is replaced, which now has this absolute path, and keeps it. If it rejects, the file stays as it was.
   */
  readonly keep: (file: string) => Promise<Uint8Array>;
  readonly access: WriteAccess;
}

type Writing = Replacement & FileContent;

const maxAttempts = 5;
/** Later attempts do without hard links: some file systems do not show that two names are of one file. */
const attemptsWithLinks = 2;
/** The file system has no hard links, or not of this file. */
const unlinkable = ['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'EXDEV'];
/** The folder or a mount keeps the file from being replaced, though it may be writable. */
const irreplaceable = ['EPERM', 'EACCES', 'EROFS', 'EBUSY', 'EXDEV'];

/** Another program changed what has the name of the file; try again. */
const changed = 'changed';
/** The file can only be written in place. */
const fixed = 'fixed';
type Attempt = typeof changed | typeof fixed | 'done';

/**
 * Writes a file so that it never has half of the bytes: they are all on disk before they get the file's name. The file
 * keeps its owner and group, and gets the given mode; without one, it keeps its own, and a new file gets the mode that
 * any program would give it. At no time can more people read the bytes than may in the end. What is replaced is kept
 * under a second name until its content has been recorded, so that what another program wrote up to then is not lost. A
 * file with several names, or one that cannot be replaced, is written in place.
 */
export async function replaceFile(writing: Writing): Promise<void> {
  const { access, file } = writing;
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const present = access.lstat(file);
    if (present && !present.isFile()) continue;
    if (present && !isMadeWritable(present, writing.mode)) access.requireWritable(file);
    const swap = attempt > attemptsWithLinks ? swapByMoves : swapByLink;
    const outcome = present && present.nlink > 1n ? fixed : await exchange(writing, present, swap);
    if (outcome === 'done' || (outcome === fixed && (await overwriteFile(writing)))) return;
  }
  throw keepsChanging(writing.path);
}

/** Deletes a regular file; a missing one counts as deleted. */
export async function deleteFile(deletion: Replacement): Promise<void> {
  const { access, file, keep } = deletion;
  if (!access.lstat(file)) return;
  const aside = nameBeside(file, 'old');
  access.rename(file, aside);
  try {
    if (access.lstat(aside)?.isFile() !== true) throw keepsChanging(deletion.path);
    await keep(aside);
  } catch (error) {
    putBack(access, aside, file);
    throw error;
  }
  discard(access, aside);
}

async function exchange(writing: Writing, present: BigIntStats | undefined, swap: Swap): Promise<Attempt> {
  const { access, file } = writing;
  const temporary = nameBeside(file, 'new');
  try {
    if (!(await prepare(writing, temporary, present))) return fixed;
    return present ? await replacePresent(writing, temporary, swap) : place(access, temporary, file);
  } finally {
    discard(access, temporary);
  }
}

/** Writes the bytes to a new file that is like the present one; false if that is not possible in its folder. */
async function prepare({ access, bytes, mode }: Writing, temporary: string, present?: BigIntStats): Promise<boolean> {
  let handle: number;
  try {
    handle = access.create(temporary, present || mode !== undefined ? 0o600 : 0o666);
  } catch (error) {
    if (present && isOneOf(error, irreplaceable)) return false;
    throw error;
  }
  try {
    if (present && !takeOwner(access, handle, present)) return false;
    writeAll(access, handle, bytes, 0);
    if (present && !takeMode(access, handle, withPermissions(present, mode))) return false;
    if (!present && mode !== undefined) giveMode(access, handle, mode);
    await access.sync(handle);
    return true;
  } finally {
    access.close(handle);
  }
}

/** Gives a new file the owner and the group of another; false if that is not allowed. */
function takeOwner(access: WriteAccess, handle: number, { uid, gid }: BigIntStats): boolean {
  const own = access.fstat(handle);
  if (own.uid === uid && own.gid === gid) return true;
  return succeeds(() => access.chown(handle, Number(uid), Number(gid)));
}

function takeMode(access: WriteAccess, handle: number, mode: number): boolean {
  if (withPermissions(access.fstat(handle), undefined) === mode) return true;
  return succeeds(() => access.chmod(handle, mode));
}

function succeeds(change: () => void): boolean {
  try {
    change();
    return true;
  } catch {
    return false;
  }
}

async function replacePresent(writing: Writing, temporary: string, swap: Swap): Promise<Attempt> {
  const { access, file, keep } = writing;
  const aside = nameBeside(file, 'old');
  const outcome = swap(access, file, { aside, temporary });
  if (outcome !== 'done') {
    // A file that was moved away and not replaced is what another program wrote over.
    if (access.lstat(aside)) await keep(aside);
  } else {
    const written = access.lstat(file)?.ino;
    try {
      await keep(aside);
    } catch (error) {
      if (access.lstat(file)?.ino === written) access.rename(aside, file);
      throw error;
    }
  }
  discard(access, aside);
  return outcome;
}

interface Names {
  /** What the present file is called afterwards, */
  readonly aside: string;
  /** and what the new one was called before. */
  readonly temporary: string;
}

type Swap = (access: WriteAccess, file: string, names: Names) => Attempt;

/**
 * Gives a file's name to another one, and a second name to the file, in calls that follow each other directly. With hard
 * links, there is a file with that name at all times.
 */
function swapByLink(access: WriteAccess, file: string, { aside, temporary }: Names): Attempt {
  try {
    access.link(file, aside);
  } catch (error) {
    if (isOneOf(error, ['ENOENT'])) return changed;
    if (isOneOf(error, unlinkable)) return swapByMoves(access, file, { aside, temporary });
    throw error;
  }
  const kept = access.lstat(aside);
  const isStillThere = kept?.isFile() === true && kept.nlink === 2n && access.lstat(file)?.ino === kept.ino;
  try {
    if (isStillThere) {
      access.rename(temporary, file);
      return 'done';
    }
  } catch (error) {
    access.unlink(aside);
    if (isOneOf(error, irreplaceable)) return fixed;
    throw error;
  }
  access.unlink(aside);
  return changed;
}

function swapByMoves(access: WriteAccess, file: string, { aside, temporary }: Names): Attempt {
  try {
    access.rename(file, aside);
  } catch (error) {
    if (isOneOf(error, ['ENOENT'])) return changed;
    if (isOneOf(error, irreplaceable)) return fixed;
    throw error;
  }
  try {
    if (access.lstat(aside)?.isFile() !== true) putBack(access, aside, file);
    else return place(access, temporary, file);
  } catch (error) {
    putBack(access, aside, file);
    throw error;
  }
  return changed;
}

/** Gives a name to a file unless another file has it. */
function place(access: WriteAccess, from: string, to: string): Attempt {
  try {
    access.link(from, to);
    access.unlink(from);
    return 'done';
  } catch (error) {
    if (isOneOf(error, ['EEXIST'])) return changed;
    if (!isOneOf(error, unlinkable)) throw error;
  }
  if (access.lstat(to)) return changed;
  access.rename(from, to);
  return 'done';
}

/** Deletes a file that nothing needs. One that another program holds is deleted by a later restore. */
function discard(access: WriteAccess, temporary: string): void {
  succeeds(() => access.unlink(temporary));
}

/** Undoes a move; if another file has the name by now, both stay. */
function putBack(access: WriteAccess, aside: string, file: string): void {
  place(access, aside, file);
}

function nameBeside(file: string, kind: TemporaryKind): string {
  return join(dirname(file), temporaryName(kind, process.pid, randomUUID()));
}

function isOneOf(error: unknown, codes: readonly string[]): boolean {
  return codes.includes(errnoOf(error) ?? '');
}

function keepsChanging(path: string): ObbyError {
  return new ObbyError(
    'changedWhileRead',
    l10n.t('{0} was not changed, since another program keeps writing it. Try again when nothing does.', path),
  );
}

/**
 * Writes a file in place, so that it keeps its inode. What it holds is kept first, and read again right before it is
 * overwritten; false if it changed in between. If the disk is full, the file is as before.
 */
async function overwriteFile({ access, file, bytes, mode, keep }: Writing): Promise<boolean> {
  const before = await keep(file);
  const present = access.lstat(file);
  if (present && isMadeWritable(present, mode)) changeMode(access, file, Number(present.mode & 0o777n) | 0o200);
  const handle = access.open(file);
  try {
    const { ino } = access.fstat(handle);
    if (access.lstat(file)?.ino !== ino || !holds(access, handle, before)) return false;
    await overwrite(access, handle, { before, bytes, mode });
    // Otherwise another program has replaced the file, which no longer has a name.
    return access.lstat(file)?.ino === ino;
  } finally {
    access.close(handle);
  }
}

function holds(access: WriteAccess, handle: number, bytes: Uint8Array): boolean {
  const buffer = Buffer.alloc(bytes.length + 1);
  let length = 0;
  for (let count = 1; count > 0 && length <= bytes.length; length += count) {
    count = access.read(handle, buffer.subarray(length), length);
  }
  return length === bytes.length && buffer.subarray(0, length).equals(bytes);
}

async function overwrite(
  access: WriteAccess,
  handle: number,
  { before, bytes, mode }: FileContent & { readonly before: Uint8Array },
): Promise<void> {
  const present = withPermissions(access.fstat(handle), undefined);
  try {
    if (mode !== undefined) narrowMode(access, handle, mode);
    // What needs new space comes first: without space, nothing has been overwritten yet.
    writeAll(access, handle, bytes.subarray(before.length), before.length);
    writeAll(access, handle, bytes.subarray(0, before.length), 0);
    access.truncate(handle, bytes.length);
    if (mode !== undefined) giveMode(access, handle, mode);
    await access.sync(handle);
  } catch (error) {
    writeAll(access, handle, before, 0);
    access.truncate(handle, before.length);
    giveMode(access, handle, present & 0o777);
    throw error;
  }
}

/** A call may write a part only. */
function writeAll(access: WriteAccess, handle: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;) done += access.write(handle, bytes.subarray(done), position + done);
}
