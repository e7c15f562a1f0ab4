import { isUtf8 } from 'node:buffer';
import { ListWriter, type LineIndex } from './lineIndexFormat';

/** Limits of an index: contents beyond them are read by each search. In UTF-16 units. */
const maxText = 64 << 20;
const maxLine = 10_000;
/** A part is small enough to be searched in one turn. */
const partText = 512 << 10;

const byteOrderMark = 0xfeff;
const endOfAnyLine = /\r\n|[\r\n]/;

/** Collects the lines of contents, in the order of a segment, where those of a file are side by side. */
export class LineIndexBuilder {
  private readonly numbers = new Map<string, number>();
  private readonly parts: { readonly lines: number; readonly text: string }[] = [];
  private part: string[] = [];
  private partSize = 0;
  private size = 0;
  private readonly keys: number[] = [];
  private readonly others: number[] = [];
  private readonly lists = new ListWriter();

  /** `key`: the first 32 bits of the content's hash. `bytes` is undefined where it cannot be read. */
  add(key: number, bytes: Uint8Array | undefined): void {
    const lines = bytes === undefined ? undefined : linesOf(bytes);
    if (lines === undefined || this.size > maxText) {
      this.others.push(key);
      return;
    }
    this.keys.push(key);
    this.lists.add(new Set(lines.map((line) => this.numberOf(line))));
  }

  finish(): LineIndex {
    this.closePart();
    return {
      keys: Uint32Array.from(this.keys),
      others: Uint32Array.from(this.others),
      lists: this.lists.finish(),
      parts: this.parts,
    };
  }

  private numberOf(line: string): number {
    const known = this.numbers.get(line);
    if (known !== undefined) return known;
    const number = this.numbers.size;
    // A copy: a part of a string keeps all of it in memory.
    const own = Buffer.from(line, 'utf16le').toString('utf16le');
    this.numbers.set(own, number);
    this.part.push(own);
    this.partSize += own.length;
    this.size += own.length;
    if (this.partSize >= partText) this.closePart();
    return number;
  }

  private closePart(): void {
    if (this.part.length === 0) return;
    this.parts.push({ lines: this.part.length, text: `${this.part.join('\n')}\n` });
    this.part = [];
    this.partSize = 0;
  }
}

/** The lines of a text in UTF-8, none of binary content; undefined where the lines depend on an encoding, or are long. */
function linesOf(bytes: Uint8Array): string[] | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!isUtf8(buffer) || buffer.includes(0)) return undefined;
  const text = buffer.toString('utf8', buffer.length > 2 && buffer.readUIntBE(0, 3) === 0xefbbbf ? 3 : 0);
  if (text.charCodeAt(0) === byteOrderMark) return undefined;
  const lines = text.split(endOfAnyLine);
  return lines.some((line) => line.length > maxLine) ? undefined : lines;
}
