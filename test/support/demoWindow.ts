import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { makeDemo } from './demo/makeDemo';
import { emptyFolder, makeProfile } from './host/folders';
import { ProcessRun } from './host/processRun';
import type { Settings } from './host/settings';
import { openWorkbench } from './host/workbench';
import { showSidebar } from './workbenchDriver';

/** Under load a window needs seconds for what it usually does at once. */
const timeoutMs = 20_000;

/** A window on the demo workspace, with Obby's sidebar open. */
export interface DemoWindow {
  readonly page: Page;
  /** The workspace. */
  readonly folder: string;
  close(): Promise<void>;
}

/** Makes a demo workspace, whose history is really recorded, and opens a window on it. */
export async function openDemo(): Promise<DemoWindow> {
  const run = await ProcessRun.start();
  try {
    const folder = await emptyFolder(run.folder, 'tide-table');
    const profileDir = await makeProfile(run);
    await makeDemo(folder, profileDir);
    await writeWorkspaceSettings(folder, {});
    const workbench = await openWorkbench({ workspace: folder, profileDir });
    const { page } = workbench;
    page.setDefaultTimeout(timeoutMs);
    await showSidebar(page);
    return { page, folder, close: () => workbench.close().finally(() => run.finish()) };
  } catch (error) {
    await run.finish();
    throw error;
  }
}

/** The bytes of a file of the workspace. */
export function contentOf({ folder }: DemoWindow, name: string): Promise<Buffer> {
  return readFile(path.join(folder, name));
}

/**
 * Gives a workspace its settings; a window that shows it follows at once, which it does not for a user's. Files are saved
 * by hand alone.
 */
export async function writeWorkspaceSettings(folder: string, settings: Settings): Promise<void> {
  await mkdir(path.join(folder, '.vscode'), { recursive: true });
  await writeFile(
    path.join(folder, '.vscode', 'settings.json'),
    JSON.stringify({ 'files.autoSave': 'off', ...settings }),
  );
}
