import type { FrameLocator, Locator, Page } from 'playwright-core';

/** What a person does in the workbench, for programs that do it in their place. Every wait is for something to appear. */

/** A key that is pressed while the focus moves between the window and a webview may reach neither. */
const repeatMs = 1_500;
const askAgainMs = 5_000;
const maxAttempts = 10;

/** Runs a command by its whole title in the palette, such as `Obby: Scan Now`. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await choose(page, 'F1', `>${title}`, title);
}

/** Opens the palette with a text in it. */
export async function typeInPalette(page: Page, text: string): Promise<void> {
  await repeated(() => ask(page, 'F1', text));
}

/** Opens a file of the workspace by its path. */
export async function openFile(page: Page, path: string): Promise<void> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  await repeated(async () => {
    await choose(page, 'Control+P', path, name);
    // What a command did before may show another file only now.
    await page.locator('.tab.active', named(name)).waitFor({ timeout: askAgainMs });
  });
}

/** Opens a file and waits until *File History* has a row that no other file has there. */
export async function openHistory(page: Page, path: string, ownRow: string): Promise<void> {
  await openFile(page, path);
  await row(page, 'File History', ownRow).waitFor();
}

/** Shows Obby's sidebar. */
export async function showSidebar(page: Page): Promise<void> {
  await runCommand(page, 'View: Show Obby');
  await page.locator('.sidebar .composite.title', { hasText: 'Obby' }).waitFor();
}

/** One of the views in the sidebar, by its title. */
export function view(page: Page, title: string): Locator {
  return page.locator(`.pane:has(.pane-header[aria-label^="${title}"])`);
}

/** A row of a tree in the sidebar, by text that it contains. */
export function row(page: Page, title: string, text: string | RegExp): Locator {
  return view(page, title).locator('.monaco-list-row', { hasText: text });
}

/** What stands beside the labels of the rows of a tree, from the top. */
export async function descriptions(page: Page, title: string): Promise<string[]> {
  const shown = await view(page, title).locator('.label-description').allTextContents();
  return shown.filter((text) => text !== '');
}

/** What a view without rows says, and its buttons and links. */
export function welcome(page: Page, title: string): Locator {
  return view(page, title).locator('.welcome-view-content');
}

/** Chooses an entry of the context menu of something. */
export async function chooseInMenu(target: Locator, entry: string): Promise<void> {
  await target.click({ button: 'right' });
  const found = target.page().locator('.monaco-menu .action-label', { hasText: entry });
  await repeated(async () => {
    // A menu that has just opened takes a click for the end of the one that opened it.
    await found.click();
    await found.waitFor({ state: 'hidden', timeout: repeatMs });
  });
}

/** The inside of the diff panel that is in front: a webview lies in two frames. */
export function diffPanel(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
}

/** Obby's entry of the status bar. */
export function statusItem(page: Page): Locator {
  return page.locator('[id="obby.obby.obby.status"]');
}

/** A notification by its text. A window that is driven shows none by itself: they are all in their list. */
export async function notification(page: Page, text: string | RegExp): Promise<Locator> {
  const center = page.locator('.notifications-center');
  const found = center.locator('.monaco-list-row', { hasText: text });
  await repeated(async () => {
    // It may close by itself, as when its last notification goes.
    if (!(await center.isVisible())) await page.locator('[id="status.notifications"]').click();
    await found.waitFor({ timeout: askAgainMs });
  });
  return found;
}

/** What VS Code tells of something when the pointer rests on it. */
export async function hover(target: Locator): Promise<Locator> {
  const told = target.page().locator('.monaco-hover');
  await repeated(async () => {
    await pointAt(target);
    await told.waitFor({ timeout: repeatMs });
  });
  return told;
}

/** Clicks a button that a row of a tree has as long as the pointer is on it, again if `effect` does not appear. */
export async function clickInRow(target: Locator, name: string, effect?: Locator): Promise<void> {
  await repeated(async () => {
    if (await effect?.isVisible()) return;
    await pointAt(target);
    await target.getByRole('button', { name }).click({ timeout: repeatMs });
    await effect?.waitFor({ timeout: repeatMs });
  });
}

/** The rows of the quick pick that is open. */
export function quickPick(page: Page): Locator {
  return page.locator('.quick-input-list .monaco-list-row');
}

/** The lines of a text editor that are in sight, from the top. */
export async function editorLines(editor: Locator): Promise<string[]> {
  const lines = await editor
    .locator('.view-line')
    .evaluateAll((found: LineElement[]) =>
      found.map((line) => ({ top: parseFloat(line.style.top), text: line.textContent })),
    );
  return lines.sort((a, b) => a.top - b.top).map(({ text }) => text.replaceAll('\u00a0', ' '));
}

/** Comes from elsewhere, so that a row which was drawn anew under the pointer notices it. */
async function pointAt(target: Locator): Promise<void> {
  await target.page().mouse.move(0, 0);
  await target.hover();
}

/** Does again what the window may have missed. */
async function repeated(act: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await act();
      return;
    } catch (error) {
      if (attempt === maxAttempts) throw error;
    }
  }
}

/** What is used of a line's element; the tests themselves are compiled for Node. */
interface LineElement {
  readonly style: { readonly top: string };
  readonly textContent: string;
}

/** Opens a quick pick by its key and types into it. */
async function ask(page: Page, key: string, text: string): Promise<void> {
  const input = page.locator('.quick-input-widget input.input');
  if (await input.isVisible()) await page.keyboard.press('Escape');
  await page.keyboard.press(key);
  await input.fill(text, { timeout: repeatMs });
}

/** What has a name: not the versions and comparisons of the file, whose names begin with it, and go on with a time. */
function named(name: string): { readonly hasText: string; readonly hasNotText: string } {
  return { hasText: name, hasNotText: `${name} (` };
}

/** Picks a row of a quick pick; asks again while what it lists is not there yet, such as a command of an extension. */
async function choose(page: Page, key: string, text: string, name: string): Promise<void> {
  const found = page.locator('.quick-input-list .monaco-list-row', named(name)).first();
  await repeated(async () => {
    await ask(page, key, text);
    await found.click({ timeout: askAgainMs });
  });
  // What was chosen may ask for more in the same place.
  await found.waitFor({ state: 'hidden' });
}
