import assert from 'node:assert/strict';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { before } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { DemoWindow } from '../../support/demoWindow';
import { picturedThemes, savePicture, testsIn, useTheme } from '../../support/pictures';
import { diffPanel, notification, quickPick, row, runCommand } from '../../support/workbenchDriver';

/** In no file of the demo. */
const secret = 'hunter2-but-longer';

/** What is forgotten, moved and checked; the history is damaged afterwards. */
export function forgettingTests(demo: () => DemoWindow): void {
  let page: Page;
  const test = testsIn(() => page);
  const input = (): Locator => page.locator('.quick-input-widget input.input');
  const question = (): Locator => page.locator('.monaco-dialog-box');
  before(() => ({ page } = demo()));

  async function chooseWhatToForget(what: string, title: string): Promise<void> {
    await runCommand(page, 'Obby: Delete History…');
    await quickPick(page).filter({ hasText: what }).click();
    await page.locator('.quick-input-title', { hasText: title }).waitFor();
  }

  async function answer(text: string): Promise<void> {
    await input().fill(text);
    await page.keyboard.press('Enter');
  }

  /** Names a file in VS Code's dialog, which takes no Enter until it has looked where the file is. */
  async function answerDialog(file: string, neighbour: string): Promise<void> {
    await quickPick(page).filter({ hasText: '..' }).waitFor();
    await input().fill(file);
    await quickPick(page).filter({ hasText: neighbour }).waitFor();
    await page.keyboard.press('Enter');
  }

  /** Every file of the history, joined. */
  async function storeBytes(): Promise<Buffer> {
    const files = await storeFiles(demo());
    return Buffer.concat(await Promise.all(files.map((file) => readFile(file))));
  }

  test('a text is forgotten in every version that has it, and is nowhere shown', async () => {
    // So short that it is kept as it is.
    await writeFile(path.join(demo().folder, 'notes/key.md'), secret);
    await row(page, 'Recent Changes', 'key.md').first().waitFor();
    assert.ok((await storeBytes()).includes(secret));
    await rm(path.join(demo().folder, 'notes/key.md'));
    await row(page, 'Recent Changes', /key\.md.* deleted/).waitFor();

    await chooseWhatToForget('Text…', 'Delete a Text');
    await input().and(page.locator('[type=password]')).waitFor();
    await answer(secret);
    await question()
      .getByText(/^Delete 1 version of notes\/key\.md from the history\?$/)
      .waitFor();
    assert.ok(!(await page.content()).includes(secret));
    await question().getByRole('button', { name: 'Delete', exact: true }).click();
    await notification(page, /^Deleted 1 version of notes\/key\.md[;.]/);
    await row(page, 'Recent Changes', 'content deleted').first().waitFor();
    assert.ok(!(await storeBytes()).includes(secret));
    await savePicture(page, 'forgotten-version');
  });

  test('files are forgotten by a pattern', async () => {
    await chooseWhatToForget('Files by Pattern…', 'Delete Files by Pattern');
    await answer('todo*');
    await question()
      .getByText(/^Delete 3 versions of notes\/todo\.md from the history\?$/)
      .waitFor();
    await question().getByRole('button', { name: 'Delete', exact: true }).click();
    await notification(page, /^Deleted 3 versions of notes\/todo\.md/);
  });

  test('a history is exported to a file, and the file imported again', async () => {
    const file = path.join(demo().folder, '..', 'kept.obby');
    await runCommand(page, 'Obby: Export History…');
    await quickPick(page).filter({ hasText: 'Everything in tide-table' }).click();
    await answerDialog(file, 'profile');
    await notification(page, /^Exported \d+ versions of \d+ files to kept\.obby \(.*\)\.$/);
    assert.ok((await stat(file)).size > 0);
    await runCommand(page, 'Obby: Import History…');
    await answerDialog(file, 'kept.obby');
    await notification(page, /^Imported 0 versions of 0 files; already present: \d+\.$/);
  });

  test('a check names what is damaged, in a document', async () => {
    await runCommand(page, 'Obby: Show Storage');
    await damage(demo());
    await diffPanel(page).getByRole('button', { name: 'Check History' }).click();
    await page.locator('.tab.active', { hasText: 'History Check' }).waitFor();
    await page
      .locator('.view-line', { hasText: /^Damaged.versions:/ })
      .first()
      .waitFor();
    await notification(page, /damaged\. The report names them\.$/);
    for (const theme of picturedThemes) {
      await useTheme(page, demo().folder, theme);
      await savePicture(page, `check-report-${theme.name}`);
    }
  });
}

/** All files of a window's histories. */
async function storeFiles({ profileDir }: DemoWindow): Promise<string[]> {
  const histories = path.join(profileDir, 'data', 'User', 'globalStorage', 'obby.obby', 'histories');
  const entries = await readdir(histories, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

/** Turns bits in most of the largest file that holds versions: in more than its parity can put right. */
async function damage(window: DemoWindow): Promise<void> {
  const files = await Promise.all(
    (await storeFiles(window)).map(async (file) => ({ file, bytes: await readFile(file) })),
  );
  const [largest] = files.sort((a, b) => b.bytes.length - a.bytes.length);
  assert.ok(largest);
  const { file, bytes } = largest;
  const middle = bytes.subarray(bytes.length / 5, (bytes.length * 4) / 5);
  middle.set(middle.map((byte) => byte ^ 0x10));
  await writeFile(file, bytes);
}
