import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../host/project';
import { runSuite } from '../host/suite';
import { oneFailed, sum, type Counts } from './counts';

/** `OBBY_TEST_ENGINE=polling` runs them with that engine; the results must be the same. */
const engine = process.env['OBBY_TEST_ENGINE'];

/** Runs the integration suites in a real VS Code and reads what test/integration/index.ts has counted. */
export async function runIntegrationTests(): Promise<Counts> {
  const folder = await mkdtemp(path.join(tmpdir(), 'obby-counts-'));
  const file = path.join(folder, 'counts.json');
  try {
    const passed = await runSuite({
      suite: path.join(projectRoot, 'out', 'integration', 'index.js'),
      workspace: await makeWorkspace(folder),
      env: { OBBY_TEST_COUNTS: file },
      ...(engine !== undefined && { settings: { 'obby.watcher.engine': engine } }),
    });
    // A suite that breaks down before it counts has said why.
    if (!existsSync(file)) return oneFailed;
    const counts = JSON.parse(await readFile(file, 'utf8')) as Counts;
    return passed || counts.failed > 0 ? counts : sum([counts, oneFailed]);
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
