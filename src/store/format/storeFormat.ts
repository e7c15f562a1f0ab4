import { crc32 } from '../../base/crc32';
import { readWhole, replaceStoreFile, type FilePort } from '../disk/filePort';

/**
 * The format of the whole folder, raised when an older Obby must not write to it. Format 5 added the modes of versions,
 * which an older Obby would leave out of the segments that it writes; a folder of format 4 becomes one of format 5 when
 * it is opened. Formats 1 to 3 are from before 0.1.0: a folder of any other format is read as far as its journals allow,
 * and not written.
 */
export const storeFormat = 5;
/** The oldest format of a folder that is still written to. */
export const oldestStoreFormat = 4;
export const formatFileName = 'store.json';

/** `missing`: a new folder. `damaged`: the file does not match its checksum. */
export type FormatState = number | 'missing' | 'damaged';

/** The format that a folder says it has. */
export async function readFormat(files: FilePort, dir: string): Promise<FormatState> {
  const bytes = await readWhole(files, `${dir}/${formatFileName}`);
  return bytes === undefined ? 'missing' : (parseFormat(Buffer.from(bytes).toString('utf8')) ?? 'damaged');
}

/** Writes that a folder has this format. */
export async function writeFormat(files: FilePort, dir: string, owner: string): Promise<void> {
  const path = `${dir}/${formatFileName}`;
  await replaceStoreFile(files, path, Buffer.from(formatText(storeFormat)), `${path}.${owner}.tmp`);
}

/** The checksum keeps one wrong bit from changing the format of the folder. */
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

/** Sizes of the parts of a store. */
export interface StoreSizes {
  /** A journal is ended when it is this large, and segments are merged up to this size. */
  readonly fullBytes: number;
  /** A journal of at least this size is sealed in idle time. */
  readonly minSealBytes: number;
}

export const defaultSizes: StoreSizes = { fullBytes: 16 << 20, minSealBytes: 256 << 10 };

/** Why a folder is only read, for people. */
export function unknownFormat(dir: string, file: string, format: number, known: number): string {
  const [who, advice] =
    format > known
      ? ['a newer version of Obby wrote it', 'Update Obby']
      : ['a version of Obby before 0.1.0 wrote it', 'Move the folder away to begin a new history'];
  return `The history in ${dir} can only be read, and nothing is recorded: ${file} has format ${format}, and this version of Obby writes format ${known}, so ${who}. Nothing is lost. ${advice}.`;
}

/** The journals and segments among file names. */
export function sourcesIn(names: readonly string[]): string {
  return names
    .filter((name) => /\.(journal|segment)$/.test(name))
    .sort()
    .join(' ');
}
