/** A range of a line or text, in UTF-16 units, half-open. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A piece of a line as it is rendered. */
export type LineSegment =
  | { readonly kind: 'text'; readonly text: string; readonly marked: boolean }
  /** Blanks whose change would be invisible: shown as dots and arrows. */
  | { readonly kind: 'blank'; readonly text: string }
  /** A character that is invisible, or changes the order of those around it. `name`: `U+202E`. */
  | {
      readonly kind: 'symbol';
      readonly text: string;
      readonly label: string;
      readonly name: string;
      readonly marked: boolean;
    }
  /** Text that is too long to show. */
  | { readonly kind: 'cut'; readonly count: number };

/** Longer lines are cut, as in VS Code's editor; of a changed one, what is around each change is shown. */
export const maxShownLength = 10_000;
/** How much is shown before and after each change of a cut line: this, or less if there are many. */
const shownAround = { most: 200, least: 10 };
/** How much of each change is shown at least. */
const minShownOfMark = 20;
/** The words in place of cut text take more space than this. */
const minCut = 30;

/**
 * Never rendered directly: control characters, bidirectional overrides, characters without width, unpaired surrogates.
 */
const hidden =
  // oxlint-disable-next-line no-control-regex -- to match them
  /[\0-\x08\x0a-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\p{Cs}\u{e0000}-\u{e007f}]/u;
/** Common in ordinary text, but a change of one is invisible: spaces of other widths, joiners outside of emoji. */
const subtle =
  /[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]|\u200c|(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])(?:\u200d|[\ufe00-\ufe0f])/u;
const hiddenRun = new RegExp(hidden.source, 'gu');
const hiddenOrSubtleRun = new RegExp(`${hidden.source}|${subtle.source}`, 'gu');

/** Whether a text has only printable ASCII and tabs, as most lines do; it needs no further checks. */
export function isPlain(text: string): boolean {
  return !/[^\t\x20-\x7e]/.test(text);
}

/**
 * Splits a line, without its ending, into rendered pieces. `marks` ascend and do not overlap. With `showTrailing`,
 * trailing blanks are shown even if they are not marked.
 */
export function segmentsOf(line: string, marks: readonly TextRange[], showTrailing = false): LineSegment[] {
  const trailing = showTrailing ? line.trimEnd().length : line.length;
  const segments: LineSegment[] = [];
  let at = 0;
  for (const shown of shownParts(line, marks)) {
    if (shown.start > at) segments.push({ kind: 'cut', count: shown.start - at });
    addPart(segments, line, shown, marks, trailing);
    at = shown.end;
  }
  if (at < line.length) segments.push({ kind: 'cut', count: line.length - at });
  return segments;
}

function addPart(
  segments: LineSegment[],
  line: string,
  shown: TextRange,
  marks: readonly TextRange[],
  trailing: number,
): void {
  let at = shown.start;
  for (const mark of marks) {
    if (mark.end <= shown.start || mark.start >= shown.end) continue;
    const start = Math.max(at, mark.start);
    const end = Math.min(mark.end, shown.end);
    addPlain(segments, line, { start: at, end: start }, trailing);
    addMarked(segments, line.slice(start, end), end === line.length);
    at = end;
  }
  addPlain(segments, line, { start: at, end: shown.end }, trailing);
}

/** The parts of a line to show, so that the start of each mark is seen. */
function shownParts(line: string, marks: readonly TextRange[]): TextRange[] {
  if (line.length <= maxShownLength) return [{ start: 0, end: line.length }];
  const parts = partsAround(marks, line.length);
  let rest = maxShownLength - parts.reduce((sum, { start, end }) => sum + end - start, 0);
  const first = parts.shift() ?? { start: 0, end: 0 };
  const toStart = first.start <= rest ? first.start : 0;
  parts.unshift({ ...first, start: first.start - toStart });
  rest -= toStart;
  const last = parts.pop() ?? first;
  parts.push({ ...last, end: Math.min(line.length, last.end + Math.max(0, rest)) });
  const whole = (at: number): number => at - (isInsidePair(line, at) ? 1 : 0);
  return parts.map(({ start, end }) => ({ start: whole(start), end: whole(end) }));
}

function partsAround(marks: readonly TextRange[], length: number): TextRange[] {
  const room = Math.floor(maxShownLength / Math.max(1, marks.length));
  const around = Math.max(shownAround.least, Math.min(shownAround.most, room >> 2));
  const ofMark = Math.max(minShownOfMark, room >> 1);
  const parts: TextRange[] = [];
  for (const mark of marks) {
    const start = Math.max(0, mark.start - around);
    const end = Math.min(length, mark.end + around, mark.start + ofMark + around);
    const last = parts.at(-1);
    if (last && start - last.end < minCut) parts[parts.length - 1] = { ...last, end: Math.max(last.end, end) };
    else parts.push({ start, end });
  }
  return parts;
}

/** Whether an index is inside a surrogate pair. */
export function isInsidePair(line: string, at: number): boolean {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(line.slice(at - 1, at + 1));
}

function addPlain(segments: LineSegment[], line: string, { start, end }: TextRange, trailing: number): void {
  const split = Math.min(end, Math.max(start, trailing));
  addText(segments, line.slice(start, split), false);
  if (split < end) segments.push({ kind: 'blank', text: line.slice(split, end) });
}

function addMarked(segments: LineSegment[], text: string, isAtEnd: boolean): void {
  const visible = isAtEnd || text.trim() === '' ? text.replace(/[ \t]+$/, '') : text;
  addText(segments, visible, true);
  if (visible.length < text.length) segments.push({ kind: 'blank', text: text.slice(visible.length) });
}

function addText(segments: LineSegment[], text: string, marked: boolean): void {
  if (isPlain(text)) {
    if (text !== '') segments.push({ kind: 'text', text, marked });
    return;
  }
  let at = 0;
  for (const match of text.matchAll(marked ? hiddenOrSubtleRun : hiddenRun)) {
    if (match.index > at) segments.push({ kind: 'text', text: text.slice(at, match.index), marked });
    segments.push({ kind: 'symbol', text: match[0], ...symbolOf(match[0].codePointAt(0) ?? 0), marked });
    at = match.index + match[0].length;
  }
  if (at < text.length) segments.push({ kind: 'text', text: text.slice(at), marked });
}

const controlNames =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  );

function symbolOf(code: number): { readonly label: string; readonly name: string } {
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return { label: code === 0x7f ? 'DEL' : (controlNames[code] ?? name), name };
}
