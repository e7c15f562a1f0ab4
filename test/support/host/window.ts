import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { executableWithDisplay, installDesktopExtension, profileArguments } from './desktop';
import { emptyFolder, makeProfile } from './folders';
import { ProcessRun } from './processRun';
import { projectRoot } from './project';
import { describeHost, resolveHost, type Host } from './resolve';
import { takeScreenshot } from './screenshot';
import { writeSettings } from './settings';
import { openWorkbench, type WorkbenchOptions } from './workbench';

export interface WindowOptions extends WorkbenchOptions {
  /** Where to save a picture once the window has settled; it then closes unless `keep` is set. */
  readonly screenshot?: string | undefined;
  /** Keeps what the window stored for good, and the window open after a picture. */
  readonly keep?: boolean | undefined;
}

/**
 * Shows a window, prints the address where it can be seen, and resolves when it is closed: by its user, by
 * `interrupted`, or after its picture was taken.
 */
export async function showWindow(options: WindowOptions, interrupted: Promise<void>): Promise<void> {
  const host = await hostFor(options);
  process.stderr.write(`${describeHost(host)}\n`);
  const run = await ProcessRun.start();
  try {
    const workspace = options.workspace ?? (await emptyFolder(run.folder, 'workspace'));
    const profileDir = options.profileDir ?? (await makeProfile(run, options.keep));
    if (options.keep === true) process.stderr.write(`What the window stores stays in ${profileDir}.\n`);
    const complete = { ...options, workspace, profileDir };
    if (host.kind === 'registry') await showInBrowser(complete, interrupted);
    else await showOnDesktop(host.executable, complete, run, interrupted);
  } finally {
    await run.finish();
  }
}

async function hostFor(options: WindowOptions): Promise<Host> {
  if (options.screenshot === undefined) return resolveHost();
  return { kind: 'registry', reason: 'a picture needs a browser' };
}

async function showInBrowser(options: WindowOptions, interrupted: Promise<void>): Promise<void> {
  const workbench = await openWorkbench(options);
  try {
    process.stdout.write(`${workbench.url}\n`);
    if (options.screenshot !== undefined) {
      await takeScreenshot(workbench.page, options.screenshot);
      if (options.keep !== true) return;
    }
    process.stderr.write('Open this address in a browser. Ctrl+C closes the window.\n');
    await Promise.race([interrupted, workbench.exited]);
  } finally {
    await workbench.close();
  }
}

async function showOnDesktop(
  executable: string,
  options: WindowOptions & { readonly profileDir: string },
  run: ProcessRun,
  interrupted: Promise<void>,
): Promise<void> {
  await writeSettings(options.profileDir, options);
  if (options.vsix !== undefined) await installDesktopExtension(executable, options.vsix, options.profileDir);
  const extensionPath = options.extensionPath ?? (options.vsix === undefined ? projectRoot : undefined);
  const args = [
    ...(options.workspace === undefined ? [] : [options.workspace]),
    ...profileArguments(options.profileDir),
    ...(extensionPath === undefined ? [] : [`--extensionDevelopmentPath=${extensionPath}`]),
    ...['--no-sandbox', '--disable-updates', '--skip-welcome', '--skip-release-notes', '--wait'],
  ];
  const shown = await executableWithDisplay(executable, run.folder);
  const child = spawn(shown, args, { env: run.environment(options.env), stdio: 'ignore' });
  await Promise.race([once(child, 'exit'), interrupted]);
  child.kill();
}
