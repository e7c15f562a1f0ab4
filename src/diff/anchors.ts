import type { EditPoint, Stretch } from './middle';

/**
 * Finds the elements that occur exactly once on each side of a stretch, and keeps a longest row of them that has the
 * same order on both sides, as Bram Cohen's patience diff does.
 */
export class AnchorFinder {
  /** Elements looked at so far. */
  steps = 0;
  /** By element: 0 when not seen, its position plus one when seen once, -1 when seen again. */
  private readonly inA: Int32Array;
  private readonly inB: Int32Array;

  /** Elements are `0 <= element < elements`. */
  constructor(
    private readonly a: Int32Array,
    private readonly b: Int32Array,
    elements: number,
  ) {
    this.inA = new Int32Array(elements);
    this.inB = new Int32Array(elements);
  }

  /** In ascending order on both sides. */
  find({ aStart, aEnd, bStart, bEnd }: Stretch): EditPoint[] {
    this.steps += aEnd - aStart + (bEnd - bStart);
    note(this.a, aStart, aEnd, this.inA);
    note(this.b, bStart, bEnd, this.inB);
    const candidates: EditPoint[] = [];
    for (let x = aStart; x < aEnd; x++) {
      const id = this.a[x] as number;
      const y = (this.inB[id] as number) - 1;
      if (this.inA[id] === x + 1 && y >= 0) candidates.push({ x, y });
    }
    for (let x = aStart; x < aEnd; x++) this.inA[this.a[x] as number] = 0;
    for (let y = bStart; y < bEnd; y++) this.inB[this.b[y] as number] = 0;
    return longestAscending(candidates);
  }
}

function note(sequence: Int32Array, start: number, end: number, seen: Int32Array): void {
  for (let i = start; i < end; i++) {
    const id = sequence[i] as number;
    seen[id] = seen[id] === 0 ? i + 1 : -1;
  }
}

/** A longest row of candidates (ascending in `x`) that ascends in `y` too, by patience sorting. */
function longestAscending(candidates: readonly EditPoint[]): EditPoint[] {
  /** By length of a row less one: the candidate with the lowest `y` that ends such a row. */
  const ends: number[] = [];
  const before = new Int32Array(candidates.length);
  const yOf = (index: number): number => (candidates[index] as EditPoint).y;
  candidates.forEach(({ y }, index) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (yOf(ends[middle] as number) < y) low = middle + 1;
      else high = middle;
    }
    before[index] = low === 0 ? -1 : (ends[low - 1] as number);
    ends[low] = index;
  });
  const row: EditPoint[] = [];
  for (let index = ends.at(-1) ?? -1; index >= 0; index = before[index] as number)
    row.push(candidates[index] as EditPoint);
  return row.reverse();
}
