import { MiddleFinder, type EditPoint, type Stretch } from './middle';

/** Edits from either end after which a shortest script of a stretch is no longer searched for. */
const maxCost = 256;
/** The same once the effort is spent. */
const frugalCost = 16;
/** Steps of search that may be spent, about 20 ms; as many again are left for frugal search. */
const effortFor = (elements: number): number => 2_000_000 + 8 * elements;

/** How one sequence becomes another. */
export interface Script {
  /** For each element of the one sequence 1 if it is removed, else 0. */
  readonly removed: Uint8Array;
  /** For each element of the other sequence 1 if it is added; the rest of both is the same. */
  readonly added: Uint8Array;
  /** How many elements were looked at, over and over, to find it. */
  readonly steps: number;
}

/**
 * Compares two sequences of integers (`0 <= element < elements`). A stretch that differs in up to about 500 elements
 * gets a shortest script. One that differs in more is split at elements that occur once on each side or, without such,
 * where the search came furthest; what is left when all effort is spent is replaced. It is correct in every case.
 */
export function diffSequences(a: Int32Array, b: Int32Array, elements: number): Script {
  return new SequenceDiff(a, b, elements).run();
}

/** A stretch still to be compared. */
interface OpenStretch extends Stretch {
  /** Anchors are looked for once the stretch has at most so many elements. */
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
      // Halving keeps the search for anchors in n log n, whatever it finds.
      this.cut(stretch, anchors.length > 0 ? anchors : [middle], length / 2);
    }
  }

  /** Leaves the parts of a stretch before, between and from the points on to be compared by themselves. */
  private cut(stretch: Stretch, points: readonly EditPoint[], anchorsBelow: number): void {
    let { aStart, bStart } = stretch;
    for (const { x, y } of points) {
      this.open.push({ aStart, aEnd: x, bStart, bEnd: y, anchorsBelow });
      [aStart, bStart] = [x, y];
    }
    this.open.push({ ...stretch, aStart, bStart, anchorsBelow });
  }
}

/** Without what both sides begin and end with. */
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
