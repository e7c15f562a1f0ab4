import type { Writing } from './replaceFile';
import type { WriteAccess } from './writeAccess';

/**
 * Writes a file in place, so that it keeps its inode. What it holds is kept first, and read again right before it is
 * overwritten; false if it changed in between. If the disk is full, the file is as before.
 */
export async function overwriteFile({ access, file, bytes, keep }: Writing): Promise<boolean> {
  const handle = access.open(file);
  try {
    const before = await keep(file);
    const { ino } = access.fstat(handle);
    if (access.lstat(file)?.ino !== ino || !holds(access, handle, before)) return false;
    await overwrite(access, handle, { before, bytes });
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
  { before, bytes }: { readonly before: Uint8Array; readonly bytes: Uint8Array },
): Promise<void> {
  try {
    // What needs new space comes first: without space, nothing has been overwritten yet.
    writeAll(access, handle, bytes.subarray(before.length), before.length);
    writeAll(access, handle, bytes.subarray(0, before.length), 0);
    access.truncate(handle, bytes.length);
    await access.sync(handle);
  } catch (error) {
    writeAll(access, handle, before, 0);
    access.truncate(handle, before.length);
    throw error;
  }
}

/** A call may write a part only. */
export function writeAll(access: WriteAccess, handle: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;) done += access.write(handle, bytes.subarray(done), position + done);
}
