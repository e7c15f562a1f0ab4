import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../host/project';
import { runSuite } from '../host/suite';
import { oneFailed, sum, type Outcome } from './outcome';

/** `OBBY_TEST_ENGINE=polling` runs them with that engine; the results must be the same. */
const engine = process.env['OBBY_TEST_ENGINE'];

/** Runs the integration suites in a real VS Code and reads the outcome that test/integration/index.ts has written. */
export async function runIntegrationTests(): Promise<Outcome> {
  const folder = await mkdtemp(path.join(tmpdir(), 'obby-tests-'));
  const file = path.join(folder, 'outcome.json');
  try {
    const passed = await runSuite({
      suite: path.join(projectRoot, 'out', 'integration', 'index.js'),
      workspace: await makeWorkspace(folder),
      env: { OBBY_TEST_OUTCOME: file },
      // VS Code's own view of git would run git after each change of a file; Obby does not use it.
      settings: { 'git.enabled': false, ...(engine !== undefined && { 'obby.watcher.engine': engine }) },
    });
    if (!existsSync(file)) return oneFailed('The suite broke down; its output says why.');
    const outcome = JSON.parse(await readFile(file, 'utf8')) as Outcome;
    return passed || outcome.failures.length > 0 ? outcome : sum([outcome, oneFailed('The window failed.')]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * A workspace that suites add folders to: in a window on a single folder, that would start its extensions anew. Its
 * histories lie where suites can look at their files.
 */
async function makeWorkspace(folder: string): Promise<string> {
  const file = path.join(folder, 'tests.code-workspace');
  const settings = { 'obby.storage.location': path.join(folder, 'histories') };
  await mkdir(path.join(folder, 'first'));
  await writeFile(file, JSON.stringify({ folders: [{ path: 'first' }], settings }));
  return file;
}
