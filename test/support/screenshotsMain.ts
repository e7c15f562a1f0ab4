/**
 * `npm run screenshots`: takes the pictures of README.md in a real window, light and dark. With `-- --language de`: shows
 * sidebar, comparison and Storage page in that language, as pictures in out/screenshots; any other name, such as `qps-ploc`, is
 * the pseudo-language.
 */
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeDemo } from './demo/makeDemo';
import { emptyFolder, makeProfile } from './host/folders';
import { ProcessRun } from './host/processRun';
import { runProgram } from './host/program';
import { projectRoot } from './host/project';
import { takeScreenshot } from './host/screenshot';
import { openWorkbench, type WorkbenchOptions } from './host/workbench';
import { packageFile, packageObby } from './run/packageFile';
import { takePicture } from './pictures';
import { pseudoLanguage } from './pseudoLanguage';
import { diffPanel, openFile, row, runCommand, showSidebar } from './workbenchDriver';

type Texts = Readonly<Record<string, string>>;

interface Translated {
  readonly extensionPath: string;
  readonly words: Texts;
  /** Of the manifest. */
  readonly titles: Texts;
}

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
      const translated = await translatedCopy(await emptyFolder(run.folder, 'extension'), language);
      const { extensionPath } = translated;
      await languagePictures({ workspace: folder, profileDir, language, extensionPath }, translated);
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

/** A copy of the extension, with texts of a language that it may not ship. */
async function translatedCopy(folder: string, language: string): Promise<Translated> {
  for (const part of ['package.json', 'package.nls.json', 'dist', 'media']) {
    await cp(path.join(projectRoot, part), path.join(folder, part), { recursive: true });
  }
  await mkdir(path.join(folder, 'l10n'));
  const translate = async (original: string, translation: string): Promise<Texts> => {
    const file = path.join(projectRoot, translation);
    const texts = existsSync(file) ? textsOf(file) : pseudoLanguage(textsOf(path.join(projectRoot, original))).words;
    await writeFile(path.join(folder, translation), JSON.stringify(texts));
    return texts;
  };
  const words = await translate('l10n/bundle.l10n.json', `l10n/bundle.l10n.${language}.json`);
  return { extensionPath: folder, words, titles: await translate('package.nls.json', `package.nls.${language}.json`) };
}

function textsOf(file: string): Texts {
  return JSON.parse(readFileSync(file, 'utf8')) as Texts;
}

async function languagePictures(options: WorkbenchOptions, { words, titles }: Translated): Promise<void> {
  const workbench = await openWorkbench({ ...options, viewport });
  const { page } = workbench;
  try {
    await showSidebar(page);
    await openFile(page, 'src/tides.ts');
    await row(page, titles['view.fileHistory'] ?? '', words['external'] ?? '').click();
    await diffPanel(page).getByText('heightAt').first().waitFor();
    await takePicture(page, `sidebar-${options.language ?? ''}`);
    await runCommand(page, `${titles['category'] ?? ''}: ${titles['command.showStorage'] ?? ''}`);
    await diffPanel(page)
      .getByText(words['Folders'] ?? '')
      .first()
      .waitFor();
    await takePicture(page, `storage-window-${options.language ?? ''}`);
  } finally {
    await workbench.close();
  }
}

runProgram(() => main(process.argv.slice(2)));
