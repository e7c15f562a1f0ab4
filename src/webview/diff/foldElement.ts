import { element, iconButton } from '../dom';
import type { LineText } from './lineText';
import type { FoldPart, FoldRow, LineRange } from './rowModel';
import { diffStrings } from './diffStrings';

/** Lines that one step of unfolding shows. */
const revealStep = 20;

const maxHeadingLength = 120;
const maxHeadingSearch = 2000;

/** Stands for unchanged lines; `words` say how many. */
export function foldElement(
  row: FoldRow,
  words: string,
  heading: string,
  onFold: (part: FoldPart) => void,
): HTMLElement {
  const isLong = row.count > revealStep;
  return element(
    'div',
    'fold',
    isLong && row.hasAbove ? foldButton('fold-down', 'first', onFold) : element('span', 'icon-gap'),
    foldButton('unfold', 'all', onFold),
    isLong && row.hasBelow ? foldButton('fold-up', 'last', onFold) : element('span', 'icon-gap'),
    element('span', 'fold-count', words),
    element('span', 'fold-heading', heading),
  );
}

/** The line that the text below a fold belongs to, as far as indentation tells; `''` for none. */
export function headingOf({ new: start, count, hasBelow }: FoldRow, text: LineText): string {
  const end = start + count;
  for (let line = end - 1; hasBelow && line >= Math.max(start, end - maxHeadingSearch); line--) {
    const found = text.line(line);
    if (/^[\p{L}_$]/u.test(found)) return found.slice(0, maxHeadingLength);
  }
  return '';
}

/** The old lines that unfolding a part of a fold shows. */
export function shownByPart({ old: start, count }: FoldRow, part: FoldPart): LineRange {
  const end = start + count;
  switch (part) {
    case 'first':
      return { start, end: Math.min(end, start + revealStep) };
    case 'last':
      return { start: Math.max(start, end - revealStep), end };
    case 'all':
      return { start, end };
  }
}

function foldButton(icon: string, part: FoldPart, onFold: (part: FoldPart) => void): HTMLElement {
  const titles = {
    first: diffStrings.showFirst(revealStep),
    all: diffStrings.showFold,
    last: diffStrings.showLast(revealStep),
  };
  const button = iconButton(icon, { title: titles[part], testId: `fold-${part}`, onClick: () => onFold(part) });
  // Folds are reached as rows; their buttons would make the way from one part of the page to the next endless.
  button.tabIndex = -1;
  return button;
}
