import { lstatSync, readdirSync } from 'node:fs';
import type { Clock } from '../../base/clock';

/** The calls for reading names. */
export interface NamePort {
  /** The inode of the file at a path; undefined if there is none. Throws the file system's errors. */
  inoOf(file: string): bigint | undefined;
  list(folder: string): string[];
}

/** How long (ms) the listing of a folder is reused; queries come long after the event that caused them. */
const listedForMs = 100;
const maxListed = 1_000;
/** A file that exists in every watched folder. */
const probe = '.obbywatch';

/**
 * Whether paths are spelled like their files. On a case-insensitive disk, the old name of a file that was renamed only
 * in case still leads to it, though the file no longer has that name.
 */
export class Spelling {
  private isCaseBlind: boolean | undefined;
  private readonly listed = new Map<string, ReadonlySet<string>>();
  private listedAt = 0;

  constructor(
    /** Absolute path of the workspace folder. */
    private readonly root: string,
    private readonly clock: Pick<Clock, 'elapsed'>,
    private readonly names: NamePort = nodeNames,
  ) {}

  /** Composed and decomposed characters are equal: VS Code reports the former where the disk has the latter. */
  isRight(path: string): boolean {
    if (!this.mayMislead()) return true;
    let folder = this.root;
    for (const name of path.split('/')) {
      if (!this.namesIn(folder).has(name.normalize())) return false;
      folder = `${folder}/${name}`;
    }
    return true;
  }

  /** On a case-sensitive disk this costs two `stat` calls, once. */
  private mayMislead(): boolean {
    if (this.isCaseBlind !== undefined) return this.isCaseBlind;
    const ino = this.names.inoOf(`${this.root}/${probe}`);
    if (ino === undefined) return false;
    this.isCaseBlind = this.names.inoOf(`${this.root}/${probe.toUpperCase()}`) === ino;
    return this.isCaseBlind;
  }

  private namesIn(folder: string): ReadonlySet<string> {
    const now = this.clock.elapsed();
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
