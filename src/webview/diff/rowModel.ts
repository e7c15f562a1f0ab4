import type { LineRange } from '../../model/lines';
import type { LineChange } from '../../model/diff';
import type { Layout } from '../protocol';
import type { Run } from './words/align';
import { lastAtOrBefore } from './lineText';

/** `old` is the left side. */
export type SideName = 'old' | 'new';

/** A row of the view; `old` and `new` are lines of the sides, counted from 0. */
export type Row = SameRow | FoldRow | ChangeRow;

/** A line that both sides have. */
export interface SameRow {
  readonly kind: 'same';
  readonly old: number;
  readonly new: number;
}

/** Hidden unchanged lines, from `old` and `new` on. */
export interface FoldRow {
  readonly kind: 'fold';
  readonly old: number;
  readonly new: number;
  readonly count: number;
  /** Whether lines are shown above it and below it. */
  readonly hasAbove: boolean;
  readonly hasBelow: boolean;
}

/** Which lines of a fold to show. */
export type FoldPart = 'first' | 'last' | 'all';

/** A line of a change: side by side with both sides or a placeholder, unified with one side. */
export interface ChangeRow {
  readonly kind: 'change';
  /** The index of the change. */
  readonly change: number;
  readonly old?: number;
  readonly new?: number;
  /** The new line that the old line became, and the old form of the new line: in the same row only side by side. */
  readonly oldMate?: number;
  readonly newMate?: number;
}

export interface RowsInput {
  readonly changes: readonly LineChange[];
  /** For each change, its aligned lines. */
  readonly runs: readonly (readonly Run[])[];
  readonly oldCount: number;
  readonly newCount: number;
  readonly layout: Layout;
  /** Unchanged lines shown around each change; Infinity shows all. */
  readonly context: number;
  /** Old lines that are shown although they would be folded. */
  readonly revealed: readonly LineRange[];
}

/** Fewer hidden lines than this are shown: a fold would take as much space. */
const minFold = 3;

/** Consecutive rows of one kind, from `first` on. */
type Block = { readonly first: number; readonly rows: number } & (
  | { readonly kind: 'same'; readonly old: number; readonly new: number }
  | { readonly kind: 'fold'; readonly row: FoldRow }
  | { readonly kind: 'run'; readonly change: number; readonly run: Run }
  | { readonly kind: 'removed' | 'added'; readonly change: number; readonly start: number }
);
type BlockContent = Block extends infer B ? (B extends Block ? Omit<B, 'first'> : never) : never;

/** The rows of a view, computed on demand from blocks, which are few even for many lines. */
export class Rows {
  private readonly blocks: Block[] = [];
  /** The first row of each change, and the row after its last. */
  private readonly changeStarts: number[] = [];
  private readonly changeEnds: number[] = [];
  private readonly revealed: readonly LineRange[];
  count = 0;

  constructor(private readonly input: RowsInput) {
    this.revealed = [...input.revealed].sort((a, b) => a.start - b.start);
    let [oldAt, newAt] = [0, 0];
    input.changes.forEach((change, index) => {
      this.addUnchanged(oldAt, newAt, change.oldStart - oldAt);
      this.changeStarts.push(this.count);
      this.addChange(change, index);
      this.changeEnds.push(this.count);
      [oldAt, newAt] = [change.oldEnd, change.newEnd];
    });
    this.addUnchanged(oldAt, newAt, input.oldCount - oldAt);
  }

  /** The row at an index below `count`. */
  at(index: number): Row | undefined {
    const block = this.blockAt(index);
    return block && this.rowOf(block, index - block.first);
  }

  /** The line of a side that a row shows, the first line of a fold, or else the next line below the row. */
  lineAt(index: number, side: SideName): number {
    const block = this.blockAt(index);
    if (!block) return 0;
    const offset = index - block.first;
    switch (block.kind) {
      case 'same':
        return block[side] + offset;
      case 'fold':
        return block.row[side];
      case 'run':
        return block.run[side] + Math.min(offset, side === 'old' ? block.run.oldCount : block.run.newCount);
      case 'removed':
        return side === 'old' ? block.start + offset : (this.input.changes[block.change]?.newStart ?? 0);
      case 'added':
        return side === 'new' ? block.start + offset : (this.input.changes[block.change]?.oldEnd ?? 0);
    }
  }

  /** The rows of a change, half-open. */
  rowsOfChange(change: number): LineRange {
    return { start: this.changeStarts[change] ?? 0, end: this.changeEnds[change] ?? 0 };
  }

  /** The change that a row belongs to, if any. */
  changeAt(row: number): number | undefined {
    const change = this.lastChangeFrom(row);
    return change >= 0 && row < this.rowsOfChange(change).end ? change : undefined;
  }

  /** The first change after a row; wraps around. Undefined when there are no changes. */
  changeAfter(row: number): number | undefined {
    if (this.changeStarts.length === 0) return undefined;
    return (this.lastChangeFrom(row) + 1) % this.changeStarts.length;
  }

  /** The last change that begins before a row; wraps around. Undefined when there are no changes. */
  changeBefore(row: number): number | undefined {
    if (this.changeStarts.length === 0) return undefined;
    const change = this.lastChangeFrom(row - 1);
    return change < 0 ? this.changeStarts.length - 1 : change;
  }

  /** The row that shows a line, or the fold that hides it. */
  rowOfLine(side: SideName, line: number): number {
    let found = 0;
    for (const block of this.blocks) {
      const start = startOf(block, side);
      if (start === undefined) continue;
      if (start > line) break;
      found = block.first + Math.min(line - start, block.rows - 1);
    }
    return found;
  }

  private blockAt(index: number): Block | undefined {
    if (index < 0 || index >= this.count) return undefined;
    return this.blocks[lastAtOrBefore(this.blocks.length, index, (at) => this.blocks[at]?.first ?? 0)];
  }

  private lastChangeFrom(row: number): number {
    return lastAtOrBefore(this.changeStarts.length, row, (at) => this.changeStarts[at] ?? 0);
  }

  private add(block: BlockContent): void {
    if (block.rows === 0) return;
    this.blocks.push({ ...block, first: this.count });
    this.count += block.rows;
  }

  private addChange(change: LineChange, index: number): void {
    if (this.input.layout === 'sideBySide') {
      for (const run of this.input.runs[index] ?? []) {
        this.add({ kind: 'run', rows: Math.max(run.oldCount, run.newCount), change: index, run });
      }
      return;
    }
    this.add({ kind: 'removed', rows: change.oldEnd - change.oldStart, change: index, start: change.oldStart });
    this.add({ kind: 'added', rows: change.newEnd - change.newStart, change: index, start: change.newStart });
  }

  /** Adds unchanged lines: rows for those near a change or revealed, and folds for the others. */
  private addUnchanged(oldStart: number, newStart: number, count: number): void {
    if (count === 0) return;
    const end = oldStart + count;
    const shift = newStart - oldStart;
    const { context, oldCount, newCount } = this.input;
    const isFirst = oldStart === 0 && newStart === 0;
    const isLast = end === oldCount && end + shift === newCount;
    const from = Math.min(end, oldStart + (isFirst && context !== Infinity ? 0 : context));
    const to = Math.max(from, end - (isLast ? 0 : context));
    let at = oldStart;
    for (const hidden of without({ start: from, end: to }, this.revealed)) {
      if (hidden.end - hidden.start < minFold) continue;
      this.add({ kind: 'same', rows: hidden.start - at, old: at, new: at + shift });
      const hasAbove = !isFirst || hidden.start > oldStart;
      const hasBelow = !isLast || hidden.end < end;
      const row = { old: hidden.start, new: hidden.start + shift, count: hidden.end - hidden.start };
      this.add({ kind: 'fold', rows: 1, row: { kind: 'fold', ...row, hasAbove, hasBelow } });
      at = hidden.end;
    }
    this.add({ kind: 'same', rows: end - at, old: at, new: at + shift });
  }

  private rowOf(block: Block, offset: number): Row {
    switch (block.kind) {
      case 'same':
        return { kind: 'same', old: block.old + offset, new: block.new + offset };
      case 'fold':
        return block.row;
      case 'run':
        return rowOfRun(block.change, block.run, offset);
      case 'removed': {
        const old = block.start + offset;
        const oldMate = this.mate(block.change, 'old', old);
        return { kind: 'change', change: block.change, old, ...(oldMate !== undefined && { oldMate }) };
      }
      case 'added': {
        const line = block.start + offset;
        const newMate = this.mate(block.change, 'new', line);
        return { kind: 'change', change: block.change, new: line, ...(newMate !== undefined && { newMate }) };
      }
    }
  }

  /** The line of the other side that a line of a change is compared with. */
  private mate(change: number, side: SideName, line: number): number | undefined {
    const runs = this.input.runs[change] ?? [];
    const run = runs[lastAtOrBefore(runs.length, line, (at) => runs[at]?.[side] ?? 0)];
    if (!run?.similar) return undefined;
    return side === 'old' ? run.new + line - run.old : run.old + line - run.new;
  }
}

function rowOfRun(change: number, run: Run, offset: number): ChangeRow {
  const old = offset < run.oldCount ? run.old + offset : undefined;
  const line = offset < run.newCount ? run.new + offset : undefined;
  return {
    kind: 'change',
    change,
    ...(old !== undefined && { old }),
    ...(line !== undefined && { new: line }),
    ...(run.similar && old !== undefined && line !== undefined && { oldMate: line, newMate: old }),
  };
}

/** The first line of a block on a side, if it has lines there. */
function startOf(block: Block, side: SideName): number | undefined {
  switch (block.kind) {
    case 'same':
      return block[side];
    case 'fold':
      return block.row[side];
    case 'run':
      return (side === 'old' ? block.run.oldCount : block.run.newCount) > 0 ? block.run[side] : undefined;
    case 'removed':
      return side === 'old' ? block.start : undefined;
    case 'added':
      return side === 'new' ? block.start : undefined;
  }
}

/** The parts of a range that `taken` does not cover; all ranges ascend. */
function without(range: LineRange, taken: readonly LineRange[]): LineRange[] {
  const parts: LineRange[] = [];
  let at = range.start;
  for (const { start, end } of taken) {
    if (start >= range.end) break;
    if (end <= at) continue;
    if (start > at) parts.push({ start: at, end: start });
    at = end;
  }
  if (at < range.end) parts.push({ start: at, end: range.end });
  return parts;
}
