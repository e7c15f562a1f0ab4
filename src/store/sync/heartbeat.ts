import { crc32 } from '../../base/crc32';
import { readWhole, writeAll, type FilePort } from '../disk/filePort';

/** Holds the time (ms since the epoch) at which the store was last known to be recording, and a checksum. */
const seenFileName = 'seen';

function seenText(time: number): string {
  return `${time} ${crc32(Buffer.from(`seen ${time}`))}\n`;
}

/** Undefined when there is none, or it is damaged. */
export async function readHeartbeat(files: FilePort, dir: string): Promise<number | undefined> {
  const bytes = await readWhole(files, `${dir}/${seenFileName}`);
  const text = bytes === undefined ? '' : Buffer.from(bytes).toString('latin1');
  const time = parseInt(text, 10);
  return text === seenText(time) ? time : undefined;
}

/** Replaces the file without a sync: losing it only makes a gap seem longer. */
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
