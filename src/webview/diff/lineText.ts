import { lineStarts } from '../../diff/lines';

/** The ending of a line; `''` is the end of the file. */
export type Eol = '\n' | '\r\n' | '\r' | '';

/** The lines of a text, split at any line ending; stores offsets, not copies. Lines are 0-based. */
export class LineText {
  /** The offset of each line, and of the end of the text. */
  private readonly starts: Uint32Array;
  private most: Exclude<Eol, ''> | undefined;

  constructor(readonly text: string) {
    this.starts = lineStarts(text);
  }

  /** The number of lines; there is none after a final line ending. */
  get count(): number {
    return this.starts.length - 1;
  }

  /** The offset of a line in the text; after the last line, the end of the text. */
  start(index: number): number {
    return this.starts[Math.min(index, this.count)] ?? 0;
  }

  /** The offset of the end of a line, before its line ending. */
  end(index: number): number {
    return this.start(index + 1) - this.eol(index).length;
  }

  /** The line of an offset; at the end of the text the last line. */
  lineAt(offset: number): number {
    return Math.max(
      0,
      lastAtOrBefore(this.count, offset, (index) => this.start(index)),
    );
  }

  /** A line without its ending; `''` after the last line. */
  line(index: number): string {
    const start = this.starts[index];
    const end = this.starts[index + 1];
    return start === undefined || end === undefined ? '' : this.text.slice(start, end - this.eol(index).length);
  }

  eol(index: number): Eol {
    const end = this.starts[index + 1] ?? 0;
    const last = end === 0 ? '' : this.text.charAt(end - 1);
    if (last === '\r') return '\r';
    if (last !== '\n') return '';
    return end - 2 >= (this.starts[index] ?? 0) && this.text[end - 2] === '\r' ? '\r\n' : '\n';
  }

  /** The line ending of most lines; `\n` if there is none. */
  get commonEol(): Exclude<Eol, ''> {
    return (this.most ??= this.findCommonEol());
  }

  private findCommonEol(): Exclude<Eol, ''> {
    const counts = { '\n': 0, '\r\n': 0, '\r': 0, '': 0 };
    if (this.text.includes('\r')) for (let index = 0; index < this.count; index++) counts[this.eol(index)]++;
    return (['\r\n', '\r'] as const).find((eol) => counts[eol] * 2 > this.count) ?? '\n';
  }

  /** An upper bound of the columns of the widest line; wide characters count as two. */
  widestColumns(tabSize: number, maxColumns: number): number {
    let widest = 0;
    for (let index = 0; index < this.count && widest < maxColumns; index++) {
      const length = (this.starts[index + 1] ?? 0) - (this.starts[index] ?? 0);
      if (length * Math.max(2, tabSize) > widest) widest = Math.max(widest, columnsOf(this.line(index), tabSize));
    }
    return Math.min(widest, maxColumns);
  }
}

/** The columns of a line. */
export function columnsOf(line: string, tabSize: number): number {
  let columns = 0;
  for (let index = 0; index < line.length; index++) {
    const code = line.charCodeAt(index);
    if (code === 0x09) columns += tabSize - (columns % tabSize);
    // From Hangul on, characters count as twice as wide; a few narrow ones among them do no harm.
    else columns += code < 0x1100 ? 1 : 2;
  }
  return columns;
}

/** The index in a line nearest to a column, never inside a character. */
export function offsetAtColumn(line: string, column: number, tabSize: number): number {
  let columns = 0;
  let at = 0;
  for (const character of line) {
    const next = columns + columnsOf(character, tabSize - (columns % tabSize));
    if (next > column && next - column > column - columns) break;
    columns = next;
    at += character.length;
    if (columns >= column) break;
  }
  return at;
}

/** The last index whose key is at most `key`, -1 if none; keys ascend. */
export function lastAtOrBefore(length: number, key: number, keyAt: (index: number) => number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keyAt(middle) <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
