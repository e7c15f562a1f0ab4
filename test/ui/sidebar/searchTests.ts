import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { before } from 'node:test';
import { picturedThemes, savePicture, testsIn, themes, useTheme } from '../../support/pictures';
import type { TestWindow } from '../../support/testWindow';
import { diffPanel, row, runCommand, view, welcome } from '../../support/workbenchDriver';
import { writeWorkspaceSettings } from '../../support/workspaceSettings';

const lost = 'export function roundHalfEven(value: number): number {';

/** The view Search: asks for a text, lists where it came and went, and opens the comparison there. */
export function searchTests(window: () => TestWindow): void {
  let folder: string;
  const test = testsIn(() => window().page);

  before(async () => {
    const { page } = window();
    folder = await window().newFolder('searched');
    await mkdir(path.join(folder, 'src'));
    await writeFile(path.join(folder, '.obbywatch'), '*.ts\n');
    const filler = Array.from({ length: 80 }, (_, n) => `const line${n} = ${n};`).join('\n');
    await writeFile(path.join(folder, 'src', 'numbers.ts'), `${filler}\n`);
    await writeWorkspaceSettings(folder, {});
    await window().show(folder);
    await row(page, 'Recent Changes', 'numbers.ts').waitFor();
    await writeFile(path.join(folder, 'src', 'numbers.ts'), `${filler}\n${lost}\n  return value;\n}\n`);
    await row(page, 'Recent Changes', '+3').waitFor();
    await writeFile(
      path.join(folder, 'src', 'use.ts'),
      "import { roundHalfEven } from './numbers';\nroundHalfEven(1.5);\n",
    );
    await row(page, 'Recent Changes', 'use.ts').waitFor();
    await writeFile(path.join(folder, 'src', 'numbers.ts'), `${filler}\n`);
    await row(page, 'Recent Changes', '−3').waitFor();
    await rm(path.join(folder, 'src', 'use.ts'));
    await row(page, 'Recent Changes', 'deleted').waitFor();
  });

  test('says what it is for, and lists where a text came and went, by file', async () => {
    const { page } = window();
    await view(page, 'Search').locator('.pane-header').click();
    await welcome(page, 'Search').getByText('Find where a line came from').waitFor();
    await savePicture(page, 'search-empty');
    await runCommand(page, 'Obby: Search History…');
    await page.locator('.quick-input-widget input[type="text"]').fill('roundhalfeven');
    await savePicture(page, 'search-asked');
    await page.keyboard.press('Enter');
    await row(page, 'Search', 'numbers.ts').waitFor();
    await row(page, 'Search', 'use.ts').waitFor();
    await row(page, 'Search', lost.slice(8, 30)).filter({ hasText: 'lost' }).waitFor();
    await view(page, 'Search').getByText('6 lines in 2 files').waitFor();
    for (const theme of picturedThemes) {
      await useTheme(page, folder, theme);
      await savePicture(page, `search-found-${theme.name}`);
    }
    await useTheme(page, folder, themes[0]);
  });

  test('a click opens the comparison where the line went', async () => {
    const { page } = window();
    await row(page, 'Search', lost.slice(8, 30)).filter({ hasText: 'lost' }).click();
    await diffPanel(page)
      .locator('.row.active', { hasText: 'roundHalfEven' })
      .or(diffPanel(page).getByText('roundHalfEven').first())
      .first()
      .waitFor();
    await savePicture(page, 'search-compared');
  });
}
