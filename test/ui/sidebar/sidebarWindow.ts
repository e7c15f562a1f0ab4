import type { Page } from 'playwright-core';
import { emptyFolder, makeProfile } from '../../support/host/folders';
import { ProcessRun } from '../../support/host/processRun';
import { openWorkbench } from '../../support/host/workbench';
import { showSidebar } from '../../support/workbenchDriver';

/** Under load a window needs seconds for what it usually does at once. */
const timeoutMs = 20_000;

/** One window that shows one workspace after the other, with Obby's sidebar open. */
export interface SidebarWindow {
  readonly page: Page;
  /** Holds the window's settings and all histories. */
  readonly profileDir: string;
  /** Makes a new folder, to become a workspace. */
  newFolder(name: string): Promise<string>;
  /** Shows a workspace in place of the present one. */
  show(workspace: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens the window without a folder. */
export async function openSidebar(): Promise<SidebarWindow> {
  const run = await ProcessRun.start();
  try {
    const profileDir = await makeProfile(run);
    const workbench = await openWorkbench({ profileDir });
    const { page, url } = workbench;
    page.setDefaultTimeout(timeoutMs);
    await showSidebar(page);
    return {
      page,
      profileDir,
      newFolder: (name) => emptyFolder(run.folder, name),
      show: async (workspace) => {
        await page.goto(addressOf(url, workspace));
        await showSidebar(page);
      },
      close: () => workbench.close().finally(() => run.finish()),
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
