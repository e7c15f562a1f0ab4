import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { OptionalWork } from '../../base/optionalWork';
import { GitFiles } from './gitFiles';

/** Packs that are looked into, names of files among which they are looked for, and the largest list of one. */
const maxPacks = 200;
const maxNames = 10_000;
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
 * git is run. A repository that names its objects by SHA-256 has none as far as this can tell, nor has one whose files
 * cannot be read.
 */
export class GitObjects {
  private readonly packs: Pack[] = [];
  private readonly folder: string;

  /** Of the repository that keeps its things in `gitDir`. */
  constructor(
    gitDir: string,
    private readonly optional: OptionalWork,
    private readonly files = new GitFiles(),
  ) {
    this.folder = join(this.attempt(() => files.commonDirOf(gitDir)) ?? gitDir, 'objects');
    const pack = join(this.folder, 'pack');
    const names = this.attempt(() => (files.stat(pack) ? files.names(pack, maxNames) : [])) ?? [];
    for (const name of names.filter((file) => file.endsWith('.idx')).slice(0, maxPacks)) {
      const found = this.attempt(() => this.openPack(join(pack, name)));
      if (found) this.packs.push(found);
    }
  }

  has(bytes: Uint8Array): boolean {
    const hash = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest();
    const name = hash.toString('hex');
    const loose = this.attempt(() => this.files.stat(join(this.folder, name.slice(0, 2), name.slice(2))));
    return loose?.isFile() === true || this.packs.some((pack) => this.attempt(() => this.holds(pack, hash)));
  }

  close(): void {
    for (const { descriptor } of this.packs) this.files.close(descriptor);
    this.packs.length = 0;
  }

  /** One file that cannot be read costs what is in it, and no more. */
  private attempt<T>(work: () => T): T | undefined {
    return this.optional.try('what git has among its objects', work);
  }

  private openPack(path: string): Pack | undefined {
    const { files } = this;
    const opened = files.open(path);
    if (!opened) return undefined;
    const { file: descriptor, size } = opened;
    try {
      const head = size > maxIndexBytes ? Buffer.alloc(0) : files.read(descriptor, 0, fanoutBytes);
      if (head.length === fanoutBytes && head.readUInt32BE(0) === 0xff744f63 && head.readUInt32BE(4) === 2) {
        return { descriptor, fanout: Array.from({ length: 256 }, (_, n) => head.readUInt32BE(8 + n * 4)) };
      }
    } catch (error) {
      files.close(descriptor);
      throw error;
    }
    files.close(descriptor);
    return undefined;
  }

  private holds({ descriptor, fanout }: Pack, hash: Buffer): boolean {
    const first = hash[0] ?? 0;
    let low = first === 0 ? 0 : (fanout[first - 1] ?? 0);
    let high = fanout[first] ?? 0;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const found = this.files.read(descriptor, fanoutBytes + middle * hashBytes, hashBytes);
      if (found.length < hashBytes) return false;
      const order = Buffer.compare(found, hash);
      if (order === 0) return true;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return false;
  }
}
