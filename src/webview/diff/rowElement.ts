import type { Layout } from '../protocol';
import type { ComparedTexts } from './comparedTexts';
import { element, withTestId, iconButton } from '../dom';
import type { LineRange } from '../../model/lines';
import type { ChangeRow, FoldPart, FoldRow, Row, SameRow, SideName } from './rowModel';
import { diffStrings } from '../strings';
import type { LineText, Eol } from './lineText';
import type { LineMarks } from './words/wordDiff';
import { asReplacement } from './selection/linePoints';
import { isPlain, segmentsOf, type LineSegment } from './words/segments';

/** Creates the elements of rows. */
export class RowElements {
  constructor(
    private readonly texts: ComparedTexts,
    private readonly layout: Layout,
    private readonly formatCount: (count: number) => string,
    private readonly onFold: (row: FoldRow, part: FoldPart) => void,
  ) {}

  create(row: Row): HTMLElement {
    switch (row.kind) {
      case 'same':
        return this.sameRow(row);
      case 'change':
        return this.changeRow(row);
      case 'fold':
        return this.foldRow(row);
    }
  }

  private sameRow(row: SameRow): HTMLElement {
    const right = this.texts.right.line(row.new);
    const [oldMarks, newMarks] = [this.unchangedMarks(row, 'old'), this.unchangedMarks(row, 'new')];
    const created = this.lineRow('same', diffStrings.unchangedLine(row.new + 1, spokenLine(right)));
    if (this.layout === 'unified') {
      created.append(
        numberCell(row.old),
        numberCell(row.new),
        signCell('same'),
        codeCell('same', lineElement(right, newMarks)),
      );
      return created;
    }
    const left = this.texts.left.line(row.old);
    created.append(
      half('left', numberCell(row.old), signCell('same'), codeCell('same', lineElement(left, oldMarks))),
      half('right', numberCell(row.new), signCell('same'), codeCell('same', lineElement(right, newMarks))),
    );
    return created;
  }

  private changeRow(row: ChangeRow): HTMLElement {
    const removed = this.changedLine(row, 'removed');
    const added = this.changedLine(row, 'added');
    const created = this.lineRow('change', [removed?.label, added?.label].filter(Boolean).join('. '));
    if (this.layout === 'unified') {
      const kind = removed ? 'removed' : 'added';
      created.append(numberCell(row.old, kind), numberCell(row.new, kind), signCell(kind));
      created.append(...[removed?.code, added?.code].filter((code) => code !== undefined));
    } else created.append(half('left', ...sideCells(removed)), half('right', ...sideCells(added)));
    return created;
  }

  private unchangedMarks(row: SameRow, side: SideName): LineMarks {
    const eol = this.texts.marks.ofUnchanged(row, side);
    return { marks: [], isWhole: false, ...(eol !== undefined && { eol }) };
  }

  private lineRow(kind: 'same' | 'change', label: string): HTMLElement {
    return rowElement(this.layout === 'unified' ? kind : `${kind} split`, label);
  }

  private changedLine(row: ChangeRow, kind: 'removed' | 'added'): ChangedLine | undefined {
    const side = kind === 'removed' ? 'old' : 'new';
    const line = row[side];
    if (line === undefined) return undefined;
    const text = (kind === 'removed' ? this.texts.left : this.texts.right).line(line);
    const label = (kind === 'removed' ? diffStrings.removedLine : diffStrings.addedLine)(line + 1, spokenLine(text));
    const code = codeCell(kind, lineElement(text, this.texts.marks.of(row, side)));
    const change = this.texts.changes[row.change];
    const [start, end] = kind === 'removed' ? [change?.oldStart, change?.oldEnd] : [change?.newStart, change?.newEnd];
    code.classList.toggle('first', line === start);
    code.classList.toggle('last', line + 1 === end);
    return { kind, line, label, code };
  }

  private foldRow(row: FoldRow): HTMLElement {
    const words = diffStrings.unchangedLines(row.count, this.formatCount(row.count));
    const bar = foldElement(row, words, headingOf(row, this.texts.right), (part) => this.onFold(row, part));
    bar.setAttribute('role', 'gridcell');
    const created = withTestId(rowElement('folded', diffStrings.foldLabel(words)), 'fold');
    created.append(bar);
    return created;
  }
}

interface ChangedLine {
  readonly kind: 'removed' | 'added';
  readonly line: number;
  readonly label: string;
  readonly code: HTMLElement;
}

const signs = { same: '', removed: '−', added: '+' } as const;

function rowElement(className: string, label: string): HTMLElement {
  const row = element('div', `row ${className}`);
  row.setAttribute('role', 'row');
  row.setAttribute('aria-label', label);
  return row;
}

function half(side: 'left' | 'right', ...cells: readonly HTMLElement[]): HTMLElement {
  const created = element('div', `half ${side}`, ...cells);
  created.setAttribute('role', 'presentation');
  return created;
}

/** The cells of one side; a placeholder if there is no line. */
function sideCells(line: ChangedLine | undefined): HTMLElement[] {
  if (!line) return [cell('number'), cell('filler')];
  return [numberCell(line.line, line.kind), signCell(line.kind), line.code];
}

function numberCell(line: number | undefined, kind: LineKind = 'same'): HTMLElement {
  return cell(`number ${kind}`, line === undefined ? '' : String(line + 1));
}

function signCell(kind: LineKind): HTMLElement {
  const created = cell(`sign ${kind}`, signs[kind]);
  created.setAttribute('aria-hidden', 'true');
  return created;
}

function codeCell(kind: LineKind, line: HTMLElement): HTMLElement {
  return cell(`code ${kind}`, line);
}

function cell(className: string, ...children: readonly (Node | string)[]): HTMLElement {
  const created = element('div', `cell ${className}`, ...children);
  created.setAttribute('role', 'gridcell');
  return created;
}

/** How many lines one step of unfolding shows. */
const revealStep = 20;

const maxHeadingLength = 120;
const maxHeadingSearch = 2000;

/** The row of folded lines; `words` has their number. */
function foldElement(row: FoldRow, words: string, heading: string, onFold: (part: FoldPart) => void): HTMLElement {
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

/** The line that the text below a fold belongs to, by indentation; `''` for none. */
function headingOf({ new: start, count, hasBelow }: FoldRow, text: LineText): string {
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
  // Folds are reached as rows; with their buttons the tab order would become endless.
  button.tabIndex = -1;
  return button;
}

/** How a line differs from the other side. */
type LineKind = 'same' | 'removed' | 'added';

const maxSpokenLength = 300;

/** The content of a line with its highlights. All of it is text. */
function lineElement(text: string, marks?: LineMarks): HTMLElement {
  const line = element('span', 'line');
  for (const segment of segmentsOf(text, marks?.marks ?? [], marks?.isWhole)) line.append(segmentNode(segment));
  if (marks?.eol !== undefined) line.append(eolElement(marks.eol));
  return line;
}

/** The content of a line for screen readers, with names for invisible characters. */
function spokenLine(text: string): string {
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
      return asReplacement(symbol, segment.text.length);
    }
    case 'cut': {
      const cut = element('span', 'cut', `⋯ ${diffStrings.hiddenCharacters(segment.count)} ⋯`);
      return asReplacement(cut, segment.count);
    }
  }
}

function blankElement(blank: string): HTMLElement {
  return element('span', blank === '\t' ? 'tab' : 'space', blank);
}

function eolElement(eol: Eol): HTMLElement {
  const created = element('span', eol === '' ? 'eol' : 'eol mark', diffStrings.eol[eol]);
  created.title = diffStrings.eolTitle[eol];
  return asReplacement(created, 0);
}
