import assert from 'node:assert/strict';
import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { before } from 'node:test';
import type { Page } from 'playwright-core';
import { eventually } from '../../support/eventually';
import { picturedThemes, savePicture, testsIn, themes, useTheme } from '../../support/pictures';
import type { TestWindow } from '../../support/testWindow';
import {
  descriptions,
  editorLines,
  notification,
  openFile,
  quickPick,
  row,
  runCommand,
  statusItem,
  view,
  welcome,
} from '../../support/workbenchDriver';

/** What the sidebar says when there is nothing to list, and where its buttons lead. */
export function emptyTests(window: () => TestWindow): void {
  let page: Page;
  const test = testsIn(() => page);
  let folder: string;
  const says = (title: string, text: string) => welcome(page, title).getByText(text).waitFor();
  const status = (label: string) => page.locator(`[id="obby.obby.obby.status"][aria-label="Obby: ${label}"]`).waitFor();

  before(() => ({ page } = window()));

  test('without a folder, it offers to open one', async () => {
    for (const title of ['File History', 'Recent Changes']) {
      await says(
        title,
        title === 'File History' ? 'Open a folder to see the history of its files.' : 'No folder is open.',
      );
    }
    await welcome(page, 'File History').getByRole('button', { name: 'Open Folder' }).waitFor();
    assert.equal(await statusItem(page).count(), 0);
    await savePicture(page, 'empty-no-folder');
  });

  test('without rules, it says that nothing is watched, in every theme', async () => {
    folder = await window().newFolder('empty-states');
    await writeFile(path.join(folder, 'story.log'), 'It began\n');
    await window().show(folder);
    for (const title of ['File History', 'Recent Changes']) await says(title, 'Nothing is watched in this folder.');
    await status('Nothing is watched');
    for (const theme of picturedThemes) {
      await useTheme(page, folder, theme);
      await savePicture(page, `empty-no-rules-${theme.name}`);
    }
    await useTheme(page, folder, themes[0]);
  });

  test('one button proposes rules that explain themselves, and records nothing before they are saved', async () => {
    await welcome(page, 'File History').getByRole('button', { name: 'Create .obbywatch' }).click();
    await quickPick(page).filter({ hasText: 'Edit First' }).click();
    await page.locator('.tab.active', { hasText: '.obbywatch' }).waitFor();
    const lines = await editorLines(page.locator('.editor-instance .monaco-editor'));
    assert.match(lines[0] ?? '', /^#/);
    await status('Nothing is watched');
    await runCommand(page, 'View: Revert and Close Editor');
  });

  test('the sidebar knows of the rules at once', async () => {
    await writeFile(path.join(folder, '.obbyignore'), '# nothing\n');
    await writeFile(path.join(folder, '.obbywatch'), `${'#\n'.repeat(9)}*.md\n*.txt\n`);
    await openFile(page, '.obbywatch');
    await says('Recent Changes', 'Nothing is recorded yet. Changes to watched files appear here.');
    await view(page, 'File History').getByText('0 files are watched.').waitFor();
    await status('Watching');
    await savePicture(page, 'empty-nothing-recorded');
  });

  test('a file that is not watched says why, and can be', async () => {
    await openFile(page, 'story.log');
    await view(page, 'File History - story.log').waitFor();
    await says('File History', 'This file is not watched: no line of .obbywatch matches it.');
    await savePicture(page, 'empty-not-watched');
    await welcome(page, 'File History').getByRole('button', { name: 'Watch This File' }).click();
    await row(page, 'File History', 'initial version').waitFor();
    await notification(page, 'story.log is watched from now on.');
  });

  test('a line that cannot be used is a problem of that line, and the others keep working', async () => {
    await appendFile(path.join(folder, '.obbywatch'), '[oops\n');
    await runCommand(page, 'Problems: Focus on Problems View');
    const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'This `[` has no matching `]`.' });
    await problem.waitFor();
    assert.match((await problem.textContent()) ?? '', /Obby.*\[Ln 13, Col 1\]/);
    await savePicture(page, 'broken-rule');
    await appendFile(path.join(folder, 'story.log'), 'It went on\n');
    await row(page, 'File History', '+1 · external').waitFor();
    await runCommand(page, 'View: Hide Panel');
  });

  test('a pause is seen everywhere, and what it missed is found', async () => {
    await runCommand(page, 'Obby: Pause Recording');
    await status('Paused: changes are not recorded');
    assert.match((await statusItem(page).textContent()) ?? '', /Obby paused/);
    await view(page, 'File History').getByText('Paused: changes are not recorded.').waitFor();
    await appendFile(path.join(folder, 'story.log'), 'It was not seen\n');
    await savePicture(page, 'paused-with-history');
    await runCommand(page, 'View: Close All Editors');
    await says('File History', 'Recording is paused.');
    await savePicture(page, 'empty-paused');
    await welcome(page, 'File History').getByRole('button', { name: 'Resume Recording' }).click();
    await status('Watching');
    await says('File History', 'Open a file to see its versions.');
    await row(page, 'Recent Changes', '+1 · ').nth(1).waitFor();
    await savePicture(page, 'empty-no-editor');
  });

  test('the status bar offers what helps', async () => {
    await statusItem(page).click();
    await quickPick(page).first().waitFor();
    await eventually(
      () => quickPick(page).locator('.label-name').allTextContents(),
      [
        'Show File History',
        'Restore Deleted File…',
        'Scan Now',
        'Pause Recording',
        'Edit Rules…',
        'Why Is This File (Not) Watched?',
        'Show Recording Gaps',
        'Show Log',
      ],
    );
    await savePicture(page, 'status-menu');
    await page.keyboard.press('Escape');
    await eventually(async () => (await descriptions(page, 'Recent Changes')).length, 3);
  });

  test('what could not be seen is a list of spans', async () => {
    await runCommand(page, 'Obby: Show Recording Gaps');
    await page.locator('.tab.active', { hasText: 'Recording Gaps.txt' }).waitFor();
    const editor = page.locator('.editor-instance .monaco-editor');
    await editor.locator('.view-line', { hasText: 'Recording was paused. 1 change was found afterwards.' }).waitFor();
    await savePicture(page, 'gaps');
    await runCommand(page, 'View: Close All Editors');
  });
}
