import { before } from 'node:test';
import type { Page } from 'playwright-core';
import type { DemoWindow } from '../../support/demoWindow';
import { picturedThemes, savePicture, testsIn, useTheme } from '../../support/pictures';
import {
  clickInRow,
  diffPanel,
  notification,
  openHistory,
  row,
  runCommand,
  showSidebar,
} from '../../support/workbenchDriver';

/** What is kept on purpose, and what the history takes. */
export function keepingTests(demo: () => DemoWindow): void {
  let page: Page;
  const test = testsIn(() => page);
  const input = () => page.locator('.quick-input-widget input.input');
  before(async () => {
    ({ page } = demo());
    await showSidebar(page);
    await openHistory(page, 'src/tides.ts', '+2 −18 · external');
  });

  test('a label is a row of its own in both lists, and its button takes it away', async () => {
    await runCommand(page, 'Obby: Label This Time…');
    await input().fill('before the release');
    await page.keyboard.press('Enter');
    await row(page, 'File History', 'before the release').waitFor();
    await row(page, 'Recent Changes', 'before the release').waitFor();
    await row(page, 'File History', 'before the release')
      .and(page.getByLabel(/^Label: before the release, /))
      .waitFor();
  });

  test('a pin shows as an icon and in words', async () => {
    const pinned = row(page, 'File History', 'pinned · initial version');
    await clickInRow(
      row(page, 'File History', 'initial version'),
      'Pin Version',
      pinned.locator('.codicon-pinned').first(),
    );
    await savePicture(page, 'kept');
    await clickInRow(pinned, 'Unpin Version');
    await pinned.waitFor({ state: 'detached' });
    await clickInRow(row(page, 'File History', 'before the release'), 'Remove Label');
    await row(page, 'Recent Changes', 'before the release').waitFor({ state: 'detached' });
  });

  test('the Storage page shows the history in every theme', async () => {
    await runCommand(page, 'Obby: Show Storage');
    const storage = diffPanel(page);
    await storage.getByText(/^\d+ versions in \d/).waitFor();
    await storage.getByText('src', { exact: true }).first().waitFor();
    for (const theme of picturedThemes) {
      await useTheme(page, demo().folder, theme);
      await savePicture(page, `storage-page-${theme.name}`);
    }
  });

  test('a check that finds nothing says so', async () => {
    await diffPanel(page).getByRole('button', { name: 'Check History' }).click();
    await notification(page, /^Checked \d+ versions, .* read back: nothing is damaged\.$/);
    await diffPanel(page).getByText('no damage').waitFor();
  });

  test('what Enter does in the question of Forget only shows the list of what would go', async () => {
    await openHistory(page, 'src/tides.ts', '+2 −18 · external');
    const question = page.locator('.monaco-dialog-box');
    await runCommand(page, 'Obby: Delete History of This File…');
    await question.getByText(/^Delete \d+ versions of src\/tides\.ts from the history\?$/).waitFor();
    await question.getByText('This cannot be undone.').waitFor();
    for (const theme of picturedThemes) {
      await useTheme(page, demo().folder, theme);
      await savePicture(page, `forget-question-${theme.name}`);
    }
    await page.keyboard.press('Enter');
    await question.waitFor({ state: 'detached' });
    await page.locator('.tab.active', { hasText: 'What Will Be Deleted' }).waitFor();
    await savePicture(page, 'forget-list');
    const asked = await notification(page, /Delete \d+ versions of/);
    await row(page, 'Recent Changes', 'tides.ts').first().waitFor();
    await asked.getByRole('button', { name: 'Keep' }).click();
    await openHistory(page, 'src/tides.ts', '+2 −18 · external');
  });
}
