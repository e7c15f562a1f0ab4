/** The ending of all lines of a text, or `mixed`. */
export type LineEnding = 'LF' | 'CRLF' | 'CR' | 'mixed';

/**
 * The offset of each line, and of the end of the text. Lines end with `\r\n`, `\n` or `\r`, as in VS Code; there is no
 * line after a last ending. Undefined when there are more than `maxLines`.
 */
export function lineStarts(text: string, maxLines?: undefined): Uint32Array<ArrayBuffer>;
export function lineStarts(text: string, maxLines: number): Uint32Array<ArrayBuffer> | undefined;
export function lineStarts(text: string, maxLines = Infinity): Uint32Array<ArrayBuffer> | undefined {
  const endOf = endOfLineIn(text);
  let starts = new Uint32Array(1024);
  let count = 0;
  for (let at = 0; at < text.length; at = endOf(text, at)) {
    if (count === maxLines) return undefined;
    if (count + 2 > starts.length) starts = doubled(starts);
    starts[count++] = at;
  }
  starts[count] = text.length;
  return starts.subarray(0, count + 1);
}

/** The lines with their endings, so that joining them restores the text; see {@link lineStarts}. */
export function splitLines(text: string): string[] {
  return splitBy(text, endOfLineIn(text));
}

/**
 * The lines of a patch: they end with `\n` only, and keep it. A `\r` is an ordinary character, as for `git`. Of more
 * than `maxLines`, one more is returned.
 */
export function splitAtLineFeeds(text: string, maxLines = Infinity): string[] {
  return splitBy(text, endAtLineFeed, maxLines + 1);
}

/** Replaces every line ending (`\r\n`, lone `\r`) by `\n`. */
export function normalizeEol(text: string): string {
  return hasLoneReturn(text) ? text.replace(/\r\n?/g, '\n') : text.replaceAll('\r\n', '\n');
}

/** Undefined for a text without line ending. */
export function lineEndingOf(text: string): LineEnding | undefined {
  if (!text.includes('\r')) return text.includes('\n') ? 'LF' : undefined;
  const kinds = [text.includes('\r\n') && 'CRLF', hasLoneReturn(text) && 'CR', /(?<!\r)\n/.test(text) && 'LF'] as const;
  const found = kinds.filter((kind) => kind !== false);
  return found.length > 1 ? 'mixed' : found[0];
}

type EndOfLine = (text: string, start: number) => number;

function hasLoneReturn(text: string): boolean {
  return /\r(?!\n)/.test(text);
}

function endOfLineIn(text: string): EndOfLine {
  return hasLoneReturn(text) ? endOfAnyLine : endAtLineFeed;
}

function splitBy(text: string, endOf: EndOfLine, most = Infinity): string[] {
  const lines: string[] = [];
  for (let start = 0; start < text.length && lines.length < most;) {
    const end = endOf(text, start);
    lines.push(text.slice(start, end));
    start = end;
  }
  return lines;
}

function endAtLineFeed(text: string, start: number): number {
  const newline = text.indexOf('\n', start);
  return newline === -1 ? text.length : newline + 1;
}

/** Not by `indexOf`, which would search the whole text for an ending that it does not have, for every line. */
function endOfAnyLine(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x0a) return at + 1;
    if (code === 0x0d) return text.charCodeAt(at + 1) === 0x0a ? at + 2 : at + 1;
  }
  return text.length;
}

function doubled(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}
