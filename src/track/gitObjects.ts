import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Packs that are looked into, and the largest list of one that is read. */
const maxPacks = 200;
const maxIndexBytes = 512 << 20;
const hashBytes = 20;
const fanoutBytes = 8 + 256 * 4;

/** An open list of a pack, sorted by hash; format 2 of `git help format-pack`. */
interface Pack {
  readonly descriptor: number;
  /** How many hashes begin with this byte or a smaller one. */
  readonly fanout: readonly number[];
}

/**
 * Whether git has certain bytes among its objects, by reading what git keeps: loose objects and the lists of packs. No
 * git is run. A repository that names its objects by SHA-256 has none as far as this can tell.
 */
export class GitObjects {
  private readonly packs: Pack[] = [];

  private constructor(private readonly folder: string) {
    for (const name of namesIn(join(folder, 'pack')).filter((file) => file.endsWith('.idx'))) {
      if (this.packs.length >= maxPacks) break;
      const pack = openPack(join(folder, 'pack', name));
      if (pack) this.packs.push(pack);
    }
  }

  /** Of the repository that keeps its things in `gitDir`. */
  static open(gitDir: string): GitObjects {
    return new GitObjects(join(commonDir(gitDir), 'objects'));
  }

  has(bytes: Uint8Array): boolean {
    const hash = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest();
    const name = hash.toString('hex');
    const loose = statSync(join(this.folder, name.slice(0, 2), name.slice(2)), { throwIfNoEntry: false });
    return loose?.isFile() === true || this.packs.some((pack) => holds(pack, hash));
  }

  close(): void {
    for (const { descriptor } of this.packs) closeSync(descriptor);
  }
}

/** A linked working tree keeps its objects with the repository that it belongs to. */
function commonDir(gitDir: string): string {
  const file = join(gitDir, 'commondir');
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() && stat.size < 10_000 ? resolve(gitDir, readFileSync(file, 'utf8').trim()) : gitDir;
}

function openPack(file: string): Pack | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile() || stat.size < fanoutBytes || stat.size > maxIndexBytes) return undefined;
  const descriptor = openSync(file, 'r');
  const head = Buffer.alloc(fanoutBytes);
  readSync(descriptor, head, 0, fanoutBytes, 0);
  if (head.readUInt32BE(0) !== 0xff744f63 || head.readUInt32BE(4) !== 2) {
    closeSync(descriptor);
    return undefined;
  }
  return { descriptor, fanout: Array.from({ length: 256 }, (_, n) => head.readUInt32BE(8 + n * 4)) };
}

function holds({ descriptor, fanout }: Pack, hash: Buffer): boolean {
  const first = hash[0] ?? 0;
  let low = first === 0 ? 0 : (fanout[first - 1] ?? 0);
  let high = fanout[first] ?? 0;
  const found = Buffer.alloc(hashBytes);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (readSync(descriptor, found, 0, hashBytes, fanoutBytes + middle * hashBytes) < hashBytes) return false;
    const order = Buffer.compare(found, hash);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A folder that is not there, or cannot be read, holds nothing that could be told of.
    return [];
  }
}
