import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { before } from 'node:test';
import type { Page } from 'playwright-core';
import type { DemoWindow } from '../../support/demoWindow';
import { projectRoot } from '../../support/host/project';
import { testsIn } from '../../support/pictures';
import { diffPanel, openHistory, quickPick, row, runCommand, typeInPalette } from '../../support/workbenchDriver';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string; readonly title: string }[] };
}

/** Nothing was restored, nothing is paused, there is no label, the rules are there, and the file is watched. */
const hiddenCommands = [
  'obby.undoRestore',
  'obby.resume',
  'obby.removeLabel',
  'obby.restoreRules',
  'obby.createRules',
  'obby.watchFile',
  'obby.goToRule',
  'obby.openChangeSet',
  'obby.undoChange',
  'obby.showLineHistory',
  'obby.showAllVersions',
  'obby.toggleLineAnnotations',
  'obby.searchSelection',
  'obby.filterSearch',
  'obby.cancelSearch',
  'obby.clearSearch',
];

/** What belongs to the window as a whole: its palette, its keyboard, and what it says to a screen reader. */
export function windowTests(demo: () => DemoWindow): void {
  let page: Page;
  const test = testsIn(() => page);
  before(async () => {
    ({ page } = demo());
    await openHistory(page, 'src/tides.ts', '+2 −18 · external');
  });

  test('the keyboard alone goes from the tree to the diff and to each of its buttons', async () => {
    await runCommand(page, 'Obby: Show File History');
    await page.locator('.monaco-list[aria-label="File History"]:focus').waitFor();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const panel = diffPanel(page);
    await panel.getByRole('row', { name: /^Removed line 13: / }).waitFor();
    await panel.locator('[data-testid="diff-rows"]:focus').waitFor();
    const names: string[] = [];
    for (let at = 0; at < 6; at++) {
      await page.keyboard.press('Shift+Tab');
      names.push((await panel.locator('button:focus').getAttribute('aria-label')) ?? '');
    }
    assert.deepEqual(
      names.map((name) => name.replace(/ \(.*/, '')),
      [
        'Restore the version on the left',
        "Open in VS Code's Diff Editor",
        'Show Unified',
        'Show All Unchanged Lines',
        'Next Change',
        'Previous Change',
      ],
    );
  });

  test('every button of the panel has a name, and its rows are read line by line', async () => {
    const panel = diffPanel(page);
    const buttons = await panel.getByRole('button').count();
    assert.equal(await panel.getByRole('button', { name: /\S/ }).count(), buttons);
    assert(buttons >= 6);
    const grid = panel.getByRole('grid', { name: 'Differences, side by side' });
    const active = (await grid.getAttribute('aria-activedescendant')) ?? '';
    assert.match((await panel.locator(`[id="${active}"]`).getAttribute('aria-label')) ?? '', /^Removed line 13: /);
  });

  test('the palette has every command that can do something now', async () => {
    await typeInPalette(page, '>Obby: ');
    await quickPick(page).filter({ hasText: 'Obby: Compare Two Versions' }).waitFor();
    const names = new Set<string>();
    const readNames = async (): Promise<void> => {
      for (const name of await quickPick(page).locator('.label-name').allTextContents()) names.add(name);
    };
    await readNames();
    // The list holds what is in sight: the way down leads through all of it, the way up from its first row to its last.
    for (let row = 0; row < 40; row++) {
      await page.keyboard.press('ArrowDown');
      await readNames();
    }
    const offered = [...names].filter((name) => name.startsWith('Obby: '));
    const byVsCode = /^Obby: Focus on .* View$/;
    assert.deepEqual(offered.filter((name) => !byVsCode.test(name)).sort(), paletteTitles());
    await page.keyboard.press('Escape');
  });

  test('rows of trees say everything to a screen reader', async () => {
    const label = await row(page, 'File History', 'auto save').getAttribute('aria-label');
    assert.match(label ?? '', /, 16 lines added, Saved automatically$/);
    for (const tree of ['File History', 'Recent Changes']) {
      const labels = await row(page, tree, /./).evaluateAll((rows: { ariaLabel: string | null }[]) =>
        rows.map(({ ariaLabel }) => ariaLabel),
      );
      assert(labels.length > 3);
      for (const spoken of labels) assert.match(spoken ?? '', /\S/);
    }
  });
}

function paletteTitles(): string[] {
  const read = (name: string): unknown => JSON.parse(readFileSync(path.join(projectRoot, name), 'utf8'));
  const { contributes } = read('package.json') as Manifest;
  const words = read('package.nls.json') as Readonly<Record<string, string>>;
  return contributes.commands
    .filter(({ command }) => !hiddenCommands.includes(command))
    .map(({ title }) => `Obby: ${words[title.replaceAll('%', '')] ?? title}`)
    .sort();
}
