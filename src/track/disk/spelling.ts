import { readdirSync } from 'node:fs';
import type { Clock } from '../../base/clock';
import type { ClientEvent } from '../../model/changeHint';
import { inodeOf, isCaseBlindIn, type InodeOf } from '../../rules/caseBlind';

/** The calls for reading names. */
export interface NamePort {
  readonly inoOf: InodeOf;
  list(folder: string): string[];
}

/** How long (ms) the listing of a folder is reused; queries come long after the event that caused them. */
const listedForMs = 100;
const maxListed = 1_000;
/** A folder is listed again for a missing name after this many times of what listing it took. */
const pauseFactor = 2;

interface Listing {
  readonly names: ReadonlySet<string>;
  readonly at: number;
  readonly tookMs: number;
}

/**
 * Whether paths are spelled like their files. On a case-insensitive disk, the old name of a file that was renamed only
 * in case still leads to it, though the file no longer has that name.
 */
export class Spelling {
  private isCaseBlind: boolean | undefined;
  private readonly listed = new Map<string, Listing>();

  constructor(
    /** Absolute path of the workspace folder. */
    private readonly root: string,
    private readonly clock: Pick<Clock, 'elapsed'>,
    private readonly names: NamePort = nodeNames,
  ) {}

  /** Composed and decomposed characters are equal: VS Code reports the former where the disk has the latter. */
  isRight(path: string): boolean {
    if (!this.ignoresCase) return true;
    let folder = this.root;
    for (const name of path.split('/')) {
      if (!this.has(folder, name.normalize())) return false;
      folder = `${folder}/${name}`;
    }
    return true;
  }

  /**
   * The path as its file, and each folder above it, is named on a disk that ignores case. What does not exist keeps its
   * spelling.
   */
  onDisk(path: string): string {
    if (!this.ignoresCase) return path;
    let folder = this.root;
    const spelled = path.split('/').map((name) => {
      const found = this.nameIn(folder, name);
      folder = `${folder}/${found}`;
      return found;
    });
    return spelled.join('/');
  }

  private nameIn(folder: string, name: string): string {
    try {
      if (this.has(folder, name.normalize())) return name;
      return [...this.namesIn(folder)].find((each) => keyOf(each) === keyOf(name)) ?? name;
    } catch {
      // There is no such folder, or it cannot be read.
      return name;
    }
  }

  /** On a case-sensitive disk this costs two `stat` calls, once. */
  get ignoresCase(): boolean {
    return (this.isCaseBlind ??= isCaseBlindIn(this.root, this.names.inoOf)) === true;
  }

  /** A file may have been created since its folder was listed. */
  private has(folder: string, name: string): boolean {
    if (this.namesIn(folder).has(name)) return true;
    const { at = 0, tookMs = 0 } = this.listed.get(folder) ?? {};
    const mayBeNew = this.clock.elapsed() - at > pauseFactor * tookMs;
    if (!mayBeNew || this.names.inoOf(`${folder}/${name}`) === undefined) return false;
    this.listed.delete(folder);
    return this.namesIn(folder).has(name);
  }

  private namesIn(folder: string): ReadonlySet<string> {
    const at = this.clock.elapsed();
    const known = this.listed.get(folder);
    if (known && at - known.at <= listedForMs) return known.names;
    if (this.listed.size >= maxListed) this.listed.clear();
    const names = new Set(this.names.list(folder).map((name) => name.normalize()));
    this.listed.set(folder, { names, at, tookMs: this.clock.elapsed() - at });
    return names;
  }
}

function keyOf(name: string): string {
  return name.normalize().toLowerCase();
}

const nodeNames: NamePort = {
  inoOf: inodeOf,
  list: (folder) => readdirSync(folder),
};

/**
 * Events of an editor with the paths that their files have on a disk that ignores case: an editor may have opened a file
 * in any spelling. A path that is reported as changed keeps its own as well, since its file may have been renamed.
 */
export function spelledEvents(
  events: readonly ClientEvent[],
  spelling: Pick<Spelling, 'ignoresCase' | 'onDisk'>,
): readonly ClientEvent[] {
  if (!spelling.ignoresCase) return events;
  return events.flatMap((event): ClientEvent[] => {
    if (!('path' in event) || event.type === 'move across') return [event];
    const spelled = { ...event, path: spelling.onDisk(event.path) };
    return event.type === 'change' && spelled.path !== event.path ? [event, spelled] : [spelled];
  });
}
