import type { DiffOptions, LineChange, TextDiff } from '../model/diff';
import { ObbyError } from '../base/errors';
import { hunksOf, formatPatch } from './unifiedPatch';
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
