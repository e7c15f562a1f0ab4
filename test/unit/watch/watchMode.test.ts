import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WatchSettings } from '../../../src/model/folderSettings';
import { EventHealth, eventlessTypeOf, type MissedChanges, WatchMode } from '../../../src/watch/watchMode';

const settings: WatchSettings = { engine: 'auto', isSafeMode: false, watcherExclude: [], events: 'client' };
const result = { files: 1, unwatched: 0, recorded: 0, ms: 1, isCancelled: false };
const silent = { ...result, missedByEvents: 1 };

function setUp(parts: Partial<WatchSettings> = {}, eventlessFileSystem?: string) {
  const changes: string[] = [];
  const missed: MissedChanges[] = [];
  const mode: WatchMode = new WatchMode({
    settings: { ...settings, ...parts },
    eventlessFileSystem,
    onMissed: (some) => missed.push(some),
    onDidChange: () => changes.push(mode.pollsBecause?.code ?? 'events'),
  });
  return { mode, changes, missed };
}

test('the setting decides, else the file system', () => {
  assert.equal(setUp().mode.pollsBecause, undefined);
  assert.deepEqual(setUp({}, 'nfs').mode.pollsBecause, { code: 'eventless file system', args: ['nfs'] });
  assert.equal(setUp({ engine: 'events' }, 'nfs').mode.pollsBecause, undefined);
  assert.deepEqual(setUp({ engine: 'polling' }).mode.pollsBecause, { code: 'setting', args: [] });
  const { mode, changes } = setUp();
  mode.configure({ ...settings, engine: 'polling' });
  assert.deepEqual(changes, ['setting']);
});

test('a folder of which no event comes is polled, until one does', () => {
  const { mode, changes, missed } = setUp();
  mode.scanned(silent, 1);
  assert.deepEqual(missed, []);
  mode.scanned(silent, 2);
  mode.scanned(silent, 3);
  assert.deepEqual(missed, [{ since: 1, count: 2 }]);
  assert.deepEqual(changes, ['no events']);
  mode.handleEvent();
  mode.handleEvent();
  assert.deepEqual(changes, ['no events', 'events']);
  // Once they came late; a second silence is not forgiven by a single event.
  mode.scanned(silent, 4);
  mode.scanned(silent, 5);
  mode.scanned(silent, 6);
  mode.handleEvent();
  assert.deepEqual(changes, ['no events', 'events', 'no events']);
});

test('where no more folders can be watched it is polled for good', () => {
  const { mode, changes } = setUp();
  mode.limitReached('ENOSPC');
  mode.limitReached(undefined);
  mode.handleEvent();
  assert.deepEqual(mode.pollsBecause, { code: 'watch limit', args: ['ENOSPC'] });
  assert.deepEqual(changes, ['watch limit']);
});

test('two scans that find changes without events, while no event came at all, are proof', () => {
  const trust = new EventHealth();
  assert.equal(trust.scanned({ missedByEvents: 2 }, 1_000), undefined);
  assert.equal(trust.scanned({ missedByEvents: 0 }, 2_000), undefined, 'Nothing changed, and nothing is known.');
  assert.deepEqual(trust.scanned({ missedByEvents: 3 }, 3_000), { since: 1_000, count: 5 });
});

test('an event, of whatever, shows that events come', () => {
  const trust = new EventHealth();
  trust.scanned({ missedByEvents: 1 }, 1_000);
  trust.handleEvent();
  assert.equal(trust.scanned({ missedByEvents: 1 }, 2_000), undefined);
  assert.equal(trust.scanned({ missedByEvents: 1 }, 3_000), undefined);
  assert.deepEqual(trust.scanned({ missedByEvents: 1 }, 4_000), { since: 3_000, count: 2 });
});

test('what was there before the first scan is nothing that anybody missed', () => {
  const trust = new EventHealth();
  trust.scanned({ missedByEvents: 1 }, undefined);
  assert.equal(trust.scanned({ missedByEvents: 1 }, 2_000), undefined);
});

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

test('files that a program serves, and a mount in the folder, send no events for what changes behind them', () => {
  const line = (type: string, place: string): string => `source ${place} ${type} rw 0 0`;
  const typeOf = (path: string, ...lines: string[]) =>
    eventlessTypeOf(path, { version: linux, mounts: [line('ext4', '/'), ...lines].join('\n') });
  for (const type of ['fuse', 'fuse.sshfs', 'fuse.bindfs', 'fuse.rclone', 'virtiofs', 'nfs4']) {
    assert.equal(typeOf('/srv/a', line(type, '/srv')), type);
    assert.equal(typeOf('/srv/a', line(type, '/srv/a/data')), type);
    assert.equal(typeOf('/srv/a', line(type, '/srv/ab'), line(type, '/srv/b')), undefined);
  }
  for (const type of ['fuseblk', 'fusectl', 'tmpfs', 'overlay'])
    assert.equal(typeOf('/srv', line(type, '/srv')), undefined);
});

test('a drive of Windows under WSL is known without the list of mounts', () => {
  assert.equal(eventlessTypeOf('/mnt/d/code', { version: wsl, mounts: '' }), 'drvfs');
  assert.equal(eventlessTypeOf('/mnt/data/code', { version: wsl, mounts: '' }), undefined);
  assert.equal(eventlessTypeOf('/mnt/d/code', { version: linux, mounts: '' }), undefined);
});
