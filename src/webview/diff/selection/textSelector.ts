import type { Layout } from '../../protocol';
import {
  columnAt,
  movedByRows,
  movedInText,
  selectionUnits,
  unitAt,
  type CaretMove,
  type SelectionUnit,
  offsetOf,
  rangeOf,
  selectedText,
  type TextSelection,
} from './selection';
import type { ComparedTexts } from '../comparedTexts';
import { Drag, type Point } from './drag';
import { isSwitchSide, selectionMoveOf, type Key } from '../keys';
import { indexAtPoint, leftOfIndex } from './linePoints';
import type { LineText } from '../lineText';
import type { RowList } from '../rowList';
import type { Rows, SideName } from '../rowModel';
import type { TextRange } from '../words/segments';
import { lineOfRow, SelectionPainter } from './selectionPainter';
import { diffStrings } from '../../strings';

export interface TextSelectorOptions {
  readonly texts: ComparedTexts;
  readonly list: RowList;
  /** The present rows and layout. */
  readonly shown: () => { readonly rows: Rows; readonly layout: Layout; readonly tabSize: number };
  readonly selection?: TextSelection;
  /** The selection changed; `row` has its moving end. */
  readonly onDidSelect: (row: number) => void;
  readonly announce: (words: string) => void;
}

/** The place under the pointer. */
interface Hit {
  readonly row: number;
  readonly offset: number;
  /** Whether it is text of the side, not a fold or a placeholder. */
  readonly isText: boolean;
}

/**
 * Selects text of one side with the pointer and the keyboard. The browser's own selection is limited to rendered rows
 * and not to one side.
 */
export class TextSelector {
  private readonly painter: SelectionPainter;
  private side: SideName;
  /** The start of the selection: a position, or a word or line that stays selected. */
  private anchor: TextRange;
  private focus: number;
  private unit: SelectionUnit = 'character';
  /** The column that moves up and down keep. */
  private column: number | undefined;
  private drag: Drag | undefined;

  constructor(private readonly options: TextSelectorOptions) {
    const { list, texts, selection } = options;
    const most = selection ? texts.side(selection.side).text.length : 0;
    const anchor = Math.min(selection?.anchor ?? 0, most);
    this.side = selection?.side ?? 'new';
    this.anchor = { start: anchor, end: anchor };
    this.focus = Math.min(selection?.focus ?? 0, most);
    this.painter = new SelectionPainter(list);
    list.element.addEventListener('mousedown', (event) => this.pressed(event));
  }

  dispose(): void {
    this.drag?.end();
    this.painter.dispose();
  }

  get selection(): TextSelection {
    const { side, anchor, focus } = this;
    return { side, anchor: focus < anchor.end ? anchor.end : anchor.start, focus };
  }

  /** `''` when nothing is selected. */
  get selectedText(): string {
    return selectedText(this.selection, this.options.texts);
  }

  /** Paints the selection in the rendered rows. */
  paint(): void {
    const { rows } = this.options.shown();
    this.options.list.element.dataset['side'] = this.side;
    this.painter.paint({ side: this.side, range: rangeOf(this.selection), text: this.text, rows });
  }

  /** Clears the selection; the next one starts at the start of a row. */
  moveTo(row: number): void {
    const { rows, layout } = this.options.shown();
    const found = rows.at(row);
    if (layout === 'unified' && found?.kind === 'change') this.side = found.old === undefined ? 'new' : 'old';
    const offset = this.text.start(rows.lineAt(row, this.side));
    this.set({ start: offset, end: offset }, offset);
  }

  /** Selects all text of the side. */
  selectAll(): void {
    document.getSelection()?.removeAllRanges();
    this.set({ start: 0, end: 0 }, this.text.text.length);
    this.announceSelection();
  }

  /** Clears the selection because another part of the page is selected. */
  yield(): void {
    this.collapse();
    this.options.list.element.classList.add('unselectable');
  }

  /** Handles a key; false if it does not concern the selection. `row` is the active row. */
  handleKey(event: Key, row: number): boolean {
    const { start, end } = this.options.list.visible;
    const move = selectionMoveOf(event, Math.max(1, end - start - 1));
    if (move) this.extend(move);
    else if (isSwitchSide(event)) this.switchSide(row);
    else if (event.key === 'Escape' && this.selectedText !== '') this.collapse();
    else return false;
    return true;
  }

  private extend(move: CaretMove): void {
    const { rows, tabSize } = this.options.shown();
    const { text, side, focus } = this;
    const column = move.unit === 'row' ? (this.column ?? columnAt(text, focus, tabSize)) : undefined;
    const offset =
      column === undefined
        ? movedInText(text, focus, move)
        : movedByRows(rows, text, focus, { side, by: move.by, column, tabSize });
    const { anchor } = this.selection;
    this.set({ start: anchor, end: anchor }, offset);
    this.column = column;
    const row = rows.rowOfLine(side, text.lineAt(offset));
    this.options.list.reveal(row);
    this.revealSideways(row);
    this.options.onDidSelect(row);
    this.announceSelection();
  }

  /** Switches to the other side, at the start of a row. */
  private switchSide(row: number): void {
    this.side = this.side === 'old' ? 'new' : 'old';
    const offset = this.text.start(this.options.shown().rows.lineAt(row, this.side));
    this.set({ start: offset, end: offset }, offset);
    this.options.announce(this.side === 'old' ? diffStrings.left : diffStrings.right);
  }

  private collapse(): void {
    this.set({ start: this.focus, end: this.focus }, this.focus);
  }

  private announceSelection(): void {
    const { start, end } = rangeOf(this.selection);
    const lines = this.text.lineAt(end) - this.text.lineAt(start) + 1;
    this.options.announce(lines === 1 ? diffStrings.charactersSelected(end - start) : diffStrings.linesSelected(lines));
  }

  private get text(): LineText {
    return this.options.texts.side(this.side);
  }

  private set(anchor: TextRange, focus: number): void {
    this.anchor = anchor;
    this.focus = focus;
    this.column = undefined;
    this.paint();
  }

  private revealSideways(row: number): void {
    const element = this.options.list.elementOf(row);
    const line = element && lineOfRow(element, this.side);
    const code = line?.closest('.code');
    if (!line || !code) return;
    const index = this.focus - this.text.start(this.text.lineAt(this.focus));
    this.options.list.revealSideways(leftOfIndex(line, index), code, 1);
  }

  private pressed(event: MouseEvent): void {
    const { list, onDidSelect } = this.options;
    // The list handles its scroll bars.
    if (!(event.target instanceof Element) || event.target === list.element || event.target.closest('button')) return;
    if (event.button !== 0) {
      onDidSelect(this.hit({ x: event.clientX, y: event.clientY }).row);
      return;
    }
    document.getSelection()?.removeAllRanges();
    list.element.classList.remove('unselectable');
    if (!event.shiftKey) this.side = this.sideAt(event);
    const hit = this.hit({ x: event.clientX, y: event.clientY });
    this.unit = (hit.isText && selectionUnits[Math.min(event.detail, selectionUnits.length) - 1]) || 'character';
    if (!event.shiftKey) this.anchor = unitAt(this.text, hit.offset, this.unit);
    this.extendTo(hit);
    this.drag?.end();
    this.drag = new Drag(event, list, (pointer) => this.dragTo(pointer));
  }

  /** Moves the end of the selection to the pointer; returns how far outside the text it is. */
  private dragTo(pointer: Point): Point {
    const hit = this.hit(pointer);
    this.extendTo(hit);
    return this.outside(pointer, hit.row);
  }

  private extendTo({ row, offset }: Hit): void {
    const { start, end } = unitAt(this.text, offset, this.unit);
    this.set(this.anchor, start < this.anchor.start ? start : Math.max(end, this.anchor.end));
    this.options.onDidSelect(row);
  }

  /** The side where a selection starts: side by side that under the pointer, unified that of the line. */
  private sideAt({ clientX, clientY }: MouseEvent): SideName {
    const { rows, layout } = this.options.shown();
    const { left, width } = this.options.list.view;
    if (layout === 'sideBySide') return clientX < left + width / 2 ? 'old' : 'new';
    const row = rows.at(this.rowAt(clientY));
    return row?.kind === 'change' && row.old !== undefined ? 'old' : 'new';
  }

  private rowAt(y: number): number {
    const { list, shown } = this.options;
    const { top, bottom } = list.view;
    const inside = Math.max(top, Math.min(y, bottom - 1));
    return Math.max(0, Math.min(Math.floor(list.rowsAbove(inside)), shown().rows.count - 1));
  }

  private hit({ x, y }: Point): Hit {
    const { list, shown } = this.options;
    const { rows } = shown();
    list.update();
    const row = this.rowAt(y);
    const found = rows.at(row);
    const into = list.rowsAbove(y) - row;
    if (into >= 1 && row === rows.count - 1) return { row, offset: this.text.text.length, isText: false };
    if (found?.kind === 'fold') {
      const character = into < 0.5 ? 0 : 1;
      return { row, offset: offsetOf({ row, character }, this.side, rows, this.text), isText: false };
    }
    const character = this.characterAt(row, x);
    return {
      row,
      offset: offsetOf({ row, character: character ?? 0 }, this.side, rows, this.text),
      isText: character !== undefined,
    };
  }

  /** The index in a row's line at an x coordinate, or the nearest visible one. */
  private characterAt(row: number, x: number): number | undefined {
    const { list, shown } = this.options;
    const content = shown().rows.at(row);
    const element = list.elementOf(row);
    if (!element || content?.kind === 'fold' || content?.[this.side] === undefined) return undefined;
    const line = lineOfRow(element, this.side);
    const code = line?.closest('.code')?.getBoundingClientRect();
    if (!line || !code) return undefined;
    const { top, bottom } = list.view;
    const { top: rowTop, height } = element.getBoundingClientRect();
    const y = Math.max(top, Math.min(rowTop + height / 2, bottom - 1));
    return indexAtPoint(line, Math.max(code.left, Math.min(x, code.right - 1)), y);
  }

  /** How far the pointer is beyond the visible text of the side, in directions with more text. */
  private outside({ x, y }: Point, row: number): Point {
    const { list } = this.options;
    const { top, bottom } = list.view;
    const element = list.elementOf(row);
    const line = element && lineOfRow(element, this.side);
    const code = line?.closest('.code')?.getBoundingClientRect();
    const end = line?.getBoundingClientRect().right ?? 0;
    const sideways = !code
      ? 0
      : x < code.left
        ? x - code.left
        : x > code.right && end > code.right
          ? x - code.right
          : 0;
    return { x: sideways, y: y < top ? y - top : y > bottom ? y - bottom : 0 };
  }
}
