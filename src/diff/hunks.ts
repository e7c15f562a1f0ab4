import type { Hunk, LineChange } from '../model/diff';

/** Follows a line that ends the text without a line feed, in a patch. */
const noNewline = '\\ No newline at end of file';

/** Groups changes that lie within twice the context of each other, as `diff -u` does. */
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
