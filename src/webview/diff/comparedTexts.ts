import type { LineChange } from '../../model/diff';
import type { TextBody } from '../protocol';
import { alignChange, type Budget, type Run } from './words/align';
import { MarkFinder, type LineMarks } from './words/wordDiff';
import { columnsOf, LineText } from './lineText';
import { Rows, type RowsInput, type SideName } from './rowModel';
import { maxShownLength, segmentsOf } from './words/segments';

/** The most pairs of lines that are compared to align the sides, over the whole file. */
const maxAlignedPairs = 300_000;
/** Columns for the words that show where a line was cut. */
const cutColumns = 40;

const minDigits = 3;

/** Two texts by their lines, and how the lines are aligned. */
export class ComparedTexts {
  readonly left: LineText;
  readonly right: LineText;
  readonly changes: readonly LineChange[];
  /** For each change, its aligned lines. */
  readonly runs: readonly (readonly Run[])[];
  readonly marks: MarkFinder;
  private widest: { readonly tabSize: number; readonly columns: number } | undefined;

  constructor(body: TextBody) {
    const left = new LineText(body.left);
    const right = new LineText(body.right);
    const budget: Budget = { pairs: maxAlignedPairs };
    const [oldLine, newLine] = [(line: number) => left.line(line), (line: number) => right.line(line)];
    this.left = left;
    this.right = right;
    this.changes = body.changes;
    this.runs = body.changes.map((change) => alignChange(change, oldLine, newLine, budget));
    this.marks = new MarkFinder(left, right);
  }

  /**
   * Whether the changes can belong to these texts: not if a file was written between reading and comparing. Checks the
   * lines around each change.
   */
  get areWhole(): boolean {
    let [oldAt, newAt] = [0, 0];
    for (const { oldStart, oldEnd, newStart, newEnd } of this.changes) {
      if (oldStart - oldAt !== newStart - newAt || !this.areEqual(oldAt, newAt, oldStart - oldAt)) return false;
      [oldAt, newAt] = [oldEnd, newEnd];
    }
    const rest = this.left.count - oldAt;
    return rest >= 0 && rest === this.right.count - newAt && this.areEqual(oldAt, newAt, rest);
  }

  side(name: SideName): LineText {
    return name === 'old' ? this.left : this.right;
  }

  /** The rows that show the texts. */
  rows(shown: Pick<RowsInput, 'layout' | 'context' | 'revealed'>): Rows {
    const { changes, runs, left, right } = this;
    return new Rows({ changes, runs, oldCount: left.count, newCount: right.count, ...shown });
  }

  /** The number of digits of the largest line number. */
  get digits(): number {
    return Math.max(minDigits, String(Math.max(this.left.count, this.right.count)).length);
  }

  /** Whether a range that should be unchanged begins and ends with the same lines. */
  private areEqual(oldStart: number, newStart: number, count: number): boolean {
    const isEqual = (offset: number): boolean =>
      this.left.line(oldStart + offset) === this.right.line(newStart + offset);
    return count === 0 || (isEqual(0) && isEqual(count - 1));
  }

  /** The columns of the widest line, as far as it is shown. */
  widestColumns(tabSize: number): number {
    if (this.widest?.tabSize !== tabSize) {
      const most = maxShownLength + cutColumns;
      const columns = [this.left, this.right].map((text) => text.widestColumns(tabSize, most));
      this.widest = { tabSize, columns: Math.max(...columns, this.widestCut(tabSize)) };
    }
    return this.widest.columns;
  }

  /** The same for the changed lines that are cut in several places. */
  private widestCut(tabSize: number): number {
    let widest = 0;
    for (const { old, new: now, oldCount, similar } of this.runs.flat()) {
      for (let at = 0; similar && at < oldCount; at++) {
        const row = {
          kind: 'change',
          change: 0,
          old: old + at,
          new: now + at,
          oldMate: now + at,
          newMate: old + at,
        } as const;
        for (const side of ['old', 'new'] as const) {
          const line = this.side(side).line(row[side]);
          if (line.length > maxShownLength)
            widest = Math.max(widest, cutLineColumns(line, this.marks.of(row, side), tabSize));
        }
      }
    }
    return widest;
  }
}

function cutLineColumns(line: string, marks: LineMarks | undefined, tabSize: number): number {
  let columns = 0;
  for (const segment of segmentsOf(line, marks?.marks ?? [])) {
    columns += segment.kind === 'cut' ? cutColumns : columnsOf(segment.text, tabSize);
  }
  return columns;
}
