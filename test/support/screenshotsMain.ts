/** `npm run screenshots`: takes the pictures of README.md in a real window, light and dark. */
import path from 'node:path';
import { makeDemo } from './demo/makeDemo';
import { emptyFolder, makeProfile } from './host/folders';
import { ProcessRun } from './host/processRun';
import { runProgram } from './host/program';
import { projectRoot } from './host/project';
import { takeScreenshot } from './host/screenshot';
import { openWorkbench } from './host/workbench';
import { packageFile, packageObby } from './run/packageFile';
import { diffPanel, openFile, row, showSidebar } from './workbenchDriver';

const viewport = { width: 1440, height: 810 };
const themes = { light: 'Default Light Modern', dark: 'Default Dark Modern' };

async function main(): Promise<boolean> {
  await packageObby();
  const run = await ProcessRun.start();
  try {
    const folder = await emptyFolder(run.folder, 'tide-table');
    const profileDir = await makeProfile(run);
    await makeDemo(folder, profileDir);
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

runProgram(main);
