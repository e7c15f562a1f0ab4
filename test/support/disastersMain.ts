/** `npm run test:disasters`: losses that people reported, in a real VS Code, and what comes back. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { onlyVariable, resultsVariable, userDataVariable, type DisasterResult } from '../disasters/result';
import { disasterTable, withTable } from '../disasters/table';
import { HostError } from './host/hostError';
import { runProgram } from './host/program';
import { projectRoot, supportProgram } from './host/project';
import { runSuite } from './host/suite';

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: { write: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
  });
  const results = await runInWindow(values.only);
  const table = disasterTable(results);
  process.stdout.write(`${table}\n`);
  for (const { name, problems } of results) {
    for (const problem of problems) process.stdout.write(`${name}: ${problem}\n`);
  }
  if (values.write) {
    if (values.only !== '' || results.some(({ files }) => files === 0))
      throw new HostError('The table is not complete.');
    const readme = path.join(projectRoot, 'README.md');
    await writeFile(readme, withTable(await readFile(readme, 'utf8'), table));
  }
  return results.length > 0 && results.every(({ problems }) => problems.length === 0);
}

async function runInWindow(only: string): Promise<DisasterResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'obby-disasters-'));
  const [file, profileDir] = [path.join(folder, 'results.json'), path.join(folder, 'profile')];
  try {
    await runSuite({
      suite: supportProgram('disastersWindowMain'),
      workspace: await makeWorkspace(folder),
      profileDir,
      env: {
        [resultsVariable]: file,
        [userDataVariable]: path.join(profileDir, 'data', 'User'),
        [onlyVariable]: only,
      },
    });
    return JSON.parse(await readFile(file, 'utf8')) as DisasterResult[];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The suite adds folders; in a window on a single folder, that would restart its extensions. */
async function makeWorkspace(folder: string): Promise<string> {
  const file = path.join(folder, 'disasters.code-workspace');
  await mkdir(path.join(folder, 'first'));
  await writeFile(file, JSON.stringify({ folders: [{ path: 'first' }] }));
  return file;
}

runProgram(main);
