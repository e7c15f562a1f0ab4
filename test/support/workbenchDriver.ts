import type { FrameLocator, Locator, Page } from 'playwright-core';

/** What a person does in the workbench, for programs that do it in their place. Every wait is for something to appear. */

const askAgainMs = 5_000;
const maxAttempts = 6;

/** Runs a command by its whole title in the palette, such as `Obby: Scan Now`. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await choose(page, 'F1', `>${title}`, title);
}

/** Opens a file of the workspace by its path. */
export async function openFile(page: Page, path: string): Promise<void> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  await choose(page, 'Control+P', path, name);
  await page.locator('.tab.active', { hasText: name }).waitFor();
}

/** Shows Obby's sidebar. */
export async function showSidebar(page: Page): Promise<void> {
  await runCommand(page, 'View: Show Obby');
  await page.locator('.sidebar .composite.title', { hasText: 'Obby' }).waitFor();
}

/** A row of a tree in the sidebar, by text that it contains. */
export function row(page: Page, view: string, text: string | RegExp): Locator {
  return page.locator(`.pane:has(.pane-header[aria-label^="${view}"]) .monaco-list-row`, { hasText: text });
}

/** The inside of the diff panel that is in front: a webview lies in two frames. */
export function diffPanel(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
}

/** Picks a row of a quick pick; asks again while what it lists is not there yet, such as a command of an extension. */
async function choose(page: Page, key: string, text: string, label: string): Promise<void> {
  const input = page.locator('.quick-input-widget input.input');
  const found = page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first();
  for (let attempt = 1; ; attempt++) {
    await page.keyboard.press(key);
    await input.fill(text);
    try {
      await found.click({ timeout: askAgainMs });
      break;
    } catch (error) {
      if (attempt === maxAttempts) throw error;
      await page.keyboard.press('Escape');
    }
  }
  await input.waitFor({ state: 'hidden' });
}
