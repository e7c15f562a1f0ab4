import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { before } from 'node:test';
import type { Page } from 'playwright-core';
import { eventually } from '../../support/eventually';
import { savePicture, testsIn } from '../../support/pictures';
import type { TestWindow } from '../../support/testWindow';
import { diffPanel, hover, notification, quickPick, row, runCommand } from '../../support/workbenchDriver';

const scriptName = '<img src=x onerror=alert(1)>.txt';
const linkName = '[a](command:workbench.action.closeSidebar) $(trash).txt';
const bidiName = 'b\u202edm.exe\n.txt';
const attack = '</script><script>globalThis.hacked = 1</script><img src=x onerror="globalThis.hacked = 1">';
const bidi = 'if (role == "user\u202e \u2066// admin\u2069 \u2066") {\u0007';

/** Names and contents that want to be more than text. */
export function hostileTests(window: () => TestWindow): void {
  let page: Page;
  const test = testsIn(() => page);
  let folder: string;
  /** What browsers ask when a script runs `alert`. */
  const alerts: string[] = [];

  before(async () => {
    ({ page } = window());
    page.on('dialog', (dialog) => {
      if (dialog.type() === 'alert') alerts.push(dialog.message());
      void dialog.accept();
    });
    folder = await window().newFolder('hostile');
    await writeFile(path.join(folder, '.obbywatch'), '*.txt\n');
    for (const name of [scriptName, linkName, bidiName]) await writeFile(path.join(folder, name), 'before\n');
    await window().show(folder);
    await row(page, 'Recent Changes', '3 files').waitFor();
  });

  test('names are shown as text, with what cannot be seen made visible', async () => {
    await row(page, 'Recent Changes', '3 files').locator('.monaco-tl-twistie').click();
    for (const name of [scriptName, linkName, 'b\\u{202e}dm.exe\\n.txt']) {
      await row(page, 'Recent Changes', '').getByText(name, { exact: true }).waitFor();
    }
    const tooltip = await hover(row(page, 'Recent Changes', scriptName).locator('.label-name'));
    const [path] = (await tooltip.innerText()).replaceAll('\u00a0', ' ').split('\n');
    assert.equal(path, scriptName);
    assert.equal(await page.locator('.monaco-hover img, .pane img').count(), 0);
    await savePicture(page, 'hostile-names');
  });

  test('content is shown as text in the diff', async () => {
    await writeFile(path.join(folder, scriptName), `before\n${attack}\n${bidi}\n`);
    await row(page, 'Recent Changes', '+2 · external').click();
    const panel = diffPanel(page);
    await panel.locator('.added .line', { hasText: attack }).waitFor();
    await eventually(() => panel.getByTestId('diff-path').textContent(), scriptName);
    await eventually(() => panel.locator('.symbol').allTextContents(), ['U+202E', 'U+2066', 'U+2069', 'U+2066', 'BEL']);
    assert.equal(await panel.locator('img, body script:not([nonce])').count(), 0);
    await savePicture(page, 'hostile-diff');
  });

  test("the panel's policy lets nothing in but its own script", async () => {
    const panel = diffPanel(page);
    const policy = await panel.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
    const [fallback, styles, fonts, scripts, ...more] = (policy ?? '').split(/; ?/);
    assert.equal(fallback, "default-src 'none'");
    assert.match(scripts ?? '', /^script-src 'nonce-[A-Za-z0-9+/]{22}=='$/);
    for (const other of [styles, fonts]) assert.match(other ?? '', /^(style|font)-src 'self' https:\/\/[^ ]+$/);
    assert.deepEqual(more, ['']);
    const frame = await (await panel.locator('body').elementHandle()).ownerFrame();
    await frame?.evaluate(`
      const script = document.createElement('script');
      script.textContent = 'globalThis.hacked = 1';
      document.body.append(script);
    `);
    assert.equal(await panel.locator('body script:not([nonce])').count(), 1);
  });

  test('a name is no link and no icon where VS Code would make one of it', async () => {
    await rm(path.join(folder, linkName));
    await row(page, 'Recent Changes', linkName).filter({ hasText: 'deleted' }).waitFor();
    await runCommand(page, 'Obby: Restore Deleted File…');
    const offered = quickPick(page).filter({ hasText: linkName });
    await offered.waitFor();
    assert.equal(await offered.locator('.codicon-trash').count(), 0);
    await offered.click();
    const told = await notification(page, '$(trash).txt');
    assert.equal(await told.locator('.notification-list-item-message a').count(), 0);
    await savePicture(page, 'hostile-notification');
  });

  test('no script of theirs ran', async () => {
    const found = await Promise.all(page.frames().map((frame) => frame.evaluate<unknown>('globalThis.hacked')));
    assert.deepEqual(new Set(found), new Set([undefined]));
    assert.deepEqual(alerts, []);
  });
}
