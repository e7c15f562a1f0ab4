import assert from 'node:assert/strict';
import { before } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { DemoWindow } from '../../support/demoWindow';
import { eventually } from '../../support/eventually';
import { savePicture, testsIn } from '../../support/pictures';
import { descriptions, diffPanel, openFile, openHistory, row, runCommand, view } from '../../support/workbenchDriver';

/** The history of some lines. */
export function lineTests(demo: () => DemoWindow): void {
  let page: Page;
  const test = testsIn(() => page);
  const lastLine = (): Locator =>
    page.locator('.monaco-editor[data-uri$="/src/tides.ts"] .view-line', { hasText: 'return day[0];' });

  before(async () => {
    ({ page } = demo());
    await openHistory(page, 'src/tides.ts', '+2 −18 · external');
  });

  test('File History shows the versions that changed the selected lines, then all again', async () => {
    const all = await descriptions(page, 'File History');
    await lastLine().click();
    await runCommand(page, 'Obby: Show History of Selection');
    await view(page, 'File History').getByText('tides.ts · line 16').waitFor();
    await eventually(() => descriptions(page, 'File History'), ['+2 −18 · external', '+16 · auto save']);
    await row(page, 'File History', 'auto save').click();
    await diffPanel(page).getByText('return tidesOf(day).find').first().waitFor();
    await runCommand(page, 'Obby: Show All Versions of the File');
    await eventually(() => descriptions(page, 'File History'), all);
  });

  test('annotations say beside each line when and by what it was changed, until they are turned off', async () => {
    await openFile(page, 'src/tides.ts');
    await lastLine().click();
    const annotations = page.locator('.editor-instance .view-line span[class*="ced-"]');
    const spans = `[...document.querySelectorAll('.editor-instance .view-line span[class*="ced-"]')]`;
    const contents = `${spans}.map((span) => getComputedStyle(span, '::before').content)`;
    await runCommand(page, 'Obby: Toggle Line Annotations');
    await annotations.first().waitFor();
    const shown = (await page.evaluate<string[]>(contents)).filter((text) => text !== 'none' && /\w/.test(text));
    assert.deepEqual(
      shown.map((text) => text.replace(/^"[^·]*· |"$/g, '')),
      ['initial version', 'save', 'auto save', 'external', 'auto save'],
    );
    await savePicture(page, 'line annotations');
    await runCommand(page, 'Obby: Toggle Line Annotations');
    await annotations.first().waitFor({ state: 'detached' });
  });
}
