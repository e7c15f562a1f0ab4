import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';

/** Two equal pictures this far apart show a workbench at rest; one that never rests is taken as it is. */
const restMs = 400;
const restTimeoutMs = 20_000;

/** Waits until the page has come to rest and saves what it shows as a PNG. */
export async function takeScreenshot(page: Page, file: string): Promise<void> {
  const giveUpAt = Date.now() + restTimeoutMs;
  let picture = await page.screenshot();
  for (let resting = false; !resting && Date.now() < giveUpAt;) {
    await delay(restMs);
    const next = await page.screenshot();
    resting = next.equals(picture);
    picture = next;
  }
  await writeFile(file, picture);
}
