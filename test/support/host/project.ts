import { existsSync } from 'node:fs';
import path from 'node:path';

/** The project's folder, found from wherever this code was bundled to. */
export const projectRoot = findRoot(__dirname);

/** Where everything that is installed on demand lies; `@vscode/test-electron` downloads to the same folder. */
export const installRoot = path.join(projectRoot, '.vscode-test');

/** The path of one of the bundled programs of test/support, such as `hostReaperMain`. */
export function supportProgram(name: string): string {
  return path.join(projectRoot, 'out', 'support', `${name}.js`);
}

function findRoot(folder: string): string {
  if (existsSync(path.join(folder, 'esbuild.mjs'))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error(`${__dirname} does not lie inside the project.`);
  return findRoot(parent);
}
