import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { OptionalWork } from '../../base/optionalWork';
import { GitFiles } from './gitFiles';

/**
 * The most packs that are read, the most file names among which they are searched, and the largest index of a pack.
 */
const maxPacks = 200;
const maxNames = 10_000;
const maxIndexBytes = 512 << 20;
const hashBytes = 20;
const fanoutBytes = 8 + 256 * 4;

/** An open index of a pack, sorted by hash; format 2 of `git help format-pack`. */
interface Pack {
  readonly descriptor: number;
  /** By byte: how many hashes begin with it or a smaller one. */
  readonly fanout: readonly number[];
}

/**
 * Finds out whether git has certain bytes among its objects, from loose objects and the indexes of packs. git is not
 * run. A repository that uses SHA-256, or whose files cannot be read, counts as having none.
 */
export class GitObjects {
  private readonly packs: Pack[] = [];
  private readonly folder: string;

  /** For the repository with this git folder. */
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

  /** If a file cannot be read, only its objects are missing. */
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
