/** `npm start`: packages Obby, installs it into a VS Code, and opens it on a demo workspace, or on the folder named. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { makeDemo } from './demo/makeDemo';
import { HostError } from './host/hostError';
import { runProgram } from './host/program';
import { installRoot, projectRoot } from './host/project';
import { showWindow } from './host/window';
import { packageFile, packageObby } from './run/packageFile';

const profileDir = path.join(installRoot, 'start-profile');

async function main(args: readonly string[], interrupted: Promise<void>): Promise<boolean> {
  const [named] = args;
  await packageObby();
  const workspace = named === undefined ? await demoWorkspace() : existingFolder(named);
  await showWindow({ workspace, profileDir, vsix: packageFile(), keep: true }, interrupted);
  return true;
}

async function demoWorkspace(): Promise<string> {
  const folder = path.join(projectRoot, '.vscode-test', 'tide-table');
  await makeDemo(folder, profileDir);
  return folder;
}

function existingFolder(name: string): string {
  const folder = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), name);
  if (!existsSync(folder)) throw new HostError(`${folder} does not exist.`);
  return folder;
}

runProgram((interrupted) => main(process.argv.slice(2), interrupted));
