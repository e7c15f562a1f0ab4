import assert from 'node:assert/strict';
import { before } from 'node:test';
import type { Page } from 'playwright-core';
import { files } from '../../support/demo/storyFiles';
import type { DemoWindow } from '../../support/demoWindow';
import { eventually } from '../../support/eventually';
import { testsIn } from '../../support/pictures';
import {
  chooseInMenu,
  clickInRow,
  descriptions,
  diffPanel,
  editorLines,
  openHistory,
  quickPick,
  row,
  runCommand,
} from '../../support/workbenchDriver';
import { writeWorkspaceSettings } from '../../support/workspaceSettings';
import { shownTexts } from './shownTexts';

/** Every way to a comparison, before anything is restored. */
export function compareTests(demo: () => DemoWindow): void {
  let page: Page;
  const test = testsIn(() => page);
  /** Waits for the panel to compare a file, and for the texts of both sides. */
  const compares = async (path: string, newer: string, texts: { left: string; right: string }): Promise<void> => {
    const panel = diffPanel(page);
    await panel.getByTestId('diff-path').and(panel.getByTitle(path)).waitFor();
    await panel.getByTestId('side-right').getByText(newer).first().waitFor();
    await panel.getByRole('row').first().waitFor();
    const showAll = panel.getByRole('button', { name: 'Show All Unchanged Lines' });
    await eventually(async () => {
      if (await showAll.isVisible()) await showAll.click();
      return shownTexts(panel);
    }, texts);
  };

  before(async () => {
    ({ page } = demo());
    await openHistory(page, 'src/tides.ts', '+2 −18 · external');
  });

  test('two selected versions are compared, the older on the left', async () => {
    await row(page, 'File History', '· external').click();
    await row(page, 'File History', '+6 · save').click({ modifiers: ['ControlOrMeta'] });
    await chooseInMenu(row(page, 'File History', '· external'), 'Compare Two Versions');
    await diffPanel(page).getByTestId('side-left').getByText('save', { exact: true }).waitFor();
    await compares('src/tides.ts', 'external', { left: files.tidesWithRange, right: files.tidesGutted });
  });

  test('the button of a row compares its version with the file as it is', async () => {
    await clickInRow(row(page, 'File History', 'auto save'), 'Compare with Current File');
    await compares('src/tides.ts', 'Current', { left: files.tidesWithNext, right: files.tidesGutted });
  });

  test('Compare File with Version… offers every version with its time and counts', async () => {
    await runCommand(page, 'Obby: Compare File with Version…');
    const offered = quickPick(page);
    await offered.filter({ hasText: 'auto save' }).waitFor();
    await eventually(() => offered.count(), 4);
    const names = await offered.locator('.label-name').allTextContents();
    for (const name of names) assert.match(name, /\d:\d\d:\d\d/);
    const told = await offered.locator('.label-description').allTextContents();
    assert.deepEqual(told, await descriptions(page, 'File History'));
    await offered.filter({ hasText: 'initial version' }).click();
    await compares('src/tides.ts', 'Current', { left: files.tides, right: files.tidesGutted });
  });

  test('an event of several files unfolds to them in Recent Changes', async () => {
    const event = row(page, 'Recent Changes', '2 files').filter({ hasText: '+2 −18' });
    await event.locator('.monaco-tl-twistie').click();
    await row(page, 'Recent Changes', 'names.md').filter({ hasText: 'deleted · notes' }).waitFor();
    await row(page, 'Recent Changes', 'tides.ts').filter({ hasText: '+2 −18 · src' }).click();
    await compares('src/tides.ts', 'external', { left: files.tidesWithNext, right: files.tidesGutted });
  });

  test('a deleted file is compared with nothing', async () => {
    await row(page, 'Recent Changes', 'names.md').click();
    await compares('notes/names.md', 'Deleted', { left: files.names, right: '' });
  });

  test('a renamed file shows what happened under its earlier name', async () => {
    await openHistory(page, 'src/height.ts', 'renamed from format.ts');
    await eventually(
      () => descriptions(page, 'File History'),
      ['renamed from format.ts · rename', '+2 −3 · external', 'initial version'],
    );
    await row(page, 'File History', '+2 −3 · external').click();
    await compares('src/format.ts', 'external', { left: files.format, right: files.formatted['src/format.ts'] });
  });

  test('a folder is compared with a time that is typed', async () => {
    await runCommand(page, 'Obby: Compare Folder with Time…');
    await page.locator('.quick-input-widget input.input').fill('25 min ago');
    await quickPick(page).filter({ hasText: '25 min ago' }).click();
    await page.locator('.tab.active', { hasText: /^tide-table \(.* ↔ Current\)/ }).waitFor();
    await page
      .locator('.editor-instance .monaco-diff-editor .modified .view-line', { hasText: 'heights between two tides' })
      .waitFor();
  });

  test("VS Code's own diff editor opens where the settings ask for it", async () => {
    await writeWorkspaceSettings(demo().folder, { 'obby.diff.editor': 'builtin' });
    await openHistory(page, 'src/main.ts', '+1 −1 · save');
    const editor = page.locator('.editor-instance .monaco-diff-editor');
    // Which of the two opens tells when the setting has arrived.
    for (let attempt = 0; attempt < 50 && !(await editor.isVisible()); attempt++) {
      await row(page, 'File History', '+1 −1 · save').click();
      await editor.or(page.locator('iframe.webview.ready')).first().waitFor();
    }
    await editor.locator('.modified .view-line', { hasText: './height' }).waitFor();
    const sides = await Promise.all(['.original', '.modified'].map((side) => editorLines(editor.locator(side))));
    assert.deepEqual(
      sides,
      [files.formatted['src/main.ts'], files.mainWithHeight].map((text) => text.split('\n')),
    );
    await writeWorkspaceSettings(demo().folder, {});
  });
}
