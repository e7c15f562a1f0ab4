import { crc32 } from '../disk/crc32';
import { readWhole, writeAll, type FilePort } from '../disk/filePort';

/** Holds the time (ms since the epoch) at which a store was last known to be recording, and a checksum of it. */
const seenFileName = 'seen';

function seenText(time: number): string {
  return `${time} ${crc32(Buffer.from(`seen ${time}`))}\n`;
}

/** Undefined when it was never noted, or not readably. */
export async function readHeartbeat(files: FilePort, dir: string): Promise<number | undefined> {
  const bytes = await readWhole(files, `${dir}/${seenFileName}`);
  const text = bytes === undefined ? '' : Buffer.from(bytes).toString('latin1');
  const time = parseInt(text, 10);
  return text === seenText(time) ? time : undefined;
}

/** Replaces the note, without waiting for the disk: losing it makes a gap look longer, nothing else. */
export async function writeHeartbeat(files: FilePort, dir: string, owner: string, time: number): Promise<void> {
  const temporary = `${dir}/${seenFileName}.${owner}.tmp`;
  await files.remove(temporary);
  const file = await files.create(temporary);
  try {
    await writeAll(file, Buffer.from(seenText(time), 'latin1'));
  } finally {
    await file.close();
  }
  await files.rename(temporary, `${dir}/${seenFileName}`);
}
