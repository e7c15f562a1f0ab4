import { element } from '../dom';
import type { ComparedTexts } from './comparedTexts';
import type { LineRange } from '../../model/lines';
import type { Rows } from './rowModel';

/** The position of a change, in rows. */
export interface OverviewChange extends LineRange {
  readonly isRemoval: boolean;
  readonly isAddition: boolean;
}

/** The positions of the changes of two texts, in rows. */
export function overviewChanges({ changes }: ComparedTexts, rows: Rows): OverviewChange[] {
  return changes.map((change, index) => ({
    ...rows.rowsOfChange(index),
    isRemoval: change.oldEnd > change.oldStart,
    isAddition: change.newEnd > change.newStart,
  }));
}

/** A change is never drawn smaller than this, in px. */
const minHeight = 3;

/** Marks over the scroll bar that show where in the file the changes are. */
export class Overview {
  readonly element = element('div', 'overview');

  constructor() {
    this.element.setAttribute('aria-hidden', 'true');
  }

  /** `height` of all rows, and `width`, in px. */
  show(changes: readonly OverviewChange[], rowCount: number, height: number, width: number): void {
    this.element.style.width = `${width}px`;
    const scale = rowCount === 0 ? 0 : height / rowCount;
    this.element.replaceChildren(
      ...marks(
        'removed',
        changes.filter(({ isRemoval }) => isRemoval),
        scale,
      ),
      ...marks(
        'added',
        changes.filter(({ isAddition }) => isAddition),
        scale,
      ),
    );
  }
}

/** Changes that touch at this scale share a mark, so that there are never more marks than pixels. */
function marks(className: string, changes: readonly LineRange[], scale: number): HTMLElement[] {
  const stretches: { top: number; bottom: number }[] = [];
  for (const { start, end } of scale === 0 ? [] : changes) {
    const top = Math.floor(start * scale);
    const bottom = Math.max(top + minHeight, Math.ceil(end * scale));
    const last = stretches.at(-1);
    if (last && last.bottom >= top) last.bottom = Math.max(last.bottom, bottom);
    else stretches.push({ top, bottom });
  }
  return stretches.map(({ top, bottom }) => {
    const mark = element('div', `overview-mark ${className}`);
    mark.style.top = `${top}px`;
    mark.style.height = `${bottom - top}px`;
    return mark;
  });
}
