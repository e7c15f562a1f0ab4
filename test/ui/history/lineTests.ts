import { before } from 'node:test';
import type { Page } from 'playwright-core';
import type { DemoWindow } from '../../support/demoWindow';
import { eventually } from '../../support/eventually';
import { testsIn } from '../../support/pictures';
import { descriptions, diffPanel, openHistory, row, runCommand, view } from '../../support/workbenchDriver';

/** The history of some lines. */
export function lineTests(demo: () => DemoWindow): void {
  let page: Page;
  const test = testsIn(() => page);

  before(async () => {
    ({ page } = demo());
    await openHistory(page, 'src/tides.ts', '+2 −18 · external');
  });

  test('File History shows the versions that changed the selected lines, then all again', async () => {
    const all = await descriptions(page, 'File History');
    await page.locator('.editor-instance .view-line', { hasText: 'return day[0];' }).click();
    await runCommand(page, 'Obby: Show History of Selection');
    await view(page, 'File History').getByText('tides.ts · line 16').waitFor();
    await eventually(() => descriptions(page, 'File History'), ['+2 −18 · external', '+16 · auto save']);
    await row(page, 'File History', 'auto save').click();
    await diffPanel(page).getByText('return tidesOf(day).find').first().waitFor();
    await runCommand(page, 'Obby: Show All Versions of the File');
    await eventually(() => descriptions(page, 'File History'), all);
  });
}
