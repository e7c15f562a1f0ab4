import { lineCount, type IndexedText } from '../../diff/indexedText';
import { descentOf, lastChangeBefore, lineKey, originOf, type LineDescent } from '../../diff/lineDescent';
import type { LineHistoryQuery, LineRange, LineVersionRecord } from '../../model/lines';
import type { VersionRecord } from '../../model/version';
import type { OpenHistory } from '../openHistory';
import { textStates, type TextState } from './textStates';

const defaultLimit = 50;

/**
 * The versions that changed some lines of a file, newest first, followed back as far as the lines existed; the last one
 * has them first. Changes of white space only do not count.
 */
export async function lineHistory(
  history: Pick<OpenHistory, 'store' | 'spelled'>,
  path: string,
  range: LineRange,
  query: LineHistoryQuery,
): Promise<LineVersionRecord[]> {
  const { limit = defaultLimit, before } = query;
  const found: LineVersionRecord[] = [];
  let isMeant = before === undefined;
  for await (const change of lineVersions(history, path, range, query)) {
    if (isMeant) found.push(change);
    if (found.length === limit) break;
    isMeant ||= change.version.id === before;
  }
  return found;
}

async function* lineVersions(
  history: Pick<OpenHistory, 'store' | 'spelled'>,
  path: string,
  range: LineRange,
  query: LineHistoryQuery,
): AsyncGenerator<LineVersionRecord, void, undefined> {
  let state: TextState | undefined;
  let lines = range;
  for await (const older of textStates(history, path, query)) {
    if (!state) lines = within(older.text, range);
    else if (state.text !== older.text) {
      const descent = descentOf(older.text, state.text);
      const earlier = earlierLines(lines, descent);
      const isOther = isChanged(lines, earlier, descent, { old: older.text, now: state.text });
      if (isOther && state.version) yield lineVersion(state.version, lines, { ...older, range: earlier });
      lines = earlier;
    }
    state = older;
    if (lines.start === lines.end) return;
  }
  if (state?.version) yield lineVersion(state.version, lines);
}

function lineVersion(
  version: VersionRecord,
  range: LineRange,
  before?: { readonly version: VersionRecord | undefined; readonly range: LineRange },
): LineVersionRecord {
  return { version, range, ...(before?.version && { before: { version: before.version, range: before.range } }) };
}

function within(text: IndexedText, { start, end }: LineRange): LineRange {
  const most = lineCount(text);
  return { start: Math.min(start, most), end: Math.min(end, most) };
}

/** Where the lines were before; empty, and the place where they came, if there was none of them. */
function earlierLines({ start, end }: LineRange, descent: LineDescent): LineRange {
  const origins = originsOf({ start, end }, descent).filter((line) => line >= 0);
  const moved = {
    start: origins.reduce((least, line) => Math.min(least, line), Infinity),
    end: origins.reduce((most, line) => Math.max(most, line + 1), 0),
  };
  const isMovedWhole = origins.length === end - start && moved.end - moved.start === end - start;
  if (isMovedWhole) return moved;
  const place = { start: placeOf(start, descent).start, end: placeOf(end - 1, descent).end };
  if (place.end > place.start) return place;
  return origins.length > 0 ? moved : { start: place.start, end: place.start };
}

function originsOf({ start, end }: LineRange, descent: LineDescent): number[] {
  return Array.from({ length: end - start }, (_, at) => originOf(start + at, descent));
}

/** The lines in whose place a line is: those of its whole change, where they are not as many as before. */
function placeOf(line: number, { changes, moved }: LineDescent): LineRange {
  const one = (start: number): LineRange => ({ start, end: start + 1 });
  const change = lastChangeBefore(line, changes);
  if (!change) return one(line);
  const { oldStart, oldEnd, newStart, newEnd, isWrapped } = change;
  if (line >= newEnd) return one(line - newEnd + oldEnd);
  if (oldEnd - oldStart === newEnd - newStart) return one(oldStart + line - newStart);
  const from = isWrapped ? moved.get(line) : undefined;
  return {
    start: from === undefined || line === newStart ? oldStart : from,
    end: from === undefined || line === newEnd - 1 ? oldEnd : from + 1,
  };
}

/** Whether one of the lines is new, or one that was among them is not any more; blank lines do not count. */
function isChanged(
  lines: LineRange,
  earlier: LineRange,
  descent: LineDescent,
  { old, now }: { readonly old: IndexedText; readonly now: IndexedText },
): boolean {
  if (earlier.start === earlier.end) return true;
  const origins = originsOf(lines, descent);
  if (origins.some((from, at) => from < 0 && lineKey(now, lines.start + at) !== '')) return true;
  const kept = new Set(origins);
  const wrapped = descent.changes.filter(({ isWrapped }) => isWrapped);
  for (let line = earlier.start; line < earlier.end; line++) {
    const isKept = kept.has(line) || wrapped.some(({ oldStart, oldEnd }) => oldStart <= line && line < oldEnd);
    if (!isKept && lineKey(old, line) !== '') return true;
  }
  return false;
}
