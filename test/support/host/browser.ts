import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { runCommand } from './command';
import { HostError } from './hostError';
import { installBrowser } from './install';

/** A browser that can be started: its program and what its environment must have. */
export interface BrowserProgram {
  readonly executable: string;
  readonly env: Readonly<Record<string, string>>;
}

const commandNames = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
  'microsoft-edge-stable',
];
const installedPaths = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

/** No sandbox: it cannot be had as root or in most containers, and the browser only sees the workbench. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A stub that only offers to install the browser answers `--version` with an error, or not at all. */
const probeTimeoutMs = 10_000;
const launchTimeoutMs = 90_000;

/**
 * Starts a headless Chromium: what `OBBY_BROWSER` names (an executable, or `registry`), else an installed Chrome,
 * Chromium or Edge, else the one from the npm registry.
 */
export async function launchBrowser(env: NodeJS.ProcessEnv): Promise<Browser> {
  const program = await findBrowser();
  try {
    return await chromium.launch({
      executablePath: program.executable,
      args: flags,
      env: definedOnly({ ...env, ...program.env }),
      timeout: launchTimeoutMs,
      // Whoever started the browser closes it; two handlers for one signal would race.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
  } catch (error) {
    throw new HostError(`${program.executable} did not start. ${adviceForBrowsers}\n${String(error)}`);
  }
}

const adviceForBrowsers =
  'Install Chrome, Chromium or Edge (on Debian: apt-get install chromium), or name one in OBBY_BROWSER.';

/** The browser to start; installs one where there is none. */
export async function findBrowser(): Promise<BrowserProgram> {
  const named = process.env['OBBY_BROWSER'];
  if (named !== undefined && named !== 'registry') {
    if (!existsSync(named)) throw new HostError(`OBBY_BROWSER names ${named}, which does not exist.`);
    return { executable: named, env: {} };
  }
  for (const executable of named === 'registry' ? [] : installedBrowsers()) {
    if (await answersVersion(executable)) return { executable, env: {} };
  }
  try {
    const installed = await installBrowser();
    return {
      executable: installed.executable,
      env: { LD_LIBRARY_PATH: installed.libraries, FONTCONFIG_FILE: installed.fontConfig },
    };
  } catch (error) {
    throw new HostError(`There is no browser. ${adviceForBrowsers}\n${String(error)}`);
  }
}

function installedBrowsers(): string[] {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const onPath = commandNames.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...onPath, ...installedPaths].filter((file) => existsSync(file));
}

async function answersVersion(executable: string): Promise<boolean> {
  return runCommand(executable, ['--version'], { timeoutMs: probeTimeoutMs }).then(
    () => true,
    () => false,
  );
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
