import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventlessTypeOf } from '../../../src/watch/eventlessFileSystem';

const linux = 'Linux version 6.8.0-45-generic (gcc 13.2.0)';
const wsl = 'Linux version 5.15.153.1-microsoft-standard-WSL2 (gcc 11.2.0)';
const mounts = [
  '/dev/sda1 / ext4 rw 0 0',
  'C:\\134 /mnt/c 9p rw,aname=drvfs 0 0',
  'nas:/home /home/me/on\\040the\\040nas nfs4 rw 0 0',
  '/dev/sdb1 /home/me/on\\040the\\040nas/local ext4 rw 0 0',
  'one /twice cifs rw 0 0',
  'two /twice ext4 rw 0 0',
].join('\n');

test('a folder is polled where the innermost mount that holds it sends no events', () => {
  const types = [
    '/home/me/code',
    '/mnt/c/code',
    '/mnt/cd',
    '/home/me/on the nas/a',
    '/home/me/on the nas/local/a',
    '/twice',
  ].map((path) => eventlessTypeOf(path, { version: linux, mounts }));
  assert.deepEqual(types, [undefined, '9p', undefined, 'nfs4', undefined, undefined]);
});

test('a drive of Windows under WSL is known without the list of mounts', () => {
  assert.equal(eventlessTypeOf('/mnt/d/code', { version: wsl, mounts: '' }), 'drvfs');
  assert.equal(eventlessTypeOf('/mnt/data/code', { version: wsl, mounts: '' }), undefined);
  assert.equal(eventlessTypeOf('/mnt/d/code', { version: linux, mounts: '' }), undefined);
});
