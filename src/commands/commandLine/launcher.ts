import * as l10n from '@vscode/l10n';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ObbyError } from '../../base/errors';

/** What the launcher starts, and where it may be put. */
export interface LauncherPlace {
  /** Absolute path of the program that runs JavaScript: VS Code itself, or the Node.js of its server. */
  readonly program: string;
  /** Absolute path of the command line's bundle. */
  readonly script: string;
  /** Absolute path of the user's folder. */
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A line that only Obby's launchers have. */
const marker = 'Launcher of Obby, made by the command "Obby: Install Command Line Tool"';
const runnable = 0o755;

/** Absolute path of the launcher that is installed; undefined if there is none. */
export function installedLauncher(place: LauncherPlace): string | undefined {
  return foldersFor(place)
    .map((folder) => join(folder, fileName(place)))
    .find((path) => isOurs(path));
}

/** Installs the launcher. Throws `conflict` where another program has its name. */
export async function installLauncher(
  place: LauncherPlace,
): Promise<{ readonly path: string; readonly isOnPath: boolean }> {
  const folder = folderFor(place);
  const path = join(folder, fileName(place));
  if (existsSync(path) && !isOurs(path)) {
    throw new ObbyError('conflict', l10n.t('{0} is another program, which was not replaced.', path));
  }
  mkdirSync(folder, { recursive: true });
  await writeFile(path, textOf(place), { mode: runnable });
  return { path, isOnPath: pathFolders(place).includes(folder) };
}

/** Removes the launcher; resolves with its path, or undefined if there was none. */
export function removeLauncher(place: LauncherPlace): string | undefined {
  const path = installedLauncher(place);
  if (path !== undefined) rmSync(path);
  return path;
}

/** Rewrites a launcher whose program or script is gone: an update has moved them. */
export async function renewLauncher(place: LauncherPlace): Promise<void> {
  const path = installedLauncher(place);
  if (path === undefined) return;
  const [, program, script] = /^(?:#|rem) starts (.*) with (.*)$/m.exec(readFileSync(path, 'utf8')) ?? [];
  if (program !== undefined && script !== undefined && existsSync(program) && existsSync(script)) return;
  await writeFile(path, textOf(place), { mode: runnable });
}

function fileName({ platform }: LauncherPlace): string {
  return platform === 'win32' ? 'obby.cmd' : 'obby';
}

/** The folders in which a launcher is looked for, and put, the best first. */
function foldersFor({ platform, home, env }: LauncherPlace): string[] {
  if (platform === 'win32') {
    return [join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Microsoft', 'WindowsApps')];
  }
  return [join(home, '.local', 'bin'), join(home, 'bin'), '/usr/local/bin', '/opt/homebrew/bin'];
}

/** The first folder on the PATH that can be written; else the first that a shell may be told of. */
function folderFor(place: LauncherPlace): string {
  const folders = foldersFor(place);
  const onPath = pathFolders(place);
  const [first = place.home] = folders;
  return folders.find((folder) => onPath.includes(folder) && (folder === first || isWritable(folder))) ?? first;
}

function pathFolders({ env }: LauncherPlace): string[] {
  return (env['PATH'] ?? env['Path'] ?? '').split(delimiter);
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function isOurs(path: string): boolean {
  try {
    return readFileSync(path, 'utf8').includes(marker);
  } catch {
    return false;
  }
}

function textOf({ platform, program, script }: LauncherPlace): string {
  if (platform === 'win32') {
    const [run, file] = [program, script].map((path) => `"${path.replaceAll('%', '%%')}"`);
    const lines = ['@echo off', `rem ${marker}`, `rem starts ${program} with ${script}`];
    return [...lines, 'setlocal', 'set ELECTRON_RUN_AS_NODE=1', `${run} ${file} %*`, ''].join('\r\n');
  }
  const [run, file] = [program, script].map((path) => `'${path.replaceAll("'", String.raw`'\''`)}'`);
  const lines = ['#!/bin/sh', `# ${marker}`, `# starts ${oneLine(program)} with ${oneLine(script)}`];
  return [...lines, `ELECTRON_RUN_AS_NODE=1 exec ${run} ${file} "$@"`, ''].join('\n');
}

function oneLine(path: string): string {
  return path.replace(/[\r\n]/g, '?');
}
