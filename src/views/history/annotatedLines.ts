/** The ages, in ms, below which a line is of each heat, the newest first; older lines are of the last one. */
const hour = 3_600_000;
const ages = [hour, 24 * hour, 7 * 24 * hour, 30 * 24 * hour];

/** One for each of {@link heatOf}, from new to old, to be seen on light and dark. */
export const heatColors = ['#e5484d', '#f76b15', '#d9a514', '#30a46c', '#6e7781'] as const;

/** How new a line is: 0, the newest, to 4. */
export function heatOf(ageMs: number): number {
  const level = ages.findIndex((age) => ageMs < age);
  return level < 0 ? ages.length : level;
}

/** Lines one after the other of the same version. */
export interface AnnotatedBlock {
  /** Index of the version; -1: none has the lines yet. */
  readonly version: number;
  readonly start: number;
  readonly end: number;
}

/** `lines`: for each line the index of its version. */
export function blocksOf(lines: readonly number[]): AnnotatedBlock[] {
  const blocks: AnnotatedBlock[] = [];
  lines.forEach((version, line) => {
    const last = blocks.at(-1);
    if (last?.version === version) blocks[blocks.length - 1] = { ...last, end: line + 1 };
    else blocks.push({ version, start: line, end: line + 1 });
  });
  return blocks;
}
