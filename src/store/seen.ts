import { readWhole, writeAll, type FilePort } from './filePort';

/** Holds the time (ms since the epoch, decimal) at which a store was last known to be recording. */
const seenFileName = 'seen';

/** Undefined when it was never noted, or not readably. */
export async function readSeen(files: FilePort, dir: string): Promise<number | undefined> {
  const bytes = await readWhole(files, `${dir}/${seenFileName}`);
  const text = bytes === undefined ? '' : Buffer.from(bytes).toString('latin1');
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Replaces the note, without waiting for the disk: losing it makes a gap look longer, nothing else. */
export async function writeSeen(files: FilePort, dir: string, owner: string, time: number): Promise<void> {
  const temporary = `${dir}/${seenFileName}.${owner}.tmp`;
  await files.remove(temporary);
  const file = await files.create(temporary);
  try {
    await writeAll(file, Buffer.from(String(time), 'latin1'));
  } finally {
    await file.close();
  }
  await files.rename(temporary, `${dir}/${seenFileName}`);
}
