import type { RowList } from './rowList';
import { unseenOffset, type StepDirection } from './wideRows';

/** Goes to the changed words of rows that are wider than the view. */
export class MarkSteps {
  /** Words are seen if at least `least` px after their start are visible. */
  constructor(
    private readonly list: RowList,
    private readonly least: () => number,
  ) {}

  /** Scrolls sideways to the first changed words of a row, unless they are seen. */
  reveal(row: number): void {
    const [mark] = this.marksOf(row);
    if (mark) this.list.revealSideways(mark.left, mark.code, this.least());
  }

  /** Scrolls sideways to the next changed words of a row that are not seen; false if there are none. */
  step(row: number, direction: StepDirection): boolean {
    const marks = this.marksOf(row);
    const width = (marks[0]?.code.clientWidth ?? 0) - this.least();
    const offset = unseenOffset(marks.map(offsetOf), width, direction);
    const mark = marks.find((each) => offsetOf(each) === offset);
    if (!mark) return false;
    const { scrollLeft } = this.list.element;
    this.list.revealSideways(mark.left, mark.code, this.least());
    return this.list.element.scrollLeft !== scrollLeft;
  }

  private marksOf(row: number): MarkPlace[] {
    const marks = this.list.elementOf(row)?.querySelectorAll('.mark') ?? [];
    return Array.from(marks, (mark) => ({
      left: mark.getBoundingClientRect().left,
      code: mark.closest('.code'),
    })).filter((place): place is MarkPlace => place.code !== null);
  }
}

/** Where changed words begin on the screen, and the cell that they are in. */
interface MarkPlace {
  readonly left: number;
  readonly code: Element;
}

function offsetOf({ left, code }: MarkPlace): number {
  return left - code.getBoundingClientRect().left;
}
