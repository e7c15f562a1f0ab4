import type { Hunk, LineChange } from '../model/diff';

/** In a patch, follows a last line without a line feed. */
const noNewline = '\\ No newline at end of file';

/** Groups changes that are within twice the context of each other, as `diff -u` does. */
export function hunksOf(
  oldLines: readonly string[],
  newLines: readonly string[],
  changes: readonly LineChange[],
  context: number,
): Hunk[] {
  const hunks: Hunk[] = [];
  let group: LineChange[] = [];
  changes.forEach((change, index) => {
    group.push(change);
    const next = changes[index + 1];
    if (next !== undefined && next.oldStart - change.oldEnd <= 2 * context) return;
    hunks.push(hunkOf(oldLines, newLines, group, context));
    group = [];
  });
  return hunks;
}

/** `group` is not empty. */
function hunkOf(
  oldLines: readonly string[],
  newLines: readonly string[],
  group: readonly LineChange[],
  context: number,
): Hunk {
  const first = group[0] as LineChange;
  const last = group.at(-1) as LineChange;
  const before = Math.min(context, first.oldStart);
  const oldStart = first.oldStart - before;
  const newStart = first.newStart - before;
  const oldEnd = Math.min(last.oldEnd + context, oldLines.length);
  const lines: string[] = [];
  let kept = oldStart;
  for (const change of group) {
    addLines(lines, ' ', oldLines, kept, change.oldStart);
    addLines(lines, '-', oldLines, change.oldStart, change.oldEnd);
    addLines(lines, '+', newLines, change.newStart, change.newEnd);
    kept = change.oldEnd;
  }
  addLines(lines, ' ', oldLines, kept, oldEnd);
  const oldCount = oldEnd - oldStart;
  const newCount = last.newEnd + (oldEnd - last.oldEnd) - newStart;
  return {
    oldStart: oldCount === 0 ? oldStart : oldStart + 1,
    oldLines: oldCount,
    newStart: newCount === 0 ? newStart : newStart + 1,
    newLines: newCount,
    lines,
  };
}

function addLines(to: string[], sign: ' ' | '-' | '+', lines: readonly string[], start: number, end: number): void {
  for (const line of lines.slice(start, end)) {
    if (line.endsWith('\n')) to.push(sign + line.slice(0, -1));
    else to.push(sign + line, noNewline);
  }
}

/** The name of a side that does not exist. */
const nowhere = '/dev/null';

const escapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
};

/**
 * A patch for `patch -p1` and `git apply`, empty without hunks. Paths are relative, with `/`; undefined for a side that
 * does not exist.
 */
export function formatPatch(oldPath: string | undefined, newPath: string | undefined, hunks: readonly Hunk[]): string {
  if (hunks.length === 0) return '';
  const files = `--- ${fileName('a/', oldPath)}\n+++ ${fileName('b/', newPath)}\n`;
  return files + hunks.map((hunk) => formatHunk(hunk)).join('');
}

function formatHunk({ oldStart, oldLines, newStart, newLines, lines }: Hunk): string {
  return `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@\n${lines.join('\n')}\n`;
}

function range(start: number, count: number): string {
  return count === 1 ? `${start}` : `${start},${count}`;
}

/** Quoted where git quotes. A name with a space ends with a tab, so that a parser finds its end. */
function fileName(prefix: string, path: string | undefined): string {
  if (path === undefined) return nowhere;
  return quote(prefix + path) + (path.includes(' ') ? '\t' : '');
}

/**
 * As a C string if it has a control character, a quote, a backslash, or a byte that is not ASCII, so that nothing is
 * hidden in a name.
 */
function quote(path: string): string {
  // eslint-disable-next-line no-control-regex -- to match them
  if (!/[\x00-\x1f"\\\x7f-\uffff]/.test(path)) return path;
  const quoted = Array.from(Buffer.from(path, 'utf8'), (byte) => {
    const character = String.fromCharCode(byte);
    if (escapes[character] !== undefined) return escapes[character];
    return byte < 0x20 || byte >= 0x7f ? `\\${byte.toString(8).padStart(3, '0')}` : character;
  });
  return `"${quoted.join('')}"`;
}
