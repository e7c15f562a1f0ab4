import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  installedLauncher,
  installLauncher,
  removeLauncher,
  renewLauncher,
  type LauncherPlace,
} from '../../../../src/commands/commandLine/launcher';
import { temporaryFolder } from '../../store/fixtures';

function place(parts: Partial<LauncherPlace> = {}): LauncherPlace {
  const home = temporaryFolder();
  const folder = join(home, 'it\'s $HOME `x` "y"');
  mkdirSync(folder);
  const script = join(folder, 'cli.js');
  writeFileSync(script, 'console.log(JSON.stringify(process.argv.slice(2)))');
  const env = { PATH: join(home, '.local', 'bin') };
  return { program: process.execPath, script, home, platform: 'linux', env, ...parts };
}

test('the launcher passes its arguments on, whatever is in its path, and is removed again', async () => {
  const at = place();
  const { path, isOnPath } = await installLauncher(at);
  assert.deepEqual([path, isOnPath], [join(at.home, '.local', 'bin', 'obby'), true]);
  const args = ['log', 'a b', '$HOME', '"', "'", ''];
  assert.deepEqual(JSON.parse(execFileSync(path, args).toString()), args);
  assert.equal(installedLauncher(at), path);
  await installLauncher(at);
  assert.equal(removeLauncher(at), path);
  assert.deepEqual([existsSync(path), removeLauncher(at), installedLauncher(at)], [false, undefined, undefined]);
});

test('a program of another origin is neither replaced nor removed', async () => {
  const at = place();
  const other = join(at.home, '.local', 'bin', 'obby');
  mkdirSync(join(other, '..'), { recursive: true });
  writeFileSync(other, '#!/bin/sh\n');
  await assert.rejects(installLauncher(at), /another program/);
  removeLauncher(at);
  await renewLauncher(at);
  assert.equal(readFileSync(other, 'utf8'), '#!/bin/sh\n');
});

test('without a folder on the PATH it says so; after an update it is renewed', async () => {
  const at = place({ env: { PATH: '/nowhere' } });
  const { path, isOnPath } = await installLauncher({ ...at, script: join(at.home, 'former.js') });
  assert.equal(isOnPath, false);
  await renewLauncher(at);
  assert.deepEqual(JSON.parse(execFileSync(path, ['x']).toString()), ['x']);
  const before = readFileSync(path, 'utf8');
  await renewLauncher({ ...at, program: '/usr/bin/other' });
  assert.equal(readFileSync(path, 'utf8'), before, 'another editor leaves what works');
});

test('on Windows it is a batch file in a folder that is on the PATH', async () => {
  const at = place({ platform: 'win32' });
  const { path } = await installLauncher({ ...at, env: { LOCALAPPDATA: at.home }, program: 'C:\\100%\\Code.exe' });
  assert.equal(path, join(at.home, 'Microsoft', 'WindowsApps', 'obby.cmd'));
  assert.match(readFileSync(path, 'utf8'), /\r\n"C:\\100%%\\Code\.exe" ".*cli\.js" %\*\r\n$/);
});
