import type { LineChange } from '../model/diff';
import { lineStarts } from './lines';

/** A text and where its lines begin; the last entry of `starts` is the end of the text. */
export interface IndexedText {
  readonly text: string;
  readonly starts: Uint32Array;
}

export function indexText(text: string): IndexedText {
  return { text, starts: lineStarts(text) };
}

/** The number of lines. */
export function lineCount({ starts }: IndexedText): number {
  return starts.length - 1;
}

/** A line with its ending. */
export function lineAt({ text, starts }: IndexedText, line: number): string {
  return text.slice(starts[line], starts[line + 1]);
}

/** Two places, in lines. */
interface Meeting {
  readonly old: number;
  readonly now: number;
}

/** After a difference, how far to look for equal lines, and how many in a row are taken for the same place. */
const reach = 64;
const enough = 3;

/**
 * Stretches of lines, ascending, outside of which two texts are the same; each holds one difference or more. Long texts
 * with few differences are compared far faster than line by line.
 */
export function differingStretches(old: IndexedText, now: IndexedText): LineChange[] {
  const stretches: LineChange[] = [];
  const [oldEnd, newEnd] = [lineCount(old), lineCount(now)];
  for (let at: Meeting = { old: 0, now: 0 }; ;) {
    const same = commonLines(old, at.old, now, at.now);
    at = { old: at.old + same, now: at.now + same };
    if (at.old === oldEnd && at.now === newEnd) return stretches;
    const meeting = meetingAfter(old, now, at) ?? lastMeeting(old, now, at);
    stretches.push({ oldStart: at.old, oldEnd: meeting.old, newStart: at.now, newEnd: meeting.now });
    at = meeting;
  }
}

/** The characters that are compared at once: pieces are compared far faster than single characters. */
const piece = 4096;

/** How many lines are the same from two places on. */
function commonLines(old: IndexedText, oldLine: number, now: IndexedText, newLine: number): number {
  const [a, b] = [old.text, now.text];
  const [from, to] = [old.starts[oldLine] ?? 0, now.starts[newLine] ?? 0];
  const most = Math.min(a.length - from, b.length - to);
  let same = 0;
  while (same + piece <= most && a.slice(from + same, from + same + piece) === b.slice(to + same, to + same + piece))
    same += piece;
  while (same < most && a.charCodeAt(from + same) === b.charCodeAt(to + same)) same++;
  let lines = Math.min(linesBefore(old.starts, oldLine, from + same), linesBefore(now.starts, newLine, to + same));
  // What follows may be the rest of the last common line's ending.
  while (lines > 0 && (old.starts[oldLine + lines] ?? 0) - from !== (now.starts[newLine + lines] ?? 0) - to) lines--;
  return lines;
}

/** Lines from one on that end at an offset or before it. */
function linesBefore(starts: Uint32Array, line: number, offset: number): number {
  let [low, high] = [line, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low - line;
}

/** The nearest places after a difference from which some lines in a row are the same; undefined if there are none. */
function meetingAfter(old: IndexedText, now: IndexedText, at: Meeting): Meeting | undefined {
  const linesFrom = (side: IndexedText, line: number): string[] =>
    Array.from({ length: Math.min(reach, lineCount(side) - line) }, (_, by) => lineAt(side, line + by));
  const [before, after] = [linesFrom(old, at.old), linesFrom(now, at.now)];
  const places = new Map<string, number[]>();
  before.forEach((line, by) => places.set(line, [...(places.get(line) ?? []), by]));
  const isMeeting = (x: number, y: number): boolean => {
    for (let by = 0; by < enough; by++) {
      const isEnd = at.old + x + by === lineCount(old) && at.now + y + by === lineCount(now);
      if (isEnd && by > 0) return true;
      if (before[x + by] === undefined || before[x + by] !== after[y + by]) return false;
    }
    return true;
  };
  let best: Meeting | undefined;
  for (let y = 0; y < after.length && y < (best ? best.old + best.now : Infinity); y++) {
    const found = places.get(after[y] ?? '')?.find((x) => isMeeting(x, y));
    if (found !== undefined && found + y < (best ? best.old + best.now : Infinity)) best = { old: found, now: y };
  }
  return best && { old: at.old + best.old, now: at.now + best.now };
}

/** From where on all lines are the same. */
function lastMeeting(old: IndexedText, now: IndexedText, at: Meeting): Meeting {
  let [oldEnd, newEnd] = [lineCount(old), lineCount(now)];
  while (oldEnd > at.old && newEnd > at.now && lineAt(old, oldEnd - 1) === lineAt(now, newEnd - 1)) {
    oldEnd--;
    newEnd--;
  }
  return { old: oldEnd, now: newEnd };
}
