import { AnchorFinder } from './anchors';
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
