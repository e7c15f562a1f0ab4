import assert from 'node:assert/strict';
import { before } from 'node:test';
import type { Page } from 'playwright-core';
import { files } from '../../support/demo/storyFiles';
import { contentOf, type DemoWindow } from '../../support/demoWindow';
import { eventually } from '../../support/eventually';
import { testsIn } from '../../support/pictures';
import {
  clickInRow,
  descriptions,
  diffPanel,
  notification,
  openHistory,
  quickPick,
  row,
  runCommand,
} from '../../support/workbenchDriver';

/** Bringing contents back, and what was there before. */
export function restoreTests(demo: () => DemoWindow): void {
  let page: Page;
  const test = testsIn(() => page);
  const tides = async (): Promise<string> => (await contentOf(demo(), 'src/tides.ts')).toString();

  before(async () => {
    ({ page } = demo());
    await openHistory(page, 'src/tides.ts', '+2 −18 · external');
    await row(page, 'File History', '+2 −18 · external').click();
    await diffPanel(page)
      .getByRole('row', { name: /^Removed line 13: / })
      .waitFor();
  });

  test('the button of the diff writes the older bytes, as a version of its own', async () => {
    await diffPanel(page).getByRole('button', { name: 'Restore the version on the left' }).click();
    await row(page, 'File History', '+18 −2 · restore').waitFor();
    await eventually(tides, files.tidesWithNext);
    await eventually(async () => (await descriptions(page, 'File History'))[0], '+18 −2 · restore');
  });

  test('Undo brings the later bytes back', async () => {
    const restored = await notification(page, /Restored src\/tides\.ts to \d/);
    await restored.getByRole('button', { name: 'Undo' }).click();
    await notification(page, 'Undid the restore of src/tides.ts.');
    await row(page, 'File History', '+2 −18 · restore').waitFor();
    await eventually(tides, files.tidesGutted);
  });

  test('a row has a button for it, which keeps text that was never saved', async () => {
    await openHistory(page, 'src/main.ts', '+1 −1 · save');
    // The editor that was in front before may be there for another instant.
    await page.locator('.monaco-editor[data-uri$="/src/main.ts"] .view-lines').filter({ visible: true }).click();
    await page.keyboard.type('never saved ');
    await clickInRow(row(page, 'File History', 'initial version'), 'Restore Version');
    const question = page.getByRole('dialog', { name: 'src/main.ts has unsaved changes. Restore it?' });
    await question.getByRole('button', { name: 'Restore', exact: true }).click();
    await row(page, 'File History', 'restore').waitFor();
    assert.equal((await contentOf(demo(), 'src/main.ts')).toString(), files.main);
    await runCommand(page, 'Obby: Undo Restore');
    await row(page, 'File History', 'restore').nth(1).waitFor();
    assert.match((await contentOf(demo(), 'src/main.ts')).toString(), /never saved/);
  });

  test('a deleted file comes back byte for byte', async () => {
    await runCommand(page, 'Obby: Restore Deleted File…');
    await quickPick(page).filter({ hasText: 'notes/names.md' }).click();
    await page.locator('.tab.active', { hasText: 'names.md' }).waitFor();
    assert.equal((await contentOf(demo(), 'notes/names.md')).toString(), files.names);
    await row(page, 'File History', 'deleted').waitFor();
    await eventually(
      () => descriptions(page, 'File History'),
      ['created · +3 · restore', 'deleted · external', 'initial version'],
    );
  });
}
