import type { LineChange } from '../../../model/diff';

/**
 * A part of a change whose lines are shown side by side, 0-based. `similar` runs have the same number of lines on both
 * sides, and each line is an edit of its neighbour; the lines of other runs are unrelated.
 */
export interface Run {
  readonly old: number;
  readonly oldCount: number;
  readonly new: number;
  readonly newCount: number;
  readonly similar: boolean;
}

/** How many pairs of lines may still be compared, over all changes of a file. */
export interface Budget {
  pairs: number;
}

/** Changes with more pairs of lines than this are aligned in order. */
const maxPairs = 4096;
const maxTokens = 200;
/** Lines with less in common are not edits of each other. */
const minLikeness = 0.4;

/** Returns a line by its number, without its ending. */
export type GetLine = (line: number) => string;

/** Aligns the lines of a change, so that a line is beside its edited form. */
export function alignChange(change: LineChange, oldLine: GetLine, newLine: GetLine, budget: Budget): Run[] {
  const oldCount = change.oldEnd - change.oldStart;
  const newCount = change.newEnd - change.newStart;
  const pairs = oldCount * newCount;
  if (pairs === 0) return [run(change, false)];
  if (pairs === 1) return [run(change, true)];
  if (pairs > maxPairs || pairs > budget.pairs) return alignInOrder(change);
  budget.pairs -= pairs;
  return alignByLikeness(change, oldLine, newLine);
}

function alignInOrder(change: LineChange): Run[] {
  const both = Math.min(change.oldEnd - change.oldStart, change.newEnd - change.newStart);
  const [oldSplit, newSplit] = [change.oldStart + both, change.newStart + both];
  const rest = { oldStart: oldSplit, oldEnd: change.oldEnd, newStart: newSplit, newEnd: change.newEnd };
  const head = run({ ...change, oldEnd: oldSplit, newEnd: newSplit }, true);
  return rest.oldStart === rest.oldEnd && rest.newStart === rest.newEnd ? [head] : [head, run(rest, false)];
}

/** Finds the pairs, in order on both sides, with the greatest total similarity. */
function alignByLikeness(change: LineChange, oldLine: GetLine, newLine: GetLine): Run[] {
  const oldTokens = tokensOf(change.oldStart, change.oldEnd, oldLine);
  const newTokens = tokensOf(change.newStart, change.newEnd, newLine);
  const width = newTokens.length + 1;
  /** The best total for the lines from (row, column) on. */
  const best = new Float64Array((oldTokens.length + 1) * width);
  const pair = new Float64Array(best.length);
  for (let x = oldTokens.length - 1; x >= 0; x--) {
    for (let y = newTokens.length - 1; y >= 0; y--) {
      const at = x * width + y;
      const likeness = likenessOf(oldTokens[x], newTokens[y]);
      pair[at] = likeness < minLikeness ? 0 : likeness + (best[at + width + 1] ?? 0);
      best[at] = Math.max(pair[at] ?? 0, best[at + width] ?? 0, best[at + 1] ?? 0);
    }
  }
  const runs = new RunList(change);
  for (let x = 0, y = 0; x < oldTokens.length && y < newTokens.length;) {
    const at = x * width + y;
    if (pair[at] !== 0 && pair[at] === best[at]) runs.pair(change.oldStart + x++, change.newStart + y++);
    else if (best[at] === best[at + width]) x++;
    else y++;
  }
  return runs.finish();
}

/** Collects pairs, and the lines between them, into runs. */
class RunList {
  private readonly runs: Run[] = [];
  private oldAt: number;
  private newAt: number;

  constructor(private readonly change: LineChange) {
    this.oldAt = change.oldStart;
    this.newAt = change.newStart;
  }

  pair(oldLine: number, newLine: number): void {
    this.skipTo(oldLine, newLine);
    const last = this.runs.at(-1);
    if (last?.similar) {
      this.runs[this.runs.length - 1] = { ...last, oldCount: last.oldCount + 1, newCount: last.newCount + 1 };
    } else {
      this.runs.push({ old: oldLine, oldCount: 1, new: newLine, newCount: 1, similar: true });
    }
    this.oldAt = oldLine + 1;
    this.newAt = newLine + 1;
  }

  finish(): Run[] {
    this.skipTo(this.change.oldEnd, this.change.newEnd);
    return this.runs;
  }

  private skipTo(oldEnd: number, newEnd: number): void {
    if (this.oldAt === oldEnd && this.newAt === newEnd) return;
    this.runs.push(run({ oldStart: this.oldAt, oldEnd, newStart: this.newAt, newEnd }, false));
  }
}

function run(change: LineChange, similar: boolean): Run {
  const { oldStart, oldEnd, newStart, newEnd } = change;
  return { old: oldStart, oldCount: oldEnd - oldStart, new: newStart, newCount: newEnd - newStart, similar };
}

interface Tokens {
  /** How often each word or sign occurs. */
  readonly counts: ReadonlyMap<string, number>;
  readonly total: number;
}

function tokensOf(start: number, end: number, line: GetLine): Tokens[] {
  const all: Tokens[] = [];
  for (let index = start; index < end; index++) {
    const counts = new Map<string, number>();
    let total = 0;
    for (const [token] of line(index)
      .slice(0, maxTokens * 10)
      .matchAll(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu)) {
      if (total === maxTokens) break;
      counts.set(token, (counts.get(token) ?? 0) + 1);
      total++;
    }
    all.push({ counts, total });
  }
  return all;
}

/** The share of common words of two lines: 0 to 1. Blank lines are equal. */
function likenessOf(a: Tokens | undefined, b: Tokens | undefined): number {
  if (!a || !b) return 0;
  if (a.total === 0 && b.total === 0) return 1;
  let common = 0;
  for (const [token, count] of a.counts) common += Math.min(count, b.counts.get(token) ?? 0);
  return (2 * common) / (a.total + b.total);
}
