import { lstatSync, readdirSync } from 'node:fs';
import type { Clock } from '../../base/clock';

/** How a file system is asked for names. */
export interface NamePort {
  /** Which file a path leads to; undefined where there is none. Throws what the file system says. */
  inoOf(file: string): bigint | undefined;
  list(folder: string): string[];
}

/** A folder is listed at most so often (ms); whoever asks does so long after the event that made them. */
const listedForMs = 100;
const maxListed = 1_000;
/** There wherever anything is watched. */
const probe = '.obbywatch';

/**
 * Whether paths are spelled as their files are. On a disk that does not tell upper from lower case, the old name of a
 * file that was renamed in its case alone leads to it still, though the file is not called so any more.
 */
export class Spelling {
  private isCaseBlind: boolean | undefined;
  private readonly listed = new Map<string, ReadonlySet<string>>();
  private listedAt = 0;

  constructor(
    /** Absolute path of the workspace folder. */
    private readonly root: string,
    private readonly clock: Pick<Clock, 'now'>,
    private readonly names: NamePort = nodeNames,
  ) {}

  /** Composed and decomposed characters count as one: VS Code tells the former where the disk has the latter. */
  isRight(path: string): boolean {
    if (!this.mayMislead()) return true;
    let folder = this.root;
    for (const name of path.split('/')) {
      if (!this.namesIn(folder).has(name.normalize())) return false;
      folder = `${folder}/${name}`;
    }
    return true;
  }

  /** Where case matters this costs two looks, once. */
  private mayMislead(): boolean {
    if (this.isCaseBlind !== undefined) return this.isCaseBlind;
    const ino = this.names.inoOf(`${this.root}/${probe}`);
    if (ino === undefined) return false;
    this.isCaseBlind = this.names.inoOf(`${this.root}/${probe.toUpperCase()}`) === ino;
    return this.isCaseBlind;
  }

  private namesIn(folder: string): ReadonlySet<string> {
    const now = this.clock.now();
    if (now - this.listedAt > listedForMs || this.listed.size >= maxListed) {
      this.listed.clear();
      this.listedAt = now;
    }
    const names = this.listed.get(folder) ?? new Set(this.names.list(folder).map((name) => name.normalize()));
    this.listed.set(folder, names);
    return names;
  }
}

const nodeNames: NamePort = {
  inoOf: (file) => lstatSync(file, { bigint: true, throwIfNoEntry: false })?.ino,
  list: (folder) => readdirSync(folder),
};
