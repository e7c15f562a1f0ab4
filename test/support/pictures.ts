import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { isLong } from './chance';
import { projectRoot } from './host/project';
import { diffPanel } from './workbenchDriver';
import { writeWorkspaceSettings } from './workspaceSettings';

/** VS Code's themes of each kind, and how a page and a webview show which kind they have; windows open in the first. */
export const themes = [
  { name: 'light', id: 'Default Light Modern', workbench: 'vs', webview: 'vscode-light' },
  { name: 'dark', id: 'Default Dark Modern', workbench: 'vs-dark', webview: 'vscode-dark' },
  { name: 'high-contrast', id: 'Default High Contrast', workbench: 'hc-black', webview: 'vscode-high-contrast' },
  {
    name: 'high-contrast-light',
    id: 'Default High Contrast Light',
    workbench: 'hc-light',
    webview: 'vscode-high-contrast-light',
  },
] as const;

export type Theme = (typeof themes)[number];

const wantedFolder = process.env['OBBY_SCREENSHOTS'];
/** Where pictures go. */
const folder = wantedFolder ?? path.join(projectRoot, 'out', 'screenshots');
/** Pictures are for people; most runs are not looked at. */
const areWanted = isLong || wantedFolder !== undefined;

/** Those of which tests take pictures: all, or the first when nobody wants pictures. */
export const picturedThemes: readonly Theme[] = areWanted ? themes : [themes[0]];

/** Saves what a window shows, if pictures are wanted. */
export async function savePicture(page: Page, name: string): Promise<void> {
  if (areWanted) await takePicture(page, name);
}

/** Without a pointer that lights something up. */
export async function takePicture(page: Page, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await page.mouse.move(0, 0);
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled' });
}

/** Makes tests of a window: one that fails leaves a picture of what the window showed. */
export function testsIn(page: () => Page): (name: string, run: () => Promise<void>) => void {
  return (name, run) => {
    test(name, async () => {
      try {
        await run();
      } catch (error) {
        await takePicture(page(), `failed - ${name.replaceAll('/', ' ')}`).catch(() => undefined);
        throw error;
      }
    });
  };
}

/** Gives a window on a workspace another theme, and waits until it and the webview in front, if there is one, have it. */
export async function useTheme(page: Page, workspace: string, theme: Theme): Promise<void> {
  await writeWorkspaceSettings(workspace, { 'workbench.colorTheme': theme.id });
  await page.locator(`.monaco-workbench.${theme.workbench}`).waitFor();
  if ((await page.locator('iframe.webview.ready').count()) === 0) return;
  await diffPanel(page).locator(`body[data-vscode-theme-kind="${theme.webview}"]`).waitFor();
}
