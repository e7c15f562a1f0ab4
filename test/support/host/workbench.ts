import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser';
import { atMost } from './command';
import { makeProfile } from './folders';
import { HostError } from './hostError';
import { installServer } from './install';
import { ProcessRun } from './processRun';
import { projectRoot } from './project';
import { installExtension, startServer, type Server } from './server';
import { writeSettings, type SettingsOptions } from './settings';
import { windowAddress } from './windowAddress';

/** Loading and restoring the workbench takes about two seconds; a machine under load gets its time. */
const openTimeoutMs = 60_000;
const closeTimeoutMs = 5_000;

/** Evaluated in the page. The driver of the oldest releases cannot tell; their status bar comes last. */
const isRestored = `globalThis.driver && (driver.whenWorkbenchRestored
  ? driver.whenWorkbenchRestored().then(() => true)
  : document.querySelector('.statusbar-item'))`;

export interface WorkbenchOptions extends SettingsOptions {
  /** A folder or a `.code-workspace` file; without one the window is empty. */
  readonly workspace?: string | undefined;
  /** A packaged extension, installed as a user would. */
  readonly vsix?: string | undefined;
  /** The folder of an extension under development; default the project, or none when `vsix` is given. */
  readonly extensionPath?: string | undefined;
  /** A module whose `run()` the extension host calls when the window is open. */
  readonly suite?: string | undefined;
  /** Keeps settings (`data`), `extensions` and what those store; default a new folder, which `close` deletes. */
  readonly profileDir?: string | undefined;
  /** Default a free one. */
  readonly port?: number | undefined;
  /** CSS pixels; default 1280 × 800. */
  readonly viewport?: { readonly width: number; readonly height: number } | undefined;
  /** The language of extensions; the workbench itself stays English, since it has no language pack. */
  readonly language?: string | undefined;
  /** Added to the environment of the extension host. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** A VS Code window in a headless browser. */
export interface Workbench {
  readonly page: Page;
  /** Where any browser on this machine sees the same workspace. */
  readonly url: string;
  readonly profileDir: string;
  /** Resolves with the exit code when the extension host ends by itself; rejects when server or browser do. */
  readonly exited: Promise<number>;
  /** Closes the window, lets extensions deactivate, and leaves no process and no temporary file behind. */
  close(): Promise<void>;
}

/**
 * Opens a window of the registry-shipped VS Code with Obby in it, and resolves when the workbench is restored.
 * Rejects with a `HostError` that says what to do. When this process is killed, the window ends with it.
 */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const closers = new Closers();
  try {
    return await open(options, closers);
  } catch (error) {
    await closers.run();
    throw error;
  }
}

async function open(options: WorkbenchOptions, closers: Closers): Promise<Workbench> {
  const install = await installServer();
  const run = await ProcessRun.start();
  closers.add(() => run.finish());
  const env = run.environment(options.env);

  const profileDir = options.profileDir ?? (await makeProfile(run));
  await writeSettings(profileDir, options);
  if (options.vsix !== undefined) await installExtension(install, options.vsix, profileDir, env);

  const token = randomUUID();
  const tokenFile = path.join(run.folder, 'token');
  await writeFile(tokenFile, token, { mode: 0o600 });
  const server = await startServer(install, { dataDir: profileDir, port: options.port ?? 0, tokenFile, env });
  closers.add(() => server.stop());
  const browser = await launchBrowser(env);
  closers.add(() => atMost(closeTimeoutMs, browser.close()));
  const page = await browser.newPage({ viewport: options.viewport ?? { width: 1280, height: 800 } });
  closers.add(async () => {
    await atMost(closeTimeoutMs, page.close());
    await server.extensionHostsExited();
  });

  const extensionPath = options.extensionPath ?? (options.vsix === undefined ? projectRoot : undefined);
  const content = { authority: server.authority, token, workspace: options.workspace, extensionPath };
  const exited = watchExit(page, browser, server);
  if (options.language !== undefined) await page.addInitScript(setLanguage, options.language);
  await openPage(page, windowAddress({ ...content, suite: options.suite }), server);
  return { page, url: windowAddress(content), profileDir, exited, close: () => closers.run() };
}

/** Runs in the page, before VS Code's own scripts, which read it. */
function setLanguage(language: string): void {
  (globalThis as { _VSCODE_NLS_LANGUAGE?: string })._VSCODE_NLS_LANGUAGE = language;
}

/** The workbench of an automated window calls a function of the page when its extension host has ended. */
function watchExit(page: Page, browser: Browser, server: Server): Promise<number> {
  const exited = new Promise<number>((resolve, reject) => {
    const fail = (what: string): void => reject(new HostError(`${what} ended unexpectedly.\n${server.log()}`));
    page.exposeFunction('codeAutomationExit', resolve).catch(reject);
    page.once('crash', () => fail('The window'));
    browser.once('disconnected', () => fail('The browser'));
    void server.exited.then(() => fail('The VS Code server'));
  });
  // Nobody needs to wait for it, and closing the window ends it too.
  exited.catch(() => undefined);
  return exited;
}

async function openPage(page: Page, address: string, server: Server): Promise<void> {
  try {
    await page.goto(address, { timeout: openTimeoutMs });
    await page.waitForFunction(isRestored, undefined, { timeout: openTimeoutMs });
  } catch (error) {
    throw new HostError(`The VS Code window did not open: ${String(error)}\n${server.log()}`);
  }
}

/** What must be closed, newest first, once. */
class Closers {
  private readonly closers: (() => Promise<void>)[] = [];
  private running: Promise<void> | undefined;

  add(closer: () => Promise<void>): void {
    this.closers.push(closer);
  }

  run(): Promise<void> {
    this.running ??= this.runAll();
    return this.running;
  }

  private async runAll(): Promise<void> {
    for (const closer of this.closers.reverse()) await closer().catch(() => undefined);
  }
}
