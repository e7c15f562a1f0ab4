import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { makeDemo } from './demo/makeDemo';
import { emptyFolder } from './host/folders';
import { openTestWindow, type TestWindow } from './testWindow';
import { writeWorkspaceSettings } from './workspaceSettings';

/** A window on the demo workspace. */
export interface DemoWindow extends TestWindow {
  /** The workspace. */
  readonly folder: string;
}

/** Makes a demo workspace, whose history is really recorded, and opens a window on it. */
export async function openDemo(): Promise<DemoWindow> {
  let folder = '';
  const window = await openTestWindow(async (run, profileDir) => {
    folder = await emptyFolder(run.folder, 'tide-table');
    await makeDemo(folder, profileDir);
    await writeWorkspaceSettings(folder, {});
    return folder;
  });
  return { ...window, folder };
}

/** The bytes of a file of the workspace. */
export function contentOf({ folder }: DemoWindow, name: string): Promise<Buffer> {
  return readFile(path.join(folder, name));
}
