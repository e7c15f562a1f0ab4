import type { Layout } from '../protocol';
import type { ComparedTexts } from './comparedTexts';
import { element, withTestId } from '../dom';
import { foldElement, headingOf } from './foldElement';
import { lineElement, spokenLine, type LineKind } from './lineElement';
import type { ChangeRow, FoldPart, FoldRow, Row, SameRow } from './rowModel';
import { diffStrings } from './diffStrings';

/** Makes the elements of rows. */
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
    const created = this.lineRow('same', diffStrings.unchangedLine(row.new + 1, spokenLine(right)));
    if (this.layout === 'unified') {
      created.append(numberCell(row.old), numberCell(row.new), signCell('same'), codeCell('same', lineElement(right)));
      return created;
    }
    const left = this.texts.left.line(row.old);
    created.append(
      half('left', numberCell(row.old), signCell('same'), codeCell('same', lineElement(left))),
      half('right', numberCell(row.new), signCell('same'), codeCell('same', lineElement(right))),
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

/** The cells of one side; where there is no line, a place that says so. */
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
