import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { before } from 'node:test';
import { savePicture, testsIn } from '../../support/pictures';
import type { TestWindow } from '../../support/testWindow';
import { notification, quickPick, row, runCommand, view } from '../../support/workbenchDriver';
import { writeWorkspaceSettings } from '../../support/workspaceSettings';

const names = Array.from({ length: 12 }, (_, n) => `draft ${n}.md`);

/** A repository in which the drafts were never added. */
async function fill(folder: string): Promise<void> {
  const git = (...args: string[]): Buffer => execFileSync('git', args, { cwd: folder });
  await writeFile(path.join(folder, '.obbywatch'), '*.md\n');
  await writeFile(path.join(folder, 'committed.md'), 'committed\n');
  git('init', '-q');
  git('add', '-A');
  git('-c', 'user.name=Me', '-c', 'user.email=me@example.org', 'commit', '-qm', 'first');
  await mkdir(path.join(folder, 'drafts'));
  for (const name of names) await writeFile(path.join(folder, 'drafts', name), `The text of ${name}\n`);
}

/** An event that deletes many files. */
export function lossTests(window: () => TestWindow): void {
  let folder: string;
  const test = testsIn(() => window().page);
  const exist = (): boolean[] => names.map((name) => existsSync(path.join(folder, 'drafts', name)));

  /** A folder of files is moved in and out again, each at once; waits until both are listed, after as many others, the deletion before, a restore and its undo. */
  async function comeAndGo(name: string, others: number): Promise<void> {
    const outside = `${folder}-${name}`;
    await mkdir(outside);
    for (const file of names) await writeFile(path.join(outside, file), `The text of ${file}, ${name}\n`);
    await rename(outside, path.join(folder, name));
    await row(window().page, 'Recent Changes', '12 files')
      .filter({ hasText: 'created' })
      .nth(others + 1)
      .waitFor();
    await rename(path.join(folder, name), outside);
    await row(window().page, 'Recent Changes', '12 files')
      .filter({ hasText: 'deleted' })
      .nth(others + 2)
      .waitFor();
  }

  before(async () => {
    folder = await window().newFolder('guarded');
    await fill(folder);
    await writeWorkspaceSettings(folder, {});
    await window().show(folder);
    await row(window().page, 'Recent Changes', '13 files').waitFor();
  });

  test('is told of once, with what it lost; a review lists that, restores it, and can be undone', async () => {
    const { page } = window();
    execFileSync('git', ['clean', '-qfd', '-e', '.obbywatch', '-e', '.vscode'], { cwd: folder });
    const told = await notification(page, '12 watched files were deleted or emptied');
    assert.match(await told.innerText(), /The contents of 12 exist nowhere else\./);
    await savePicture(page, 'losses-told');
    await told.getByRole('button', { name: 'Review and Restore' }).click();
    await quickPick(page).filter({ hasText: 'drafts/draft 11.md' }).waitFor();
    await savePicture(page, 'losses-review');
    await page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
    const question = page.getByRole('dialog', { name: 'Restore 12 files?' });
    await question.getByRole('button', { name: 'Restore', exact: true }).click();
    await notification(page, 'Restored 12 files.');
    assert.ok(exist().every(Boolean));
    assert.equal(await readFile(path.join(folder, 'drafts', 'draft 3.md'), 'utf8'), 'The text of draft 3.md\n');
    await runCommand(page, 'Obby: Undo Restore');
    await notification(page, 'Undid the restore of 12 files.');
    assert.ok(!exist().some(Boolean));
    // What Obby itself deletes to take a restore back is no loss, and what was told is not told again.
    assert.equal(await page.locator('.notifications-center .monaco-list-row', { hasText: 'watched files' }).count(), 0);
  });

  test('is not told of when the setting is off', async () => {
    const { page } = window();
    await writeWorkspaceSettings(folder, { 'obby.warnOnMassDeletion': false });
    await comeAndGo('kept back', 0);
    // The next event that is told of would stand after one that was kept back.
    await writeWorkspaceSettings(folder, {});
    await comeAndGo('sentinel', 1);
    await notification(page, '12 watched files were deleted or emptied');
    const told = page.locator('.notifications-center .monaco-list-row', { hasText: 'watched files' });
    assert.equal(await told.count(), 1);
    await view(page, 'Recent Changes').waitFor();
  });
}
