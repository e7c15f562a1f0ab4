import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { before } from 'node:test';
import { files } from '../../support/demo/storyFiles';
import type { DemoWindow } from '../../support/demoWindow';
import { eventually } from '../../support/eventually';
import { testsIn } from '../../support/pictures';
import { diffPanel, row, view } from '../../support/workbenchDriver';
import { shownTexts } from './shownTexts';

/** Runs in the page: waits until the window has saved, as it does every few seconds, an open tab of which that is known. */
const whenSaved = `async ([facts, pollMs, maxPolls]) => {
  const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  for (let poll = 0; poll < maxPolls; poll++) {
    for (const { name } of await indexedDB.databases()) {
      if (!name.startsWith('vscode-web-state-db-')) continue;
      const database = await done(indexedDB.open(name));
      const items = database.transaction('ItemTable').objectStore('ItemTable');
      const editors = await done(items.get('memento/workbench.parts.editor'));
      database.close();
      if (facts.every((fact) => String(editors).includes(fact))) return true;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return false;
}`;

/** What a reload of the window leaves as it was: the comparison of the last restore is still open, behind other tabs. */
export function reloadTests(demo: () => DemoWindow): void {
  let page: Page;
  const test = testsIn(() => page);
  before(() => ({ page } = demo()));

  test('an open diff is there again, and File History follows it', async () => {
    const tab = page.locator('.tab', { hasText: /^tides\.ts \(/ });
    // What the panel keeps follows its title a moment later, and tells texts apart by their lengths.
    const facts = [await tab.textContent(), `,${files.tidesWithNext.length},${files.tidesGutted.length},2]`];
    assert(
      await page.evaluate(`(${whenSaved})(${JSON.stringify([facts, 100, 200])})`),
      'The window does not save what is open.',
    );
    await page.reload();
    await tab.click();
    await diffPanel(page).getByRole('button', { name: 'Show All Unchanged Lines' }).click();
    await diffPanel(page)
      .getByRole('row', { name: /^Line 1:/ })
      .waitFor();
    const texts = { left: files.tidesWithNext, right: files.tidesGutted };
    await eventually(() => shownTexts(diffPanel(page)), texts);
    await view(page, 'File History - tides.ts').waitFor();
    await row(page, 'File History', '+2 −18 · external').waitFor();
  });
}
