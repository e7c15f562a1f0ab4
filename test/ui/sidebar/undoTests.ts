import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { before } from 'node:test';
import { savePicture, testsIn } from '../../support/pictures';
import type { TestWindow } from '../../support/testWindow';
import { clickInRow, notification, quickPick, row } from '../../support/workbenchDriver';
import { writeWorkspaceSettings } from '../../support/workspaceSettings';

const names = Array.from({ length: 12 }, (_, n) => `page ${n}.md`);

function text(name: string, changes: Readonly<Record<number, string>> = {}): string {
  return Array.from({ length: 9 }, (_, line) => `${changes[line] ?? `${name}, line ${line}`}\n`).join('');
}

/** A command that changes twelve files, one of which someone edits later. */
export function undoTests(window: () => TestWindow): void {
  let folder: string;
  const test = testsIn(() => window().page);
  const write = (name: string, content: string): Promise<void> => writeFile(path.join(folder, name), content);
  const contents = (): Promise<string[]> => Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
  const [edited = ''] = names;
  const agent = { 2: 'agent' };
  const before12 = names.map((name) => text(name, name === edited ? { 7: 'mine' } : {}));

  before(async () => {
    folder = await window().newFolder('undone');
    await writeFile(path.join(folder, '.obbywatch'), '*.md\n');
    for (const name of names) await write(name, text(name));
    await writeWorkspaceSettings(folder, {});
    await window().show(folder);
    const { page } = window();
    await row(page, 'Recent Changes', '12 files').waitFor();
    for (const name of names) await write(name, text(name, agent));
    await row(page, 'Recent Changes', '+12 −12').waitFor();
    await write(edited, text(edited, { ...agent, 7: 'mine' }));
    await row(page, 'Recent Changes', edited).waitFor();
  });

  test('is undone in two steps, the later edit stays, and the undo is undone', async () => {
    const { page } = window();
    const after = await contents();
    let steps = 0;
    const step = async (done: Promise<unknown>): Promise<void> => {
      steps++;
      await done;
    };
    const review = quickPick(page).filter({ hasText: 'page 11.md' });
    await step(clickInRow(row(page, 'Recent Changes', '+12 −12'), 'Undo These Changes…', review));
    await quickPick(page).filter({ hasText: edited }).filter({ hasText: 'merged, later edits stay' }).waitFor();
    await savePicture(page, 'undo-review');
    await step(page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click());
    const told = await notification(page, 'Undid the changes of 12 files.');
    assert.equal(steps, 2);
    assert.deepEqual(await contents(), before12);
    await told.getByRole('button', { name: 'Undo' }).click();
    await notification(page, 'Undid the restore of 12 files.');
    assert.deepEqual(await contents(), after);
  });

  test('is previewed while the review stays open', async () => {
    const { page } = window();
    const review = quickPick(page).filter({ hasText: 'page 11.md' });
    await clickInRow(row(page, 'Recent Changes', '+12 −12').last(), 'Undo These Changes…', review);
    await page.locator('.quick-input-widget').getByRole('button', { name: 'Preview Selected Files' }).click();
    await page.locator('.tab.active', { hasText: 'Undo' }).waitFor();
    await page
      .locator('.view-line', { hasText: /page.0\.md,.line.2/ })
      .first()
      .waitFor();
    await savePicture(page, 'undo-preview');
    await page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
    await notification(page, 'Undid the changes of 12 files.');
    assert.deepEqual(await contents(), before12);
  });
}
