import type { DiffOptions, LineChange, TextDiff } from '../model/diff';
import { ObbyError } from '../base/errors';
import { hunksOf, formatPatch } from './unifiedPatch';
import { diffLines } from './lineDiff';
import { normalizeEol, splitLines, decode, type DecodedText } from './text';

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
