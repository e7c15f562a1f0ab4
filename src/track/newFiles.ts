import type { Head, HistoryStore } from '../model/historyStore';
import { mayHaveMoved, type Candidate } from './candidate';
import type { DiskEntry } from './disk/disk';
import type { KnownIdentities } from './knownIdentities';
import { isDifferent, type MoveFinder, type SearchableDisk, type Source } from './moveFinder';
import { chainsOf, type Arrival } from './moves';

/** A file that is new at its path, and the file of the history that moved there, if one did. */
export interface PlacedFile {
  readonly candidate: Candidate;
  readonly source: Source | undefined;
}

interface Came {
  readonly candidate: Candidate;
  readonly arrival: Arrival;
}

export interface NewFilesDeps {
  readonly store: HistoryStore;
  readonly disk: SearchableDisk;
  readonly identities: KnownIdentities;
  readonly finder: MoveFinder;
  readonly mayRecord: (candidate: Candidate) => boolean;
}

/**
 * Files that are new at their paths, held back until the departed files are known, which shows which of them moved.
 */
export class NewFiles {
  private readonly came = new Map<string, Came>();

  constructor(private readonly deps: NewFilesDeps) {}

  /** The number of kept files. */
  get size(): number {
    return this.came.size;
  }

  /** Whether a file is known to differ from the one that the history has at its path; if so, keeps it. */
  keep(candidate: Candidate, head: Head | undefined, entry: DiskEntry): boolean {
    const came = this.cameTo(candidate, head, entry);
    if (came) this.came.set(candidate.path, came);
    return came !== undefined;
  }

  /**
   * The kept files, in an order in which each path is left before another file arrives; several in one step belong
   * together. Waiting candidates are included only where their move is part of it.
   */
  async place(gone: readonly Candidate[], waiting: readonly Candidate[]): Promise<PlacedFile[][]> {
    const all = new Map([...(await this.waitingCame(waiting)), ...this.came]);
    if (all.size === 0) return [];
    const { finder } = this.deps;
    const taken = [...all.values()].filter(({ arrival }) => arrival.isTaken).map(({ arrival }) => arrival.path);
    const left = new Set([...gone, ...waiting].map(({ path }) => path).concat(taken));
    const departures = await finder.departures([...left]);
    const moves = await finder.find(
      [...all.values()].map(({ arrival }) => arrival),
      departures,
    );
    const placed = (path: string): PlacedFile[] => {
      const candidate = all.get(path)?.candidate;
      return candidate ? [{ candidate, source: moves.get(path) }] : [];
    };
    const isDue = this.dueFrom(gone);
    const chains = [...chainsOf(moves)].filter(({ paths }) => paths.some((path) => isDue(path, moves.get(path)?.path)));
    const others = [...this.came.keys()].filter((path) => !moves.has(path));
    const steps = chains.flatMap(({ paths, isRing }) => (isRing ? [paths.flatMap(placed)] : paths.map(placed)));
    return [...steps, ...others.map(placed)];
  }

  /** The kept files, without their sources. */
  unplaced(): PlacedFile[][] {
    return [...this.came.values()].map(({ candidate }) => [{ candidate, source: undefined }]);
  }

  /** Whether a move is of a file that is due, by either of its paths. */
  private dueFrom(gone: readonly Candidate[]): (path: string, from: string | undefined) => boolean {
    const paths = new Set(gone.map(({ path }) => path));
    return (path, from) => this.came.has(path) || (from !== undefined && isAtOrBelow(from, paths));
  }

  private async waitingCame(waiting: readonly Candidate[]): Promise<Map<string, Came>> {
    const { store, disk, mayRecord } = this.deps;
    const found = new Map<string, Came>();
    for (const candidate of waiting.filter(mayRecord)) {
      const { path } = candidate;
      const came = this.cameTo(candidate, await store.head(path), await disk.entry(path));
      if (came) found.set(path, came);
    }
    return found;
  }

  private cameTo(candidate: Candidate, head: Head | undefined, entry: DiskEntry): Came | undefined {
    if (!mayHaveMoved(candidate)) return undefined;
    const { path, movedFrom, waits = false } = candidate;
    const isTaken = head !== undefined;
    if (entry.state !== 'file') {
      // A link: the identity of its target says nothing about a move.
      if (entry.state !== 'other' || isTaken || waits) return undefined;
      return { candidate, arrival: { path, identity: undefined, size: undefined, isTaken, movedFrom, waits } };
    }
    const { identity, size } = entry;
    if (isTaken && !isDifferent(this.deps.identities.of(head), identity)) return undefined;
    return { candidate, arrival: { path, identity, size, isTaken, movedFrom, waits } };
  }
}

function isAtOrBelow(path: string, folders: ReadonlySet<string>): boolean {
  if (folders.has(path)) return true;
  const cut = path.lastIndexOf('/');
  return cut > 0 && isAtOrBelow(path.slice(0, cut), folders);
}
