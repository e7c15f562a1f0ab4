import { ObbyError } from '../base/errors';
import type { DiffOptions, Hunk, LineChange, TextDiff } from '../model/diff';
import { diffLines } from './lineDiff';
import { decode, type DecodedText, normalizeEol, splitLines } from './text';

/** Sides beyond these are not compared line by line. */
const maxBytes = 32 * 1024 * 1024;
const maxLines = 1_000_000;

/** A side of a comparison. */
export interface DiffSide {
  /** Its path in the patch: relative, with `/`. */
  readonly path: string;
  /** Undefined when the file does not exist: it was created or deleted. */
  readonly bytes: Uint8Array | undefined;
}

/** How many lines a change adds and removes; both are absent for binary and huge contents. */
export interface ChangeCounts {
  readonly added?: number;
  readonly removed?: number;
  /** Only line endings differ. */
  readonly eolOnly: boolean;
  /** A side is not text. */
  readonly binary: boolean;
}

/**
 * The difference of two contents. The patch is a text; for contents in UTF-8 it is exact byte for byte when written in
 * UTF-8. Throws `badArgument`.
 */
export function diffBytes(from: DiffSide, to: DiffSide, options: DiffOptions = {}): TextDiff {
  return compareBytes(from, to, options).diff;
}

/** The same with the texts whose lines were compared, `''` where none were; UTF-8's byte order mark is part of them. */
export function compareBytes(
  from: DiffSide,
  to: DiffSide,
  options: DiffOptions,
): { readonly diff: TextDiff; readonly oldText: string; readonly newText: string } {
  const context = options.context ?? 3;
  if (!Number.isSafeInteger(context) || context < 0) {
    throw new ObbyError('badArgument', `The option "context" must be a whole number of lines, not ${String(context)}.`);
  }
  const compared = compare(from.bytes ?? nothing, to.bytes ?? nothing);
  const { oldText, newText, oldLines, newLines, changes, ...facts } = compared;
  const hunks = hunksOf(oldLines, newLines, changes, context);
  const patch = formatPatch(from.bytes && from.path, to.bytes && to.path, hunks);
  return { diff: { ...facts, ...count(changes), changes, hunks, patch }, oldText, newText };
}

/** The counts of {@link diffBytes} alone. */
export function countChanges(before: Uint8Array, after: Uint8Array): ChangeCounts {
  const { changes, eolOnly, binary, tooLarge } = compare(before, after);
  return { ...(!binary && !tooLarge && count(changes)), eolOnly, binary };
}

interface Comparison {
  readonly oldText: string;
  readonly newText: string;
  readonly oldLines: readonly string[];
  readonly newLines: readonly string[];
  readonly changes: readonly LineChange[];
  readonly identical: boolean;
  readonly eolOnly: boolean;
  readonly encodingOnly: boolean;
  readonly binary: boolean;
  readonly tooLarge: boolean;
}

const nothing = new Uint8Array();

/** The comparison without changes and flags. */
const noChanges: Comparison = {
  oldText: '',
  newText: '',
  oldLines: [],
  newLines: [],
  changes: [],
  identical: false,
  eolOnly: false,
  encodingOnly: false,
  binary: false,
  tooLarge: false,
};

function compare(before: Uint8Array, after: Uint8Array): Comparison {
  const identical = Buffer.compare(before, after) === 0;
  if (before.length > maxBytes || after.length > maxBytes) return { ...noChanges, identical, tooLarge: true };
  const from = decode(before);
  const to = identical ? from : decode(after);
  if (!from || !to) return { ...noChanges, identical, binary: true };
  if (identical) return { ...noChanges, identical };
  const [oldText, newText] = [withBom(from), withBom(to)];
  const [oldLines, newLines] = [splitLines(oldText, maxLines), splitLines(newText, maxLines)];
  if (!oldLines || !newLines) return { ...noChanges, tooLarge: true };
  const sameEncoding = from.encoding === to.encoding;
  return {
    ...noChanges,
    oldText,
    newText,
    oldLines,
    newLines,
    changes: diffLines(oldLines, newLines),
    eolOnly: sameEncoding && differInEolOnly(from.text, to.text),
    encodingOnly: !sameEncoding && from.text === to.text,
  };
}

/** The byte order mark of UTF-8 is part of the first line, as for `patch`; that of UTF-16 is left out of a patch. */
function withBom({ text, encoding }: DecodedText): string {
  return encoding === 'utf8bom' ? `\ufeff${text}` : text;
}

/** For texts that differ. */
function differInEolOnly(a: string, b: string): boolean {
  return (a.includes('\r') || b.includes('\r')) && normalizeEol(a) === normalizeEol(b);
}

function count(changes: readonly LineChange[]): { added: number; removed: number } {
  let [added, removed] = [0, 0];
  for (const { oldStart, oldEnd, newStart, newEnd } of changes) {
    added += newEnd - newStart;
    removed += oldEnd - oldStart;
  }
  return { added, removed };
}

/** In a patch, follows a last line without a line feed. */
const noNewline = '\\ No newline at end of file';

/** Groups changes that are within twice the context of each other, as `diff -u` does. */
function hunksOf(
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
function formatPatch(oldPath: string | undefined, newPath: string | undefined, hunks: readonly Hunk[]): string {
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
