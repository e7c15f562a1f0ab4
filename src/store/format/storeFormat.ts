import { crc32 } from '../disk/crc32';
import { readWhole, replaceStoreFile, type FilePort } from '../disk/filePort';

/**
 * Says of which format the folder is; raised when an older Obby must not write to it. 1 had journals only, 2 and
 * 3 had other segments: what they hold is read as it is, and a catalog that is read by pages is made anew.
 */
export const storeFormat = 4;
export const formatFileName = 'store.json';

/** `missing`: a new folder. `damaged`: nothing can be said. */
export type FormatState = 'known' | 'older' | 'newer' | 'missing' | 'damaged';

/** Which format a folder says it has. */
export async function readFormat(files: FilePort, dir: string): Promise<FormatState> {
  const bytes = await readWhole(files, `${dir}/${formatFileName}`);
  if (bytes === undefined) return 'missing';
  const format = parseFormat(Buffer.from(bytes).toString('utf8'));
  if (format === undefined) return 'damaged';
  if (format > storeFormat) return 'newer';
  return format < storeFormat ? 'older' : 'known';
}

/** Says that a folder has this format. */
export async function writeFormat(files: FilePort, dir: string, owner: string): Promise<void> {
  const path = `${dir}/${formatFileName}`;
  await replaceStoreFile(files, path, Buffer.from(formatText(storeFormat)), `${path}.${owner}.tmp`);
}

/** The checksum keeps one wrong bit from making the folder look newer than it is. */
export function formatText(format: number): string {
  const about = 'The history of a folder, recorded by Obby';
  return `${JSON.stringify({ format, about, check: crc32(Buffer.from(`obby store ${format}`)) })}\n`;
}

function parseFormat(text: string): number | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('format' in value)) return undefined;
    const { format } = value;
    return typeof format === 'number' && text === formatText(format) ? format : undefined;
  } catch {
    return undefined;
  }
}
