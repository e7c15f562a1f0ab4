import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { before } from 'node:test';
import type { Page } from 'playwright-core';
import { historyName } from '../../../src/host/settings/storageSettings';
import { writeSettings } from '../../support/host/settings';
import { savePicture, testsIn } from '../../support/pictures';
import type { TestWindow } from '../../support/testWindow';
import { hover, openFile, row, runCommand, statusItem, welcome } from '../../support/workbenchDriver';
import { writeWorkspaceSettings } from '../../support/workspaceSettings';

/** Windows in which not everything is as it should be. */
export function troubleTests(window: () => TestWindow): void {
  let page: Page;
  const test = testsIn(() => page);
  before(() => ({ page } = window()));

  test('a history that cannot be opened is shown as that, with the way to its reason', async () => {
    const folder = await window().newFolder('failing');
    await writeFile(path.join(folder, '.obbywatch'), '*.txt\n');
    const histories = path.join(window().profileDir, 'data', 'User', 'globalStorage', 'obby.obby', 'histories');
    await mkdir(histories, { recursive: true });
    const name = historyName('failing', pathToFileURL(folder).toString());
    await writeFile(path.join(histories, name), 'This should be a folder.\n');
    await window().show(folder);
    await welcome(page, 'File History').getByText('Recording stopped. Recorded versions are safe.').waitFor();
    await page.locator('[id="obby.obby.obby.status"][aria-label="Obby: Recording stopped"]').waitFor();
    assert.match((await statusItem(page).textContent()) ?? '', /Obby failed/);
    await welcome(page, 'Recent Changes').getByText('Recording stopped.').waitFor();
    await welcome(page, 'File History').getByRole('button', { name: 'Show Log' }).click();
    await page.locator('.panel select, .panel .monaco-select-box').filter({ hasText: 'Obby' }).first().waitFor();
    const reason = await hover(statusItem(page));
    await reason.getByText(name).waitFor();
    await savePicture(page, 'failed');
  });

  test('an untrusted folder is recorded, but cannot say how large a file may be', async () => {
    const trust = { 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never' };
    await writeSettings(window().profileDir, { workspaceTrust: true, settings: trust });
    const folder = await window().newFolder('untrusted');
    await writeFile(path.join(folder, '.obbywatch'), '*.txt\n');
    await writeFile(path.join(folder, 'long.txt'), 'line\n'.repeat(50_000));
    await writeWorkspaceSettings(folder, { 'obby.maxFileSizeMB': 0.1 });
    await window().show(folder);
    await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
    await openFile(page, 'long.txt');
    await row(page, 'File History', 'initial version').waitFor();
    await savePicture(page, 'untrusted');

    await runCommand(page, 'Workspaces: Manage Workspace Trust');
    await page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor({ state: 'detached' });
    await writeFile(path.join(folder, 'long.txt'), 'line\n'.repeat(50_001));
    await row(page, 'Recent Changes', 'not stored: too large').waitFor();
    await writeSettings(window().profileDir, { workspaceTrust: false });
  });
}
