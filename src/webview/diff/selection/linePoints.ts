import type { TextRange } from '../words/segments';

/** A piece of a line's element: a text node, or an element in place of characters that are not shown. */
interface Piece {
  readonly node: Text | HTMLElement;
  /** In UTF-16 units of the line. */
  readonly length: number;
}

interface Caret {
  readonly node: Node;
  readonly offset: number;
}

/** The caret functions of a document. Browsers have one or both; the second is the older one. */
interface CaretSource {
  caretPositionFromPoint?: (x: number, y: number) => { readonly offsetNode: Node; readonly offset: number } | null;
  caretRangeFromPoint?: (x: number, y: number) => Range | null;
}

/** Marks an element of a line as a replacement of `length` UTF-16 units, whatever its text is. */
export function asReplacement(target: HTMLElement, length: number): HTMLElement {
  target.dataset['length'] = String(length);
  return target;
}

/** The index in a line at a point of the screen, which is over or beside the line. */
export function indexAtPoint(line: HTMLElement, x: number, y: number): number {
  const caret = caretAt(x, y);
  let index = 0;
  for (const { node, length } of piecesOf(line)) {
    if (caret && node.contains(caret.node)) {
      if (node instanceof Text) return index + caret.offset;
      return isLeftOfMiddle(node, x) ? index : index + length;
    }
    index += length;
  }
  return isLeftOfMiddle(line, x) ? 0 : index;
}

/** The DOM range that shows a range of a line. */
export function rangeInLine(line: HTMLElement, { start, end }: TextRange): Range {
  const range = new Range();
  range.selectNodeContents(line);
  let index = 0;
  let isStarted = false;
  for (const { node, length } of piecesOf(line)) {
    if (!isStarted && start < index + length) {
      if (node instanceof Text) range.setStart(node, start - index);
      else range.setStartBefore(node);
      isStarted = true;
    }
    if (isStarted && end <= index + length) {
      if (node instanceof Text) range.setEnd(node, end - index);
      else range.setEndAfter(node);
      return range;
    }
    index += length;
  }
  return range;
}

/** The x coordinate of an index of a line on the screen. */
export function leftOfIndex(line: HTMLElement, index: number): number {
  if (index === 0) return line.getBoundingClientRect().left;
  return rangeInLine(line, { start: index - 1, end: index }).getBoundingClientRect().right;
}

function* piecesOf(parent: HTMLElement): Generator<Piece> {
  for (const node of parent.childNodes) {
    if (node instanceof Text) yield { node, length: node.length };
    else if (node instanceof HTMLElement) {
      const { length } = node.dataset;
      if (length === undefined) yield* piecesOf(node);
      else yield { node, length: Number(length) };
    }
  }
}

function isLeftOfMiddle(target: HTMLElement, x: number): boolean {
  const { left, width } = target.getBoundingClientRect();
  return x < left + width / 2;
}

function caretAt(x: number, y: number): Caret | undefined {
  const source: CaretSource = document;
  const position = source.caretPositionFromPoint?.(x, y);
  if (position) return { node: position.offsetNode, offset: position.offset };
  const range = source.caretRangeFromPoint?.(x, y);
  return range ? { node: range.startContainer, offset: range.startOffset } : undefined;
}
