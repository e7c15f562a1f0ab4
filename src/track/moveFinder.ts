import type { Clock } from '../base/clock';
import type { OptionalWork } from '../base/optionalWork';
import type { FileIdentity } from '../model/stamp';
import type { ReadableVersion, Head, HistoryStore } from '../model/historyStore';
import type { Disk, Observation } from './disk/disk';
import { mayHaveMoved, type Candidate } from './candidate';
import { commonTail, fingerprintOf, similarities, type Fingerprint } from './similarity';
import { sha256Of } from '../base/sha256';
import type { KnownIdentities } from './knownIdentities';
import { certainMoves, mutualBest, type Arrival, type Departure, type Moves } from './moves';

/** The part of a disk that the search for moves uses; it never rejects, see {@link searchable}. */
export type SearchableDisk = Pick<Disk, 'observe' | 'entry'>;

export interface MoveFinderDeps {
  readonly store: HistoryStore;
  readonly disk: SearchableDisk;
  readonly clock: Clock;
  readonly identities: KnownIdentities;
  /** Called with what was skipped because it would have cost too much. */
  readonly onSkipped: (what: string) => void;
  readonly optional: OptionalWork;
}

/** The {@link OptionalWork} that finds out where files came from. */
export const moveSearch = 'where some files came from';

/** The path a file came from, and its newest version there. */
export interface Source {
  readonly path: string;
  readonly version: ReadableVersion;
}

/** Editors and shells report the two halves of a move within this time. */
const recentMs = 5_000;
/** More files than this with one content (licence headers, empty modules) are too many to tell apart. */
const maxEqual = 50;
/** Bounds of the comparison by lines: files on each side, bytes of one file, bytes of a side. */
const maxCompared = { files: 100, fileBytes: 1_000_000, bytes: 8_000_000 };
/** A moved and changed file keeps at least this share of its lines, and `lead` more than the next best candidate. */
const alike = { least: 0.6, lead: 0.1 };
/** Fewer common bytes are no evidence: short files are similar by chance. */
const minSharedBytes = 64;

/**
 * Finds out which files of the history the files at new paths are. In the order of precedence: an editor reported the
 * move; the file system shows the same file; the same bytes; most of the same lines. Each file is the source of at most
 * one move. In doubt there is no move, because a wrong pairing is worse.
 */
export class MoveFinder {
  private readonly taken = new Set<string>();

  constructor(private readonly deps: MoveFinderDeps) {}

  /** The files that left these paths and the paths below them. */
  async departures(paths: readonly string[]): Promise<Departure[]> {
    const { store } = this.deps;
    const found = new Map<string, Departure>();
    for (const path of paths) {
      const own = await store.head(path);
      for (const head of [...(own ? [own] : []), ...(await store.heads(path))]) {
        if (found.has(head.version.path)) continue;
        const departure = await this.departureOf(head);
        if (departure) found.set(departure.path, departure);
      }
    }
    return [...found.values()];
  }

  /** The moves among files that came and files that went. */
  async find(arrivals: readonly Arrival[], departures: readonly Departure[]): Promise<Moves> {
    const moves = new Map(certainMoves(arrivals, departures));
    const certain = new Set([...moves.values()].map(({ path }) => path));
    // A departed file that is found elsewhere has not become another file, even if it took a path that keeps its own
    // history.
    const seen = new Set(arrivals.map(({ identity }) => identity));
    const isElsewhere = ({ identity }: Departure): boolean => identity !== undefined && seen.has(identity);
    const left = departures.filter((each) => each.isMissing && !certain.has(each.path) && !isElsewhere(each));
    const strangers = arrivals.filter(({ path, isTaken, waits }) => !isTaken && !waits && !moves.has(path));
    if (left.length > 0 && strangers.length > 0) {
      await this.deps.optional.run(moveSearch, () => this.findByContent(strangers, left, moves));
    }
    for (const { path } of [...departures, ...moves.values()]) this.taken.add(path);
    return moves;
  }

  /**
   * The source of a file that arrived alone, because its old path was not reported yet or is already recorded as
   * deleted. Files that `find` was called with are not considered again.
   */
  async findLate(candidate: Candidate, hash: string, identity: FileIdentity | undefined): Promise<Source | undefined> {
    if (!mayHaveMoved(candidate)) return undefined;
    const { path, movedFrom } = candidate;
    const named = movedFrom === undefined ? undefined : await this.editorSource(movedFrom);
    const source = named ?? (await this.equalSource(path, hash, identity));
    if (source) this.taken.add(source.path);
    return source;
  }

  /** Undefined while the file of the history is still there. */
  private async departureOf({ version, stamp }: Head): Promise<Departure | undefined> {
    const { path } = version;
    const identity = this.deps.identities.of({ version, ...(stamp !== undefined && { stamp }) });
    const entry = await this.deps.disk.entry(path);
    const isMissing = entry.state === 'missing' || entry.state === 'directory';
    const isAnother = entry.state === 'file' && isDifferent(identity, entry.identity);
    return isMissing || isAnother ? { path, identity, isMissing, version } : undefined;
  }

  private async findByContent(
    strangers: readonly Arrival[],
    departures: readonly Departure[],
    moves: Map<string, Departure>,
  ): Promise<void> {
    const groups = byContent(departures);
    const sizes = new Set(departures.map(({ version }) => version.size));
    const changed: string[] = [];
    for (const { path, size } of strangers) {
      const mayBeEqual = size === undefined || sizes.has(size);
      const observation = mayBeEqual ? await this.deps.disk.observe(path) : undefined;
      const group = observation?.state === 'file' ? groups.get(sha256Of(observation.bytes)) : undefined;
      if (group) group.paths.push(path);
      else changed.push(path);
    }
    for (const group of groups.values()) pairEqual(group, moves);
    const paired = new Set(moves.values());
    const left = departures.filter((departure) => !paired.has(departure) && hasContent(departure.version));
    await this.findAlike(changed, left, moves);
  }

  private async findAlike(
    paths: readonly string[],
    sources: readonly Departure[],
    moves: Map<string, Departure>,
  ): Promise<void> {
    if (paths.length === 0 || sources.length === 0) return;
    const { disk, onSkipped } = this.deps;
    const isTooMuch = Math.max(paths.length, sources.length) > maxCompared.files;
    const before = isTooMuch ? undefined : await fingerprints(sources, (source) => this.contentOf(source));
    const after = before && (await fingerprints(paths, async (path) => bytesOf(await disk.observe(path))));
    if (!before || !after) {
      onSkipped(
        `${sources.length} files went and ${paths.length} came at once, changed: too much to compare, so no history goes on under a new name.`,
      );
      return;
    }
    const scores = similarities(after, before).map((row, index) =>
      row.map((score, column) => {
        const larger = Math.max(after[index]?.size ?? 0, before[column]?.size ?? 0);
        return score * larger < minSharedBytes ? 0 : score;
      }),
    );
    for (const [index, column] of mutualBest(scores, alike)) {
      const [path, source] = [paths[index], sources[column]];
      if (path !== undefined && source) moves.set(path, source);
    }
  }

  /** Empty if it cannot be read, so that it is similar to nothing. */
  private async contentOf({ version }: Departure): Promise<Uint8Array> {
    const { store, optional } = this.deps;
    return (await optional.run(moveSearch, () => store.content(version.id))) ?? new Uint8Array();
  }

  /** The file that an editor reported as moved, unless another is at its path. */
  private async editorSource(path: string): Promise<Source | undefined> {
    const { store, disk } = this.deps;
    if (this.taken.has(path) || (await disk.entry(path)).state !== 'missing') return undefined;
    const [version] = await store.versions(path, { limit: 1 });
    const isRecent = version?.kind !== 'deleted' || this.isRecent(version);
    return version?.path === path && isRecent ? { path, version } : undefined;
  }

  /** Not of a time to come either, which it has if the clock was set back since. */
  private isRecent({ time }: ReadableVersion): boolean {
    return Math.abs(this.deps.clock.now() - time) <= recentMs;
  }

  /**
   * The file with the same bytes: the same file on disk, else the one with the longest common end of the path, and none
   * if two have it. While a file with these bytes still exists, this one may be its copy, and only the identity on disk
   * counts.
   */
  private async equalSource(
    path: string,
    hash: string,
    identity: FileIdentity | undefined,
  ): Promise<Source | undefined> {
    if (hash === emptyHash) return undefined;
    const equal = (await this.equalFiles(hash)).filter((file) => file.path !== path && !this.taken.has(file.path));
    if (equal.length > maxEqual) return undefined;
    const entries = await Promise.all(equal.map((file) => this.deps.disk.entry(file.path)));
    const gone = equal.filter((_, index) => entries[index]?.state === 'missing');
    const same = identity === undefined ? undefined : gone.find((file) => file.identity === identity);
    if (same || gone.length < equal.length) return same;
    const [best] = mutualBest([gone.map((file) => commonTail(path, file.path))], { least: 0, lead: 1 });
    return best && gone[best[1]];
  }

  /** The files that have these bytes, or had them when they were deleted recently. */
  private async equalFiles(hash: string): Promise<(Source & { readonly identity: FileIdentity | undefined })[]> {
    const { store, clock, identities } = this.deps;
    const heads = await store.headsOf(hash, maxEqual + 1);
    const deletions = (await store.deletionsOf(hash, clock.now() - recentMs, maxEqual + 1)).filter(
      (version) => this.isRecent(version) && !identities.isElsewhere(version.previous),
    );
    const files = [
      ...heads.map((head) => ({ version: head.version, identity: identities.of(head) })),
      ...deletions.map((version) => ({ version, identity: identities.noted(version.previous) })),
    ];
    const byPath = new Map(files.map((file) => [file.version.path, { path: file.version.path, ...file }]));
    return [...byPath.values()];
  }
}

/** A disk for the search: what cannot be read counts as something other than a file, which has not moved. */
export function searchable(disk: Disk, optional: OptionalWork): SearchableDisk {
  return {
    observe: (path) => disk.observe(path),
    entry: async (path) => (await optional.run(moveSearch, () => disk.entry(path))) ?? { state: 'other' },
  };
}

/** Whether two files are known to be different. */
export function isDifferent(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

const emptyHash = sha256Of(new Uint8Array());

function hasContent({ sha256: hash, unstored, size }: ReadableVersion): boolean {
  return hash !== undefined && unstored === undefined && size > 0;
}

/** Departed files with one content, and the paths that have that content now. */
interface EqualFiles {
  readonly sources: Departure[];
  readonly paths: string[];
}

/** The departed files by hash, without empty files. */
function byContent(departures: readonly Departure[]): Map<string, EqualFiles> {
  const groups = new Map<string, EqualFiles>();
  for (const source of departures) {
    const { sha256: hash, size } = source.version;
    if (hash === undefined || size === 0) continue;
    const group = groups.get(hash) ?? { sources: [], paths: [] };
    group.sources.push(source);
    groups.set(hash, group);
  }
  return groups;
}

function pairEqual({ paths, sources }: EqualFiles, moves: Map<string, Departure>): void {
  if (Math.max(paths.length, sources.length) > maxEqual) return;
  const scores = paths.map((path) => sources.map((source) => commonTail(path, source.path)));
  for (const [index, column] of mutualBest(scores, { least: 0, lead: 1 })) {
    const [path, source] = [paths[index], sources[column]];
    if (path !== undefined && source) moves.set(path, source);
  }
}

/** Undefined when the files are too large. */
async function fingerprints<T>(
  files: readonly T[],
  read: (file: T) => Promise<Uint8Array>,
): Promise<Fingerprint[] | undefined> {
  const found: Fingerprint[] = [];
  let total = 0;
  for (const file of files) {
    const bytes = await read(file);
    total += bytes.length;
    if (bytes.length > maxCompared.fileBytes || total > maxCompared.bytes) return undefined;
    found.push(fingerprintOf(bytes));
  }
  return found;
}

/** Empty for a file that vanished meanwhile, so that it is similar to nothing. */
function bytesOf(observation: Observation): Uint8Array {
  return observation.state === 'file' ? observation.bytes : new Uint8Array();
}
