import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';

/** Where text is on the screen, and what is copied of it. */

export type SideOfDiff = 'left' | 'right';

export interface ScreenPoint {
  readonly x: number;
  readonly y: number;
}

/** Copies with the keyboard and reads the clipboard back by pasting. */
export async function copyByKey(page: Page): Promise<string> {
  await page.keyboard.press('Control+C');
  return clipboardText(page);
}

/** What the clipboard has, with its own line endings. */
export async function clipboardText(page: Page): Promise<string> {
  const pasted = page.evaluate<string>(`new Promise((resolve) => document.addEventListener('paste',
    (event) => resolve(event.clipboardData.getData('text/plain')), { once: true }))`);
  await page.evaluate('undefined');
  await page.keyboard.press('Control+V');
  return pasted;
}

/** The element of a line, counted from 0, on one side of the rows side by side. */
export function lineOn(page: Page, side: SideOfDiff, line: number): Locator {
  const number = page.locator('.number').getByText(String(line + 1), { exact: true });
  return page.locator(`.half.${side}`).filter({ has: number }).locator('.line');
}

/** A point between two characters of a line that has only characters of one column before it, and tabs. */
export async function pointIn(target: Locator, text: string, index: number): Promise<ScreenPoint> {
  const [box, row] = [await target.boundingBox(), await target.locator('..').boundingBox()];
  assert(box && row, `Line "${text}" is not drawn.`);
  const width = await target.page().evaluate<number>(columnWidth);
  let columns = 0;
  for (const character of text.slice(0, index)) columns += character === '\t' ? 4 - (columns % 4) : 1;
  return { x: box.x + columns * width + 1, y: row.y + row.height / 2 };
}

const columnWidth = `(() => {
  const probe = document.createElement('span');
  probe.className = 'probe';
  probe.textContent = 'x'.repeat(100);
  document.body.append(probe);
  const { width } = probe.getBoundingClientRect();
  probe.remove();
  return width / 100;
})()`;

/** Scrolls to a part, 0 to 1, of all rows and returns the lines of a side, counted from 0, that are wholly in sight. */
export function scrollToPart(page: Page, side: SideOfDiff, part: number): Promise<number[]> {
  return page.evaluate<number[]>(`(async () => {
    const scroller = document.querySelector('[data-testid="diff-rows"]');
    scroller.scrollTop = ${part} * (scroller.scrollHeight - scroller.clientHeight);
    const { top } = scroller.getBoundingClientRect();
    const placeOf = (half) => {
      const place = half.getBoundingClientRect();
      return { top: place.top, bottom: place.bottom, number: half.querySelector('.number').textContent };
    };
    const isShown = (place) => place.top >= top && place.bottom <= top + scroller.clientHeight && place.number;
    const shown = () => [...document.querySelectorAll('.half.${side}')].map(placeOf).filter(isShown);
    // Rows are drawn, and may move, in the frames that follow.
    for (let before = '', still = 0; still < 3; ) {
      await new Promise(requestAnimationFrame);
      const now = JSON.stringify(shown());
      still = now === before ? still + 1 : 0;
      before = now;
    }
    return shown().map(({ number }) => number - 1);
  })()`);
}

/** Presses the button at one point and releases it at another. */
export async function dragBetween(page: Page, from: ScreenPoint, to: ScreenPoint): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
  await page.mouse.move(to.x, to.y);
  await page.mouse.up();
}

/** The text that is shown as selected in the rows that are drawn, line by line; `⏎` for a line ending. */
export function paintedText(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('.line')].map((line) => {
    const ranges = [...CSS.highlights.get('selected-text')].filter((range) => line.contains(range.startContainer));
    return ranges.join('') + (line.classList.contains('ends-selected') ? '⏎' : '');
  }).filter((text) => text !== '')`);
}
