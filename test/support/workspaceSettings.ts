import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Settings } from './host/settings';

/** Gives a workspace its settings; a window that shows it follows at once, which it does not for a user's. */
export async function writeWorkspaceSettings(folder: string, settings: Settings): Promise<void> {
  await mkdir(path.join(folder, '.vscode'), { recursive: true });
  await writeFile(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
}
