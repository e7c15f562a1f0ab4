import type { BigIntStats } from 'node:fs';
import type { WriteAccess } from './writeAccess';

/** The bits beside the permissions: no version has them, and an existing file keeps its own. */
const specialBits = 0o7000;
const othersMayRead = 0o044;
const ownerMayWrite = 0o200;

/** The mode of a file with the permission bits of a version, if these are known. */
export function withPermissions({ mode: present }: Pick<BigIntStats, 'mode'>, mode: number | undefined): number {
  const bits = Number(present) & 0o7777;
  return mode === undefined ? bits : (bits & specialBits) | mode;
}

/** Whether a file is read-only, and will not be with the permission bits of a version. */
export function isMadeWritable(present: BigIntStats, mode = 0): boolean {
  return (mode & ownerMayWrite) !== 0 && (Number(present.mode) & ownerMayWrite) === 0;
}

/**
 * Gives an open file permission bits. Where these cannot be set, that is an error only if more people could read the
 * file than should: the content of a version is worth more than its executable bit.
 */
export function giveMode(access: WriteAccess, handle: number, mode: number): void {
  const present = access.fstat(handle);
  const wanted = withPermissions(present, mode);
  if (wanted === withPermissions(present, undefined)) return;
  try {
    access.chmod(handle, wanted);
  } catch (error) {
    if ((Number(present.mode) & ~mode & othersMayRead) !== 0) throw error;
  }
}

/** Takes those permission bits from an open file that it must not have with its new content. */
export function narrowMode(access: WriteAccess, handle: number, mode: number): void {
  giveMode(access, handle, withPermissions(access.fstat(handle), undefined) & mode);
}

/** Gives a file permission bits; the file stays the same one. */
export function changeMode(access: WriteAccess, file: string, mode: number): void {
  const handle = access.openToRead(file);
  try {
    access.chmod(handle, withPermissions(access.fstat(handle), mode));
  } finally {
    access.close(handle);
  }
}
