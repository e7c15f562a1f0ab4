import type { FileIdentity } from '../model/stamp';
import type { ReadableVersion } from '../model/historyStore';

/** A path with a file that the history does not have there. */
export interface Arrival {
  readonly path: string;
  readonly identity: FileIdentity | undefined;
  /** In bytes; undefined when only reading shows it. */
  readonly size: number | undefined;
  /** The history has another file at this path. */
  readonly isTaken: boolean;
  /** The path from which an editor moved it. */
  readonly movedFrom: string | undefined;
  /** It is not quiet yet, so its content is no evidence. */
  readonly waits: boolean;
}

/** A path that no longer has the file of the history. */
export interface Departure {
  readonly path: string;
  readonly identity: FileIdentity | undefined;
  /** Nothing is at the path now; otherwise another file is. */
  readonly isMissing: boolean;
  /** The newest version. */
  readonly version: ReadableVersion;
}

/** The departed file that an arrived file is, by the path of the arrival. */
export type Moves = ReadonlyMap<string, Departure>;

/** Files exchanged in a ring are stored together; this bounds the contents held in memory. */
const maxRing = 32;

/**
 * The certain moves: an editor reported them, or the file system shows the same file. A path that has a file before and
 * after keeps its history, unless the file it had is found elsewhere and the one it has now came from elsewhere: a
 * chain of moves that ends at a free path and begins with a path that was left, or a ring.
 */
export function certainMoves(arrivals: readonly Arrival[], departures: readonly Departure[]): Moves {
  const byPath = new Map(departures.map((departure) => [departure.path, departure]));
  const byIdentity = uniqueBy(departures, ({ identity }) => identity);
  const claims = new Map<string, Departure>();
  for (const { path, identity, movedFrom } of arrivals) {
    const movedByEditor = movedFrom === undefined ? undefined : byPath.get(movedFrom);
    const source = movedByEditor ?? (identity === undefined ? undefined : byIdentity.get(identity));
    if (source && source.path !== path) claims.set(path, source);
  }
  const taken = new Set(arrivals.filter(({ isTaken }) => isTaken).map(({ path }) => path));
  const moves = new Map<string, Departure>();
  for (const { paths, isRing } of chainsOf(uniqueClaims(claims))) {
    const [last = ''] = paths;
    const first = claims.get(paths.at(-1) ?? '');
    const isWhole = isRing ? paths.length <= maxRing : !taken.has(last) && first?.isMissing === true;
    for (const path of isWhole ? paths : []) {
      const source = claims.get(path);
      if (source) moves.set(path, source);
    }
  }
  return moves;
}

/** Moves that depend on each other, by their new paths. */
export interface Chain {
  /** Each path is left by its file before the next file arrives. */
  readonly paths: readonly string[];
  /** The file at the first path has moved to the last: none of the moves can go first. */
  readonly isRing: boolean;
}

export function* chainsOf(moves: Moves): Generator<Chain> {
  const takers = new Map([...moves].map(([path, source]) => [source.path, path]));
  const seen = new Set<string>();
  for (const start of moves.keys()) {
    if (seen.has(start)) continue;
    let last = start;
    for (let next = takers.get(last); next !== undefined && next !== start; next = takers.get(last)) last = next;
    const paths: string[] = [];
    let path: string | undefined = last;
    while (path !== undefined && moves.has(path) && !seen.has(path)) {
      seen.add(path);
      paths.push(path);
      path = moves.get(path)?.path;
    }
    yield { paths, isRing: path === last };
  }
}

/** Without moves that claim the same source: a file moves to one path only. */
function uniqueClaims(claims: ReadonlyMap<string, Departure>): Moves {
  const bySource = uniqueBy([...claims], ([, source]) => source.path);
  return new Map(bySource.values());
}

/** Items by key, without keys that several items have. */
function uniqueBy<K, T>(list: readonly T[], keyOf: (item: T) => K | undefined): Map<K, T> {
  const found = new Map<K, T>();
  const repeated = new Set<K>();
  for (const item of list) {
    const key = keyOf(item);
    if (key === undefined) continue;
    if (found.has(key)) repeated.add(key);
    found.set(key, item);
  }
  for (const key of repeated) found.delete(key);
  return found;
}

/**
 * Pairs of two lists that are clearly each other's best: no pair if a runner-up on either side is closer than `lead`.
 * `scores[i][j]` is how well `left[i]` and `right[j]` fit; a pair below `least` does not fit.
 */
export function mutualBest(
  scores: readonly (readonly number[])[],
  { least, lead }: { readonly least: number; readonly lead: number },
): [number, number][] {
  const width = scores[0]?.length ?? 0;
  const bestLeft = Array.from({ length: width }, (_, column) =>
    clearBest(
      scores.map((row) => row[column] ?? 0),
      lead,
    ),
  );
  return scores.flatMap((row, index): [number, number][] => {
    const best = clearBest(row, lead);
    const fits = best !== undefined && (row[best] ?? 0) >= least && bestLeft[best] === index;
    return fits ? [[index, best]] : [];
  });
}

function clearBest(scores: readonly number[], lead: number): number | undefined {
  let best: number | undefined;
  let second = -Infinity;
  scores.forEach((score, index) => {
    const top = best === undefined ? -Infinity : (scores[best] ?? 0);
    if (score > top) {
      second = top;
      best = index;
    } else {
      second = Math.max(second, score);
    }
  });
  return best !== undefined && (scores[best] ?? 0) - second >= lead ? best : undefined;
}
