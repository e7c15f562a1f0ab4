import type { FrameLocator } from 'playwright-core';

/** What is used of a row's element; the tests themselves are compiled for Node. */
interface RowElement {
  querySelectorAll(selector: string): Iterable<{ readonly textContent: string }>;
}

/** What stands in the numbers and lines of a row, in either layout. */
interface ShownRow {
  /** Of the old and the new line; `''` where there is none. */
  readonly numbers: readonly string[];
  readonly lines: readonly string[];
}

/** The texts that a diff panel shows of both sides, put together by its line numbers; what is folded away is missing. */
export async function shownTexts(panel: FrameLocator): Promise<{ left: string; right: string }> {
  const rows = await panel.locator('[role=row]:not(.folded)').evaluateAll((found: RowElement[]) =>
    found.map((row): ShownRow => {
      const texts = (selector: string) => Array.from(row.querySelectorAll(selector), (cell) => cell.textContent);
      return { numbers: texts('.number'), lines: texts('.line') };
    }),
  );
  const sides: [string[], string[]] = [[], []];
  for (const { numbers, lines } of rows) {
    const numbered = sides.filter((_, side) => numbers[side] !== '');
    numbered.forEach((side, index) => {
      const number = Number(numbers[sides.indexOf(side)]);
      // A line that both sides have stands there once or, side by side, twice.
      side[number - 1] = lines[index] ?? lines[0] ?? '';
    });
  }
  const [left, right] = sides.map((lines) => lines.map((line) => `${line}\n`).join(''));
  return { left: left ?? '', right: right ?? '' };
}
