import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { readWhole, replaceStoreFile, writeAll, type FilePort } from '../../../../src/store/disk/filePort';
import { nodeFilePort } from '../../../../src/store/disk/nodeFilePort';
import { systemProcesses } from '../../../../src/store/sync/owner';
import { temporaryFolder } from '../fixtures';
import { MemoryFiles } from '../memoryFiles';

const ports: readonly (readonly [string, () => { files: FilePort; dir: string }])[] = [
  ['files of this machine', () => ({ files: nodeFilePort, dir: `${temporaryFolder()}/some/where` })],
  ['files in memory', () => ({ files: new MemoryFiles(), dir: '/some/where' })],
];

async function make(files: FilePort, path: string, text: string): Promise<void> {
  const file = await files.create(path);
  await writeAll(file, Buffer.from(text));
  await file.sync();
  await file.close();
}

async function read(files: FilePort, path: string): Promise<string | undefined> {
  const bytes = await readWhole(files, path);
  return bytes && Buffer.from(bytes).toString();
}

for (const [name, start] of ports) {
  test(`${name}: do what the port says`, async () => {
    const { files, dir } = start();
    await files.makeDir(dir);
    await files.makeDir(dir);
    assert.deepEqual(await files.list(dir), []);
    assert.equal(await files.stat(`${dir}/a`), undefined);
    await make(files, `${dir}/a`, 'one');
    await assert.rejects(files.create(`${dir}/a`), { code: 'EEXIST' });
    const file = await files.openAppend(`${dir}/a`);
    await writeAll(file, Buffer.from(' two'));
    await files.truncate(`${dir}/a`, 5);
    await writeAll(file, Buffer.from('!'));
    await file.close();
    assert.equal(await read(files, `${dir}/a`), 'one t!');
    assert.equal((await files.stat(`${dir}/a`))?.size, 6);
    const reader = await files.openRead(`${dir}/a`);
    assert.equal(Buffer.from(await reader.read(4, 100)).toString(), 't!');
    assert.equal((await reader.read(6, 1)).length, 0);
    await reader.close();
    await make(files, `${dir}/b`, 'replaced');
    await files.rename(`${dir}/a`, `${dir}/b`);
    await files.syncDir(dir);
    assert.deepEqual(await files.list(dir), ['b']);
    assert.equal(await read(files, `${dir}/b`), 'one t!');
    await files.remove(`${dir}/b`);
    await files.remove(`${dir}/b`);
    await assert.rejects(files.openRead(`${dir}/b`), { code: 'ENOENT' });
    await assert.rejects(files.openAppend(`${dir}/b`), { code: 'ENOENT' });
    await assert.rejects(files.rename(`${dir}/b`, `${dir}/c`), { code: 'ENOENT' });
    assert.equal(await readWhole(files, `${dir}/b`), undefined);
  });

  test(`${name}: are replaced as a whole`, async () => {
    const { files, dir } = start();
    await files.makeDir(dir);
    await make(files, `${dir}/tmp`, 'left by a crash');
    await make(files, `${dir}/a`, 'old');
    await replaceStoreFile(files, `${dir}/a`, Buffer.from('new'), `${dir}/tmp`);
    assert.equal(await read(files, `${dir}/a`), 'new');
    assert.deepEqual(await files.list(dir), ['a']);
  });
}

test('tells processes that run from those that ended', async () => {
  assert.ok(systemProcesses.isRunning(process.pid));
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  assert.ok(child.pid !== undefined && !systemProcesses.isRunning(child.pid));
  assert.ok(systemProcesses.machine.length > 0);
  // Another process had this id before.
  assert.ok(systemProcesses.isRunning(process.pid, systemProcesses.start));
  assert.ok(!systemProcesses.isRunning(process.pid, 'an earlier start'));
});

test('a folder that cannot be synced, as in /proc, is no error; one that does not exist is', async () => {
  if (existsSync('/proc/self')) await nodeFilePort.syncDir('/proc/self');
  await assert.rejects(nodeFilePort.syncDir(`${temporaryFolder()}/missing`), { code: 'ENOENT' });
});
