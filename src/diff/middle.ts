/** Half-open stretches of both sequences. */
export interface Stretch {
  readonly aStart: number;
  readonly aEnd: number;
  readonly bStart: number;
  readonly bEnd: number;
}

/** Before the element `x` of one sequence and before the element `y` of the other. */
export interface EditPoint {
  readonly x: number;
  readonly y: number;
}

/** Where to cut a stretch in two. */
export interface Middle extends EditPoint {
  /** A shortest script of the whole stretch goes through this point. */
  readonly isOptimal: boolean;
}

/** The points reached after a number of edits, one on every second diagonal `x - y` from `low` to `high`. */
interface Frontier {
  /** The furthest `x` on a diagonal, at `diagonal + zero`. */
  readonly reached: Int32Array;
  low: number;
  high: number;
}

const unreachable = 0x7fffffff;

/** The typed arrays are only read within their bounds here. */
const at = (values: Int32Array, index: number): number => values[index] as number;

/**
 * Finds the middle of a shortest script by searching from both ends in linear space, as in Myers, "An O(ND) Difference
 * Algorithm and Its Variations" (1986).
 */
export class MiddleFinder {
  /** Comparisons and diagonals visited so far. */
  steps = 0;
  private readonly zero: number;
  private readonly forward: Frontier;
  private readonly backward: Frontier;

  constructor(
    private readonly a: Int32Array,
    private readonly b: Int32Array,
  ) {
    this.zero = b.length + 1;
    const diagonals = a.length + b.length + 3;
    this.forward = { reached: new Int32Array(diagonals), low: 0, high: 0 };
    this.backward = { reached: new Int32Array(diagonals), low: 0, high: 0 };
  }

  /**
   * The stretch must not be empty on a side, nor begin or end with equal elements. Gives up after `maxCost` edits from
   * each end, or when `steps` reaches `maxSteps`, and returns the reached point with the most elements behind it.
   */
  find(stretch: Stretch, maxCost: number, maxSteps: number): Middle {
    const { aStart, aEnd, bStart, bEnd } = stretch;
    const start = aStart - bStart;
    const end = aEnd - bEnd;
    this.begin(this.forward, start, aStart);
    this.begin(this.backward, end, aEnd);
    const isOdd = ((start - end) & 1) !== 0;
    for (let cost = 0; cost < maxCost && this.steps < maxSteps; cost++) {
      this.widen(this.forward, stretch, -1);
      const ahead = this.advance(stretch, isOdd);
      if (ahead !== undefined) return ahead;
      this.widen(this.backward, stretch, unreachable);
      const back = this.retreat(stretch, !isOdd);
      if (back !== undefined) return back;
    }
    return this.furthest(stretch);
  }

  private begin(frontier: Frontier, diagonal: number, x: number): void {
    frontier.low = diagonal;
    frontier.high = diagonal;
    frontier.reached[diagonal + this.zero] = x;
  }

  /** Extends the frontier to the neighbouring diagonals, within those of the stretch. */
  private widen(frontier: Frontier, { aStart, aEnd, bStart, bEnd }: Stretch, outside: number): void {
    const { reached } = frontier;
    if (frontier.low > aStart - bEnd) reached[--frontier.low - 1 + this.zero] = outside;
    else frontier.low++;
    if (frontier.high < aEnd - bStart) reached[++frontier.high + 1 + this.zero] = outside;
    else frontier.high--;
  }

  /** One more edit from the start; returns where it meets the search from the end, if that is to be checked now. */
  private advance({ aEnd, bEnd }: Stretch, mayMeet: boolean): Middle | undefined {
    const { a, b, zero, forward, backward } = this;
    const { reached } = forward;
    let steps = 0;
    for (let diagonal = forward.high; diagonal >= forward.low; diagonal -= 2) {
      const removing = at(reached, diagonal - 1 + zero) + 1;
      const adding = at(reached, diagonal + 1 + zero);
      const from = removing > adding ? removing : adding;
      let x = from;
      while (x < aEnd && x - diagonal < bEnd && a[x] === b[x - diagonal]) x++;
      reached[diagonal + zero] = x;
      steps += x - from + 1;
      if (mayMeet && diagonal >= backward.low && diagonal <= backward.high) {
        if (at(backward.reached, diagonal + zero) <= x) return { x, y: x - diagonal, isOptimal: true };
      }
    }
    this.steps += steps;
    return undefined;
  }

  /** One more edit from the end; returns where it meets the search from the start, if that is to be checked now. */
  private retreat({ aStart, bStart }: Stretch, mayMeet: boolean): Middle | undefined {
    const { a, b, zero, forward, backward } = this;
    const { reached } = backward;
    let steps = 0;
    for (let diagonal = backward.high; diagonal >= backward.low; diagonal -= 2) {
      const adding = at(reached, diagonal - 1 + zero);
      const removing = at(reached, diagonal + 1 + zero) - 1;
      const from = adding < removing ? adding : removing;
      let x = from;
      while (x > aStart && x - diagonal > bStart && a[x - 1] === b[x - diagonal - 1]) x--;
      reached[diagonal + zero] = x;
      steps += from - x + 1;
      if (mayMeet && diagonal >= forward.low && diagonal <= forward.high) {
        if (x <= at(forward.reached, diagonal + zero)) return { x, y: x - diagonal, isOptimal: true };
      }
    }
    this.steps += steps;
    return undefined;
  }

  /** The point of either frontier with the most elements behind it. */
  private furthest({ aStart, aEnd, bStart, bEnd }: Stretch): Middle {
    const { forward, backward, zero } = this;
    let best: Middle = { x: aStart, y: bStart, isOptimal: false };
    let most = 0;
    for (let diagonal = forward.low; diagonal <= forward.high; diagonal += 2) {
      const x = Math.min(at(forward.reached, diagonal + zero), aEnd, bEnd + diagonal);
      const passed = x - aStart + (x - diagonal - bStart);
      if (passed > most) [most, best] = [passed, { x, y: x - diagonal, isOptimal: false }];
    }
    for (let diagonal = backward.low; diagonal <= backward.high; diagonal += 2) {
      const x = Math.max(at(backward.reached, diagonal + zero), aStart, bStart + diagonal);
      const passed = aEnd - x + (bEnd - (x - diagonal));
      if (passed > most) [most, best] = [passed, { x, y: x - diagonal, isOptimal: false }];
    }
    return best;
  }
}
