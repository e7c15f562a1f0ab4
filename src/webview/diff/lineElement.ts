import { element } from '../dom';
import type { LineMarks } from './words/lineMarks';
import type { Eol } from './lineText';
import { standingFor } from './selection/linePoints';
import { isPlain, segmentsOf, type LineSegment } from './words/segments';
import { diffStrings } from './diffStrings';

/** What a line is in its row. */
export type LineKind = 'same' | 'removed' | 'added';

const maxSpokenLength = 300;

/** The content of a line, with its marks. All of it is text. */
export function lineElement(text: string, marks?: LineMarks): HTMLElement {
  const line = element('span', 'line');
  for (const segment of segmentsOf(text, marks?.marks ?? [], marks?.isWhole)) line.append(segmentNode(segment));
  if (marks?.eol !== undefined) line.append(eolElement(marks.eol));
  return line;
}

/** The content of a line for a screen reader: what cannot be heard is named. */
export function spokenLine(text: string): string {
  const start = text.slice(0, maxSpokenLength);
  if (isPlain(start)) return start.trim() || diffStrings.blank;
  const words = segmentsOf(start, []).map((segment) => {
    if (segment.kind === 'symbol') return ` ${segment.name} `;
    return segment.kind === 'cut' ? '' : segment.text;
  });
  return words.join('').trim() || diffStrings.blank;
}

function segmentNode(segment: LineSegment): Node {
  switch (segment.kind) {
    case 'text':
      return segment.marked ? element('span', 'mark', segment.text) : document.createTextNode(segment.text);
    case 'blank':
      return element('span', 'mark', ...Array.from(segment.text, blankElement));
    case 'symbol': {
      const symbol = element('span', segment.marked ? 'symbol mark' : 'symbol', segment.label);
      symbol.title = diffStrings.invisible(segment.name);
      return standingFor(symbol, segment.text.length);
    }
    case 'cut': {
      const cut = element('span', 'cut', `⋯ ${diffStrings.hiddenCharacters(segment.count)} ⋯`);
      return standingFor(cut, segment.count);
    }
  }
}

function blankElement(blank: string): HTMLElement {
  return element('span', blank === '\t' ? 'tab' : 'space', blank);
}

function eolElement(eol: Eol): HTMLElement {
  const created = element('span', eol === '' ? 'eol' : 'eol mark', diffStrings.eol[eol]);
  created.title = diffStrings.eolTitle[eol];
  return standingFor(created, 0);
}
