import { diffLines } from '../../diff/lineDiff';
import type { LineFate } from '../../model/search';
import type { LineMatch } from './lineMatches';

/** A matching line that one state has and the other has not. */
export interface MatchChange {
  readonly match: LineMatch;
  readonly change: LineFate;
}

/**
 * What happened to the matching lines between two states, by line, removals first. A line was added if it occurs more
 * often than before, so that a move within the file is no change.
 */
export function changesBetween(before: readonly LineMatch[], now: readonly LineMatch[]): MatchChange[] {
  if (before.length === 0) return now.map((match) => ({ match, change: 'added' }));
  if (now.length === 0) return before.map((match) => ({ match, change: 'removed' }));
  const [keysBefore, keysNow] = [before, now].map((matches) => matches.map(({ key }) => key)) as [string[], string[]];
  // Of several equal lines, those that the shortest script adds or removes.
  const script = diffLines(keysBefore, keysNow);
  if (script.length === 0) return [];
  const surplus = new Map<string, number>();
  for (const key of keysNow) surplus.set(key, (surplus.get(key) ?? 0) + 1);
  for (const key of keysBefore) surplus.set(key, (surplus.get(key) ?? 0) - 1);
  const changes: MatchChange[] = [];
  for (const { oldStart, oldEnd, newStart, newEnd } of script) {
    for (const match of before.slice(oldStart, oldEnd)) {
      const left = surplus.get(match.key) ?? 0;
      if (left >= 0) continue;
      surplus.set(match.key, left + 1);
      changes.push({ match, change: 'removed' });
    }
    for (const match of now.slice(newStart, newEnd)) {
      const left = surplus.get(match.key) ?? 0;
      if (left <= 0) continue;
      surplus.set(match.key, left - 1);
      changes.push({ match, change: 'added' });
    }
  }
  return changes.sort((a, b) => a.match.line - b.match.line || (a.change === 'removed' ? -1 : 1));
}
