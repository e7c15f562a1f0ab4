import { resolveCliArgsFromVSCodeExecutablePath } from '@vscode/test-electron';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from './command';
import { HostError } from './hostError';
import { hasDisplay, virtualDisplay } from './resolve';

const installExtensionTimeoutMs = 60_000;

/** The arguments that make desktop VS Code keep everything in one folder, laid out as the server lays it out. */
export function profileArguments(profileDir: string): string[] {
  return [
    `--user-data-dir=${path.join(profileDir, 'data')}`,
    `--extensions-dir=${path.join(profileDir, 'extensions')}`,
  ];
}

/** Installs a packaged extension as a user would; rejects when VS Code does not take it. */
export async function installDesktopExtension(executable: string, vsix: string, profileDir: string): Promise<void> {
  const [cli, ...args] = resolveCliArgsFromVSCodeExecutablePath(executable, { reuseMachineInstall: true });
  if (cli === undefined) throw new HostError(`${executable} has no command line to install extensions with.`);
  await runCommand(cli, [...args, '--install-extension', vsix, '--force', ...profileArguments(profileDir)], {
    timeoutMs: installExtensionTimeoutMs,
  }).catch((error: unknown) => {
    throw new HostError(`VS Code did not install ${vsix}. ${String(error)}`);
  });
}

/** The executable itself where there is a display, else a script in `folder` that gives it a virtual one. */
export async function executableWithDisplay(executable: string, folder: string): Promise<string> {
  const xvfb = virtualDisplay();
  if (hasDisplay() || xvfb === undefined) return executable;
  const script = path.join(folder, 'code');
  await writeFile(script, `#!/bin/sh\nexec '${xvfb}' -a '${executable}' "$@"\n`, { mode: 0o755 });
  return script;
}
