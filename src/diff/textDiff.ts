import { ObbyError } from '../base/errors';
import type { DiffOptions, Hunk, LineChange, TextDiff } from '../model/diff';
import { diffLines } from './lineDiff';
import { decodeSides, type DecodedSides, type DiffSide } from './decodeSides';
import { normalizeEol, splitAtLineFeeds, splitLines, type LineEnding } from './lines';

/** Sides beyond these are not compared line by line. */
const maxBytes = 32 * 1024 * 1024;
const maxLines = 1_000_000;

/** How many lines a change adds and removes; both are absent for binary and huge contents. */
export interface ChangeCounts {
  readonly added?: number;
  readonly removed?: number;
  /** Only line endings differ. */
  readonly eolOnly: boolean;
  /** A side is not text. */
  readonly binary: boolean;
}

/** What the comparison read of a side; nothing where no lines were compared. */
export interface ReadText {
  /** Without byte order mark. */
  readonly text: string;
  readonly encoding?: string;
  readonly lineEnding?: LineEnding;
}

/**
 * The difference of two contents. The patch is a text; for contents in UTF-8 it is exact byte for byte when written in
 * UTF-8. Throws `badArgument`.
 */
export function diffBytes(from: DiffSide, to: DiffSide, options: DiffOptions = {}): TextDiff {
  return compareBytes(from, to, options).diff;
}

/** The same with the texts whose lines were compared. */
export function compareBytes(
  from: DiffSide,
  to: DiffSide,
  options: DiffOptions,
): { readonly diff: TextDiff; readonly old: ReadText; readonly new: ReadText } {
  const context = options.context ?? 3;
  if (!Number.isSafeInteger(context) || context < 0) {
    throw new ObbyError('badArgument', `The option "context" must be a whole number of lines, not ${String(context)}.`);
  }
  const { sides, lines, ...facts } = compare(from, to, options.encodings);
  const diff = { ...facts, ...count(facts.changes) };
  if (!sides) return { diff: { ...diff, hunks: [], patch: '' }, old: noText, new: noText };
  const { oldLines, newLines, changes } = patchLines(sides, facts.changes, lines);
  const hunks = hunksOf(oldLines, newLines, changes, context);
  const patch = formatPatch(from.bytes && from.path, to.bytes && to.path, hunks);
  return { diff: { ...diff, hunks, patch }, old: readOf(from, sides.old), new: readOf(to, sides.new) };
}

/** The counts of {@link diffBytes} alone. */
export function countChanges(before: Uint8Array, after: Uint8Array): ChangeCounts {
  const { changes, eolOnly, binary, tooLarge } = compare({ path: '', bytes: before }, { path: '', bytes: after });
  return { ...(!binary && !tooLarge && count(changes)), eolOnly, binary };
}

interface Comparison extends Omit<TextDiff, 'patch' | 'hunks' | 'added' | 'removed'> {
  /** Undefined where no lines were compared. */
  readonly sides: DecodedSides | undefined;
  /** The compared lines, if they were compared without endings. */
  readonly lines?: SideLines;
}

interface SideLines {
  readonly oldLines: readonly string[];
  readonly newLines: readonly string[];
}

const nothing = new Uint8Array();
const noText: ReadText = { text: '' };

/** The comparison without changes and flags. */
const noChanges: Comparison = {
  sides: undefined,
  changes: [],
  identical: false,
  eolOnly: false,
  eolChanged: 0,
  encodingOnly: false,
  binary: false,
  tooLarge: false,
};

function compare(from: DiffSide, to: DiffSide, encodings: readonly string[] = []): Comparison {
  const [before, after] = [from.bytes ?? nothing, to.bytes ?? nothing];
  const identical = Buffer.compare(before, after) === 0;
  if (before.length > maxBytes || after.length > maxBytes) return { ...noChanges, identical, tooLarge: true };
  const sides = decodeSides(from, to, encodings);
  if (!sides) return { ...noChanges, identical, binary: true };
  const { old, new: now } = sides;
  if (identical || (sides.isGiven && old.text === now.text)) return { ...noChanges, identical: true };
  return { ...noChanges, ...compareTexts(sides) };
}

/** Lines are compared without their endings, unless nothing else differs. */
function compareTexts(sides: DecodedSides): Partial<Comparison> {
  const { old, new: now, sameEncoding } = sides;
  const comparable = haveOneEnding(sides) ? (text: string) => text : normalizeEol;
  const [oldText, newText] = [comparable(old.compared), comparable(now.compared)];
  const [oldLines, newLines] = [splitAtLineFeeds(oldText, maxLines), splitAtLineFeeds(newText, maxLines)];
  if (oldLines.length > maxLines || newLines.length > maxLines) return { tooLarge: true };
  if (oldText !== newText) {
    const changes = diffLines(oldLines, newLines);
    return { sides, lines: { oldLines, newLines }, changes, eolChanged: countEolChanges(sides, changes) };
  }
  if (old.compared === now.compared) return { sides, encodingOnly: true };
  return { sides, changes: diffLines(splitLines(old.compared), splitLines(now.compared)), eolOnly: sameEncoding };
}

/** How many unchanged lines end differently. */
function countEolChanges({ old, new: now }: DecodedSides, changes: readonly LineChange[]): number {
  if (old.lineEnding === now.lineEnding && old.lineEnding !== 'mixed') return 0;
  const [oldLines, newLines] = [splitLines(old.text), splitLines(now.text)];
  let found = 0;
  let oldAt = 0;
  let newAt = 0;
  for (const { oldStart, oldEnd, newEnd } of [...changes, atEnd(oldLines.length)]) {
    while (oldAt < oldStart) if (endingOf(oldLines[oldAt++]) !== endingOf(newLines[newAt++])) found++;
    [oldAt, newAt] = [oldEnd, newEnd];
  }
  return found;
}

function atEnd(line: number): LineChange {
  return { oldStart: line, oldEnd: line, newStart: line, newEnd: line };
}

function endingOf(line = ''): string {
  if (line.endsWith('\r\n')) return '\r\n';
  return line.endsWith('\n') || line.endsWith('\r') ? line.slice(-1) : '';
}

/**
 * The lines of a patch, with their byte order mark and endings, and their changes. They are the changes of the shown
 * lines if neither marks nor endings differ.
 */
function patchLines(sides: DecodedSides, changes: readonly LineChange[], shown: SideLines | undefined) {
  const { old, new: now } = sides;
  const haveOne = haveOneEnding(sides);
  if (shown && haveOne && isPlain(old) && isPlain(now)) return { ...shown, changes };
  const [oldLines, newLines] = [splitAtLineFeeds(old.bom + old.text), splitAtLineFeeds(now.bom + now.text)];
  // A mark without text is a line of a patch.
  const sameBoms = old.bom === now.bom && (old.bom === '' || (old.text !== '' && now.text !== ''));
  if (haveOne && sameBoms) return { oldLines, newLines, changes };
  const [oldExact, newExact] = [splitAtLineFeeds(old.bom + old.compared), splitAtLineFeeds(now.bom + now.compared)];
  return { oldLines, newLines, changes: diffLines(oldExact, newExact) };
}

function isPlain({ bom, text, compared }: DecodedSides['old']): boolean {
  return bom === '' && text === compared;
}

/** Whether all lines of both sides end in the same way, and as lines of a patch do. */
function haveOneEnding({ old, new: now }: DecodedSides): boolean {
  const endings = new Set([old.lineEnding, now.lineEnding]);
  endings.delete(undefined);
  return endings.size < 2 && !endings.has('mixed') && !endings.has('CR');
}

function readOf({ bytes, isGiven }: DiffSide, { text, encoding, lineEnding }: DecodedSides['old']): ReadText {
  if (bytes === undefined) return noText;
  return { text, ...(isGiven !== true && { encoding }), ...(lineEnding && { lineEnding }) };
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
  // oxlint-disable-next-line no-control-regex -- to match them
  if (!/[\x00-\x1f"\\\x7f-\uffff]/.test(path)) return path;
  const quoted = Array.from(Buffer.from(path, 'utf8'), (byte) => {
    const character = String.fromCharCode(byte);
    if (escapes[character] !== undefined) return escapes[character];
    return byte < 0x20 || byte >= 0x7f ? `\\${byte.toString(8).padStart(3, '0')}` : character;
  });
  return `"${quoted.join('')}"`;
}
