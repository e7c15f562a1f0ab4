/** Pieces into which a list is cut, to leave out one at a time. */
const pieceCounts = [2, 4, 8];
/** Single items are left out of a list of at most so many, and only then. */
const maxSingles = 24;

/** What still fails, and how. */
export interface Failing<T, F> {
  readonly items: readonly T[];
  readonly failure: F;
}

/**
 * Leaves out items of a list that fails for as long as it still fails, at most so many rounds. A round tries many
 * shorter lists side by side: `run` resolves with how each fails, if it does.
 */
export async function shrink<T, F>(
  first: Failing<T, F>,
  run: (lists: readonly (readonly T[])[]) => Promise<readonly (F | undefined)[]>,
  maxRounds: number,
): Promise<Failing<T, F>> {
  let best = first;
  for (let round = 0; round < maxRounds && best.items.length > 1; round++) {
    const lists = shorter(best.items);
    const failures = await run(lists);
    const failing = lists.flatMap((items, index) => {
      const failure = failures[index];
      return failure === undefined ? [] : [{ items, failure }];
    });
    const [shortest] = failing.sort((a, b) => a.items.length - b.items.length);
    if (!shortest) break;
    best = shortest;
  }
  return best;
}

/** The list without each half, quarter and eighth, and a short one without each of its items. */
function shorter<T>(items: readonly T[]): T[][] {
  const counts = items.length <= maxSingles ? [...pieceCounts, items.length] : pieceCounts;
  const lists = counts.flatMap((count) => {
    const size = Math.ceil(items.length / count);
    const pieces = Math.ceil(items.length / size);
    return Array.from({ length: pieces }, (_, piece) =>
      items.filter((_item, index) => Math.floor(index / size) !== piece),
    );
  });
  const unique = new Map(lists.map((list) => [list.map((item) => items.indexOf(item)).join(), list]));
  return [...unique.values()];
}
