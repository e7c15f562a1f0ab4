import type { RowList } from './rowList';
import { unseenRange, type StepDirection } from './wideRows';
import type { TextRange } from './words/segments';

/** Goes to the changed words of rows that are wider than the view. */
export class MarkSteps {
  /** Of words that are wider than half of the view, at least `least` px must be visible. */
  constructor(
    private readonly list: RowList,
    private readonly least: () => number,
  ) {}

  /** Scrolls sideways to the first changed words of a row, unless they are seen. */
  reveal(row: number): void {
    const [first] = this.marksOf(row);
    if (first) this.scrollTo(first);
  }

  /** Scrolls sideways to the next changed words of a row that are not seen; false if there are none. */
  step(row: number, direction: StepDirection): boolean {
    const marks = this.marksOf(row);
    const found = unseenRange(marks, marks[0]?.code.clientWidth ?? 0, direction);
    if (!found) return false;
    const { scrollLeft } = this.list.element;
    this.scrollTo(found);
    return this.list.element.scrollLeft !== scrollLeft;
  }

  private scrollTo({ start, end, code }: MarkPlace): void {
    this.list.revealSideways(code.getBoundingClientRect().left + start, code, end - start);
  }

  private marksOf(row: number): MarkPlace[] {
    const marks = this.list.elementOf(row)?.querySelectorAll('.mark') ?? [];
    return Array.from(marks).flatMap((mark) => {
      const code = mark.closest('.code');
      if (!code) return [];
      const { left, width } = mark.getBoundingClientRect();
      const start = left - code.getBoundingClientRect().left;
      return [{ code, start, end: start + Math.max(this.least(), Math.min(width, code.clientWidth / 2)) }];
    });
  }
}

/** The cell of changed words and where in its view they are to be seen, in px. */
interface MarkPlace extends TextRange {
  readonly code: Element;
}
