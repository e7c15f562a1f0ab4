/**
 * `npm run screenshots`: takes the pictures of README.md in a real window, light and dark. With `-- --language de`: shows
 * sidebar, comparison and Storage page in that language, as pictures in out/screenshots.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { makeDemo } from './demo/makeDemo';
import { emptyFolder, makeProfile } from './host/folders';
import { ProcessRun } from './host/processRun';
import { runProgram } from './host/program';
import { projectRoot } from './host/project';
import { takeScreenshot } from './host/screenshot';
import { openWorkbench } from './host/workbench';
import { packageFile, packageObby } from './run/packageFile';
import { savePicture } from './pictures';
import { diffPanel, openFile, row, runCommand, showSidebar } from './workbenchDriver';

const viewport = { width: 1440, height: 810 };
const themes = { light: 'Default Light Modern', dark: 'Default Dark Modern' };

async function main(args: readonly string[]): Promise<boolean> {
  const language = args[0] === '--language' ? args[1] : undefined;
  await packageObby();
  const run = await ProcessRun.start();
  try {
    const folder = await emptyFolder(run.folder, 'tide-table');
    const profileDir = await makeProfile(run);
    await makeDemo(folder, profileDir);
    if (language !== undefined) {
      await languagePictures(folder, profileDir, language);
      return true;
    }
    for (const [name, theme] of Object.entries(themes)) {
      await picture(folder, profileDir, theme, path.join(projectRoot, 'media', `screenshot-${name}.png`));
    }
    return true;
  } finally {
    await run.finish();
  }
}

async function picture(workspace: string, profileDir: string, theme: string, file: string): Promise<void> {
  const settings = { 'workbench.colorTheme': theme };
  const workbench = await openWorkbench({ workspace, profileDir, settings, vsix: packageFile(), viewport });
  const { page } = workbench;
  try {
    await showSidebar(page);
    await openFile(page, 'src/tides.ts');
    await row(page, 'File History', 'external').click();
    await diffPanel(page).getByText('heightAt').first().waitFor();
    await takeScreenshot(page, file);
    process.stdout.write(`${path.relative(projectRoot, file)}\n`);
  } finally {
    await workbench.close();
  }
}

async function languagePictures(workspace: string, profileDir: string, language: string): Promise<void> {
  const texts = (file: string): Readonly<Record<string, string>> =>
    JSON.parse(readFileSync(path.join(projectRoot, file), 'utf8')) as Record<string, string>;
  const words = texts(`l10n/bundle.l10n.${language}.json`);
  const titles = texts(`package.nls.${language}.json`);
  const workbench = await openWorkbench({ workspace, profileDir, language, vsix: packageFile(), viewport });
  const { page } = workbench;
  try {
    await showSidebar(page);
    await openFile(page, 'src/tides.ts');
    await row(page, titles['view.fileHistory'] ?? '', words['external'] ?? '').click();
    await diffPanel(page).getByText('heightAt').first().waitFor();
    await savePicture(page, `sidebar-${language}`);
    await runCommand(page, `Obby: ${titles['command.showStorage'] ?? ''}`);
    await diffPanel(page)
      .getByText(words['Folders'] ?? '')
      .first()
      .waitFor();
    await savePicture(page, `storage-window-${language}`);
  } finally {
    await workbench.close();
  }
}

runProgram(() => main(process.argv.slice(2)));
