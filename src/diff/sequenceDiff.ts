import { MiddleFinder, type EditPoint, type Stretch } from './middle';

/** The most edits from either end for which a shortest script of a stretch is searched. */
const maxCost = 256;
/** The same after the effort is used up. */
const frugalCost = 16;
/** The most search steps, about 20 ms; the frugal search may use as many again. */
const effortFor = (elements: number): number => 2_000_000 + 8 * elements;

/** The edits from one sequence to another. */
export interface Script {
  /** For each element of the first sequence: 1 if it is removed, else 0. */
  readonly removed: Uint8Array;
  /** For each element of the second sequence: 1 if it is added, else 0. The other elements of both are equal. */
  readonly added: Uint8Array;
  /** The number of elements visited during the search. */
  readonly steps: number;
}

/**
 * Compares two sequences of integers (`0 <= element < elements`). A stretch with up to about 500 differing elements
 * gets a shortest script. A larger one is split at elements that occur once on each side or, without such, at the
 * furthest point of the search; what remains when the effort is used up is replaced as a whole. The result is correct
 * in every case.
 */
export function diffSequences(a: Int32Array, b: Int32Array, elements: number): Script {
  return new SequenceDiff(a, b, elements).run();
}

/** A stretch that is not compared yet. */
interface OpenStretch extends Stretch {
  /** Anchors are searched when the stretch has at most this many elements. */
  readonly anchorsBelow: number;
}

class SequenceDiff {
  private readonly removed: Uint8Array;
  private readonly added: Uint8Array;
  private readonly middles: MiddleFinder;
  private readonly anchors: AnchorFinder;
  private readonly effort: number;
  private readonly open: OpenStretch[] = [];

  constructor(
    private readonly a: Int32Array,
    private readonly b: Int32Array,
    elements: number,
  ) {
    this.removed = new Uint8Array(a.length);
    this.added = new Uint8Array(b.length);
    this.middles = new MiddleFinder(a, b);
    this.anchors = new AnchorFinder(a, b, elements);
    this.effort = effortFor(a.length + b.length);
  }

  run(): Script {
    const { a, b, open } = this;
    open.push({ aStart: 0, aEnd: a.length, bStart: 0, bEnd: b.length, anchorsBelow: Infinity });
    for (let next = open.pop(); next !== undefined; next = open.pop()) this.compare(trim(a, b, next));
    return { removed: this.removed, added: this.added, steps: this.middles.steps + this.anchors.steps };
  }

  private compare(stretch: OpenStretch): void {
    const { aStart, aEnd, bStart, bEnd } = stretch;
    const isFrugal = this.middles.steps >= this.effort;
    const maxSteps = isFrugal ? 2 * this.effort : this.effort;
    if (aStart === aEnd || bStart === bEnd || this.middles.steps >= maxSteps) {
      this.removed.fill(1, aStart, aEnd);
      this.added.fill(1, bStart, bEnd);
      return;
    }
    const middle = this.middles.find(stretch, isFrugal ? frugalCost : maxCost, maxSteps);
    const length = aEnd - aStart + (bEnd - bStart);
    if (middle.isOptimal || length > stretch.anchorsBelow) {
      this.cut(stretch, [middle], stretch.anchorsBelow);
    } else {
      const anchors = this.anchors.find(stretch);
      // Halving bounds the search for anchors by n log n, whatever it finds.
      this.cut(stretch, anchors.length > 0 ? anchors : [middle], length / 2);
    }
  }

  /** Splits a stretch at the points; its parts are compared separately. */
  private cut(stretch: Stretch, points: readonly EditPoint[], anchorsBelow: number): void {
    let { aStart, bStart } = stretch;
    for (const { x, y } of points) {
      this.open.push({ aStart, aEnd: x, bStart, bEnd: y, anchorsBelow });
      [aStart, bStart] = [x, y];
    }
    this.open.push({ ...stretch, aStart, bStart, anchorsBelow });
  }
}

/** Removes the common start and end of both sides. */
function trim(a: Int32Array, b: Int32Array, stretch: OpenStretch): OpenStretch {
  let { aStart, aEnd, bStart, bEnd } = stretch;
  while (aStart < aEnd && bStart < bEnd && a[aStart] === b[bStart]) {
    aStart++;
    bStart++;
  }
  while (aStart < aEnd && bStart < bEnd && a[aEnd - 1] === b[bEnd - 1]) {
    aEnd--;
    bEnd--;
  }
  return { ...stretch, aStart, aEnd, bStart, bEnd };
}

/**
 * Finds the elements that occur exactly once on each side of a stretch, and keeps a longest sequence of them in the
 * same order on both sides, as Bram Cohen's patience diff does.
 */
export class AnchorFinder {
  /** Elements visited so far. */
  steps = 0;
  /** By element: 0 if not seen, its position plus one if seen once, -1 if seen again. */
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

/** A longest subsequence of candidates (ascending in `x`) that also ascends in `y`, by patience sorting. */
function longestAscending(candidates: readonly EditPoint[]): EditPoint[] {
  /** By length minus one: the candidate with the lowest `y` that ends a subsequence of that length. */
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
