/**
 * Splits at `\n`, as `git` and `patch` do; every line keeps its terminator, so that joining gives the text back and a
 * change of line ending, or of the last line's newline, is a change of that line. A lone `\r` is a character like any
 * other. Undefined when there are more than `maxLines`.
 */
export function splitLines(text: string, maxLines = Infinity): string[] | undefined {
  const lines: string[] = [];
  let start = 0;
  while (start < text.length) {
    if (lines.length === maxLines) return undefined;
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline + 1;
    lines.push(text.slice(start, end));
    start = end;
  }
  return lines;
}

/** Every line ending (`\r\n`, lone `\r`) written as `\n`. */
export function normalizeEol(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
