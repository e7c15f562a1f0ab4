import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { projectRoot, supportProgram } from '../support/host/project';
import { runSuite, type SuiteOptions } from '../support/host/suite';
import { channelVariable, openSuiteChannel, suiteVariable } from '../support/host/suiteChannel';
import { openWorkbench } from '../support/host/workbench';

/** Two at a time: a window is mostly waiting for itself. */
describe('windows that need one of their own', { concurrency: 2 }, () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'obby-windows-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Opens a window on a folder, and fails with what its suite printed if that does not pass. */
  async function passes(name: string, options: Omit<SuiteOptions, 'suite'>): Promise<void> {
    let output = '';
    const passed = await runSuite({ ...options, suite: suiteFile(name), output: (_stream, text) => (output += text) });
    assert.ok(passed, output);
  }

  async function newFolders(name: string): Promise<{ workspace: string; profileDir: string }> {
    const workspace = path.join(folder, name, 'workspace');
    const profileDir = path.join(folder, name, 'profile');
    await mkdir(workspace, { recursive: true });
    await mkdir(profileDir);
    await writeFile(path.join(workspace, '.obbywatch'), '*\n');
    return { workspace, profileDir };
  }

  test('what flush promised outlives a killed window, and what changed since is found', async () => {
    const folders = await newFolders('killed');
    const report = path.join(folder, 'killed', 'report');
    const write = (name: string, text: string) => writeFile(path.join(folders.workspace, 'offline', name), text);
    await mkdir(path.join(folders.workspace, 'offline'));
    await mkdir(path.join(folders.workspace, 'old'));
    await writeFile(path.join(folders.workspace, 'old', 'file.txt'), 'moved with its folder');
    for (const name of ['changed', 'deleted', 'moved', 'touched']) await write(`${name}.txt`, name);

    const killed = runSuite({ ...folders, suite: suiteFile('killed'), env: { OBBY_TEST_REPORT: report } });
    await assert.rejects(killed, /ended before the suite did/);
    assert.ok(existsSync(report), 'The window ended before it recorded anything.');

    await write('changed.txt', 'changed while closed');
    await write('new.txt', 'made while closed');
    await write('ignored.txt', 'made while closed');
    await rm(path.join(folders.workspace, 'offline', 'deleted.txt'));
    await rename(
      path.join(folders.workspace, 'offline', 'moved.txt'),
      path.join(folders.workspace, 'offline', 'moved here.txt'),
    );
    await rename(path.join(folders.workspace, 'old'), path.join(folders.workspace, 'new'));
    await utimes(path.join(folders.workspace, 'offline', 'touched.txt'), new Date(), new Date());
    await writeFile(path.join(folders.workspace, '.obbyignore'), 'ignored*\n');
    await passes('reopened', { ...folders, env: { OBBY_TEST_REPORT: report } });
    assert.deepEqual(await loggedErrors(folders.profileDir), []);
  });

  test('an untrusted folder is recorded, and has no say in the settings', async () => {
    const folders = await newFolders('restricted');
    await mkdir(path.join(folders.workspace, '.vscode'));
    await writeFile(path.join(folders.workspace, '.vscode', 'settings.json'), '{ "obby.maxFileSizeMB": 0.1 }');
    await passes('restricted', { ...folders, workspaceTrust: true });
    assert.deepEqual(await loggedErrors(folders.profileDir), []);
  });

  test('a window without a folder', async () => {
    const profileDir = path.join(folder, 'empty');
    await mkdir(profileDir);
    let output = '';
    const channel = await openSuiteChannel(profileDir, (_stream, text) => (output += text));
    const workbench = await openWorkbench({
      profileDir,
      suite: supportProgram('hostSuiteMain'),
      env: { [channelVariable]: channel.address, [suiteVariable]: suiteFile('empty') },
    });
    try {
      assert.equal(await channel.finished, 'passed', output);
    } finally {
      channel.close();
      await workbench.close();
    }
    assert.deepEqual(await loggedErrors(profileDir), []);
  });
});

function suiteFile(name: string): string {
  return path.join(projectRoot, 'out', 'integration', 'windows', `${name}.js`);
}

/** The errors that Obby logged, and those that VS Code logged about it. */
async function loggedErrors(profileDir: string): Promise<string[]> {
  const folder = path.join(profileDir, 'data', 'logs');
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.log'));
  assert.notEqual(names.length, 0, 'VS Code has written no log.');
  const logs = await Promise.all(
    names.map(async (name) => {
      const isOwn = path.basename(path.dirname(name)) === 'obby.obby';
      const lines = (await readFile(path.join(folder, name), 'utf8')).split('\n');
      return lines.filter((line) => /\[(error|critical)\]/.test(line) && (isOwn || line.includes('obby.obby')));
    }),
  );
  return logs.flat();
}
