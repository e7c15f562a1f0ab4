import assert from 'node:assert/strict';
import { before } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { files } from '../../support/demo/storyFiles';
import type { DemoWindow } from '../../support/demoWindow';
import { gitNumstat } from '../../support/diffOracle';
import { eventually } from '../../support/eventually';
import { picturedThemes, savePicture, testsIn, themes, useTheme } from '../../support/pictures';
import { descriptions, diffPanel, openHistory, row } from '../../support/workbenchDriver';
import { shownTexts } from './shownTexts';

/** From a row of *File History* to the lines of the diff panel. */
export function diffTests(demo: () => DemoWindow): void {
  let page: Page;
  const test = testsIn(() => page);
  const inPanel = (testId: string): Locator => diffPanel(page).locator(`[data-testid="${testId}"]`);
  const rows = (): Locator => inPanel('diff-rows').locator('[role=row]');
  const button = (name: string): Locator => diffPanel(page).getByRole('button', { name });
  const change = { before: files.tidesWithNext, after: files.tidesGutted };

  before(async () => {
    ({ page } = demo());
    await openHistory(page, 'src/tides.ts', '+2 −18 · external');
  });

  test('the versions of the active file are listed with what changed and why', async () => {
    await eventually(
      () => descriptions(page, 'File History'),
      [
        `${counts(files.tidesWithNext, files.tidesGutted)} · external`,
        `${counts(files.tidesWithRange, files.tidesWithNext)} · auto save`,
        `${counts(files.tides, files.tidesWithRange)} · save`,
        'initial version',
      ],
    );
    assert.equal(await row(page, 'File History', 'Today').getAttribute('aria-level'), '1');
  });

  test('a click on one compares it with the version before', async () => {
    await row(page, 'File History', 'external').click();
    await rows().first().waitFor();
    const [older, newer] = [await timeOf(page, 'auto save'), await timeOf(page, 'external')];
    await page.locator('.tab.active', { hasText: `tides.ts (${older} ↔ ${newer})` }).waitFor();
    await eventually(() => inPanel('diff-path').getAttribute('title'), 'src/tides.ts');
    await eventually(() => inPanel('diff-counts').textContent(), counts(change.before, change.after).replace(' ', ''));
    const sides = [await inPanel('side-left').textContent(), await inPanel('side-right').textContent()];
    // The story is told as of 25 and 9 minutes before the window opened, which took a moment.
    assert.match(sides[0] ?? '', new RegExp(`^${older}2[5-7] minutes agoauto save`));
    assert.match(sides[1] ?? '', new RegExp(`^${newer}(9|10|11) minutes agoexternal$`));
  });

  test('unchanged lines are folded away and come back', async () => {
    const fold = inPanel('fold');
    assert.match((await fold.textContent()) ?? '', /^9 unchanged lines/);
    await fold.getByRole('button', { name: 'Show All of These Lines' }).click();
    await fold.waitFor({ state: 'detached' });
    await eventually(() => shownTexts(diffPanel(page)), { left: change.before, right: change.after });
  });

  test('one goes from change to change by key and by button', async () => {
    const counter = inPanel('change-counter');
    await eventually(() => counter.textContent(), '1 of 2');
    await page.keyboard.press('F7');
    await counter.getByText('2 of 2').waitFor();
    await page.keyboard.press('Shift+F7');
    await counter.getByText('1 of 2').waitFor();
    await button('Next Change').click();
    await counter.getByText('2 of 2').waitFor();
    await button('Previous Change').click();
    await counter.getByText('1 of 2').waitFor();
  });

  test('the other layout is a click away and shows the same lines', async () => {
    const sideBySide = await rows().count();
    await button('Show Unified').click();
    await button('Show Side by Side').waitFor();
    await eventually(() => shownTexts(diffPanel(page)), { left: change.before, right: change.after });
    // Two lines stood beside each other.
    await eventually(() => rows().count(), sideBySide + 2);
  });

  test('the layout is kept for the next comparison, and what changed in a line is marked', async () => {
    await openHistory(page, 'src/main.ts', '+1 −1 · save');
    await row(page, 'File History', '+1 −1 · save').click();
    await inPanel('diff-path').and(diffPanel(page).getByTitle('src/main.ts')).waitFor();
    await rows().first().waitFor();
    await button('Show Side by Side').click();
    await button('Show Unified').waitFor();
    await button('Show All Unchanged Lines').click();
    await button('Hide Unchanged Lines').waitFor();
    await eventually(() => shownTexts(diffPanel(page)), {
      left: files.formatted['src/main.ts'],
      right: files.mainWithHeight,
    });
    await eventually(() => diffPanel(page).locator('.removed .mark').allTextContents(), ['format']);
    await eventually(() => diffPanel(page).locator('.added .mark').allTextContents(), ['height']);
  });

  test('tree and diff look like a part of VS Code in every theme', async () => {
    await openHistory(page, 'src/tides.ts', '+2 −18 · external');
    await row(page, 'File History', '+2 −18 · external').click();
    await inPanel('diff-path').and(diffPanel(page).getByTitle('src/tides.ts')).waitFor();
    await rows().first().waitFor();
    for (const theme of picturedThemes) {
      await useTheme(page, demo().folder, theme);
      await savePicture(page, `diff-side-by-side-${theme.name}`);
      await button('Show Unified').click();
      await button('Show Side by Side').waitFor();
      await savePicture(page, `diff-unified-${theme.name}`);
      await button('Show Side by Side').click();
      await button('Show Unified').waitFor();
    }
    await useTheme(page, demo().folder, themes[0]);
  });
}

/** Lines added and removed as rows show them, counted by git. */
function counts(before: string, after: string): string {
  const [stat] = gitNumstat([{ path: 'file', before: Buffer.from(before), after: Buffer.from(after) }]);
  assert(stat);
  return [stat.added > 0 && `+${stat.added}`, stat.removed > 0 && `−${stat.removed}`].filter(Boolean).join(' ');
}

/** The time that a row of *File History* shows. */
async function timeOf(page: Page, text: string): Promise<string> {
  return (await row(page, 'File History', text).locator('.label-name').textContent()) ?? '';
}
