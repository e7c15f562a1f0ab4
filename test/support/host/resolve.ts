import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { HostError } from './hostError';
import { installRoot } from './project';

/** The VS Code that a window is opened in, and why it is that one. */
export type Host =
  | { readonly kind: 'desktop'; readonly executable: string; readonly reason: string }
  | { readonly kind: 'registry'; readonly reason: string };

const releasesAddress = 'https://update.code.visualstudio.com/api/releases/stable';
/** Long enough for a slow line, short enough not to delay every run on a machine without one. */
const probeTimeoutMs = 3_000;

/**
 * Picks the host: what `OBBY_VSCODE` names (an executable, or `registry`), else a desktop VS Code that is cached
 * or can be downloaded, else the registry-shipped one.
 */
export async function resolveHost(): Promise<Host> {
  const named = process.env['OBBY_VSCODE'];
  if (named === 'registry') return { kind: 'registry', reason: 'OBBY_VSCODE asks for it' };
  if (named !== undefined) {
    if (!existsSync(named)) throw new HostError(`OBBY_VSCODE names ${named}, which does not exist.`);
    return { kind: 'desktop', executable: named, reason: 'OBBY_VSCODE names it' };
  }
  if (process.env['OBBY_HOST_VERSION'] !== undefined) {
    return { kind: 'registry', reason: 'OBBY_HOST_VERSION asks for it' };
  }
  if (!hasDisplay() && virtualDisplay() === undefined) {
    return { kind: 'registry', reason: 'desktop VS Code needs a display, or xvfb-run' };
  }
  try {
    const version = cachedVersion();
    if (version === undefined)
      await fetch(releasesAddress, { method: 'HEAD', signal: AbortSignal.timeout(probeTimeoutMs) });
    const executable = await downloadAndUnzipVSCode({ version: version ?? 'stable', cachePath: installRoot });
    return { kind: 'desktop', executable, reason: version === undefined ? 'it was downloaded' : 'it is cached' };
  } catch (error) {
    return { kind: 'registry', reason: `desktop VS Code cannot be downloaded: ${String(error)}` };
  }
}

/** Whether desktop VS Code can show a window. */
export function hasDisplay(): boolean {
  return (
    process.platform !== 'linux' || process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined
  );
}

/** The program that runs another one on a display that nobody sees. */
export function virtualDisplay(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => path.join(folder, 'xvfb-run')).find((file) => existsSync(file));
}

/** The newest desktop VS Code that `@vscode/test-electron` has downloaded whole. */
function cachedVersion(): string | undefined {
  const names = existsSync(installRoot) ? readdirSync(installRoot) : [];
  const versions = names.flatMap((name) => {
    const version = /^vscode-.+-(\d+\.\d+\.\d+)$/.exec(name)?.[1];
    return version !== undefined && existsSync(path.join(installRoot, name, 'is-complete')) ? [version] : [];
  });
  return versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
}

/** One line that says which host was chosen, and why. */
export function describeHost(host: Host): string {
  const name = host.kind === 'desktop' ? `desktop VS Code, ${host.executable}` : 'VS Code from the npm registry';
  return `Host: ${name} (${host.reason}).`;
}
