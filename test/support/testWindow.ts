import type { Page } from 'playwright-core';
import { emptyFolder, makeProfile } from './host/folders';
import { ProcessRun } from './host/processRun';
import { openWorkbench } from './host/workbench';
import { themes } from './pictures';
import { showSidebar } from './workbenchDriver';

/** Under load a window needs seconds for what it usually does at once. */
const timeoutMs = 60_000;

/** A window of the real workbench, with Obby's sidebar open. */
export interface TestWindow {
  readonly page: Page;
  /** Holds the window's settings and all histories. */
  readonly profileDir: string;
  /** Makes a new folder, to become a workspace. */
  newFolder(name: string): Promise<string>;
  /** Shows another workspace in place of the present one. */
  show(workspace: string): Promise<void>;
  /** Closes the window and deletes every folder that was made for it. */
  close(): Promise<void>;
}

/** Opens a window on what `prepare` makes: the path of a workspace, or undefined for none. */
export async function openTestWindow(
  prepare: (run: ProcessRun, profileDir: string) => Promise<string | undefined>,
): Promise<TestWindow> {
  const run = await ProcessRun.start();
  try {
    const profileDir = await makeProfile(run);
    const workspace = await prepare(run, profileDir);
    const settings = { 'workbench.colorTheme': themes[0].id };
    const workbench = await openWorkbench({ workspace, profileDir, settings });
    const { page, url } = workbench;
    page.setDefaultTimeout(timeoutMs);
    await showSidebar(page);
    return {
      page,
      profileDir,
      newFolder: (name) => emptyFolder(run.folder, name),
      show: async (other) => {
        await page.goto(addressOf(url, other));
        await showSidebar(page);
      },
      close: async () => {
        try {
          await workbench.close();
        } finally {
          await run.finish();
        }
      },
    };
  } catch (error) {
    await run.finish();
    throw error;
  }
}

function addressOf(url: string, workspace: string): string {
  const address = new URL(url);
  address.searchParams.delete('ew');
  address.searchParams.set('folder', workspace);
  return address.href;
}
