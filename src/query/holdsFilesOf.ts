import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Of } from '../base/sha256';
import type { HeadVersion, HistoryStore } from '../model/historyStore';

/** How many of the newest files are compared, and how many that must be at least. */
const sample = { most: 20, least: 3 };

/** Whether a folder holds most of the newest files of a history, byte for byte. */
export async function holdsFilesOf(root: string, store: Pick<HistoryStore, 'heads'>): Promise<boolean> {
  const heads = (await store.heads('')).map(({ version }) => version).filter(({ size }) => size > 0);
  const newest = heads.sort((a, b) => b.time - a.time).slice(0, sample.most);
  if (newest.length < sample.least) return false;
  let same = 0;
  for (const version of newest) if (await isOnDisk(root, version)) same++;
  return same * 2 > newest.length;
}

async function isOnDisk(root: string, { path, size, sha256 }: HeadVersion): Promise<boolean> {
  const file = join(root, path);
  try {
    const info = await stat(file);
    return info.isFile() && info.size === size && sha256Of(await readFile(file)) === sha256;
  } catch {
    return false;
  }
}
