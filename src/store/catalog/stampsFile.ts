import type { FileStamp } from '../../model/stamp';
import type { VersionId } from '../../model/version';
import { readWhole, replaceStoreFile, type FilePort } from '../disk/filePort';
import type { Zstd } from '../codec/zstd';

export const stampsFileName = 'stamps.json.zst';
const maxBytes = 16 << 20;
const level = 9;

/** The stamp of a head: size and times of the file when its content was last compared. */
export interface SavedStamp {
  readonly path: string;
  readonly version: VersionId;
  readonly stamp: FileStamp;
}

export interface StampsFileDeps {
  readonly files: FilePort;
  readonly zstd: Zstd;
  readonly dir: string;
}

/** Saves what a catalog holds and cannot be rebuilt from journals and segments: only hints. */
export async function writeStamps(
  { files, zstd, dir }: StampsFileDeps,
  stamps: readonly SavedStamp[],
  owner: string,
): Promise<void> {
  const path = `${dir}/${stampsFileName}`;
  const text = JSON.stringify(stamps.map(({ path: at, version, stamp }) => [at, version, stamp]));
  await replaceStoreFile(files, path, zstd.compress(Buffer.from(text), level), `${path}.${owner}.tmp`);
}

/** Empty when the file is missing or damaged: files are then read again to know whether they changed. */
export async function readStamps({ files, zstd, dir }: StampsFileDeps): Promise<SavedStamp[]> {
  try {
    const bytes = await readWhole(files, `${dir}/${stampsFileName}`);
    if (bytes === undefined) return [];
    const rows: unknown = JSON.parse(Buffer.from(zstd.unpack(bytes, maxBytes)).toString('utf8'));
    return Array.isArray(rows) ? rows.flatMap(stampIn) : [];
  } catch {
    return [];
  }
}

function stampIn(row: unknown): SavedStamp[] {
  if (!Array.isArray(row)) return [];
  const [path, version, stamp] = row as unknown[];
  const isStamp = typeof path === 'string' && typeof version === 'string' && typeof stamp === 'string';
  return isStamp ? [{ path, version, stamp }] : [];
}
