import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
  retentionPolicy,
  historiesDirOf,
  makeOwnDirPrivate,
  maxFileBytes,
} from '../../../../src/host/settings/storageSettings';
import { defaultRetention } from '../../../../src/model/historyMaintenance';
import { ListLog, temporaryFolder } from '../../store/fixtures';

const dayMs = 86_400_000;

test('what is not set, or no number, is as if it were left out', () => {
  for (const value of [undefined, null, '7', NaN, -1]) {
    assert.deepEqual(retentionPolicy(value, value, value), defaultRetention);
  }
});

test('the settings in their units; 0 takes a limit away', () => {
  assert.deepEqual(retentionPolicy(2, 1, 10), { quotaBytes: 2 ** 21, keepAllMs: dayMs, keepHourlyMs: 10 * dayMs });
  const { quotaBytes, keepAllMs, keepHourlyMs } = retentionPolicy(0, 0, 30);
  for (const limit of [quotaBytes, keepAllMs, keepHourlyMs]) assert.equal(limit, Number.MAX_SAFE_INTEGER);
});

test('what is kept whole is never thinned to one an hour', () => {
  assert.equal(retentionPolicy(1, 30, 7).keepHourlyMs, 30 * dayMs);
});

test('an absolute path is where histories are; an empty one leaves them in the own folder', () => {
  assert.equal(historiesDirOf(' ', '/own'), '/own');
  assert.equal(historiesDirOf('/mnt/x/../histories/', '/own'), path.normalize('/mnt/histories/'));
});

test('a path that cannot be meant is refused with the setting, the path and what to do', () => {
  for (const location of ['histories', './x', '../x', '~/x', '/w/.git', '/w/.GIT/x', '/w/x/../.git/y', '/w\0']) {
    assert.throws(() => historiesDirOf(location, '/own'), {
      name: 'ObbyError',
      message: /^The setting obby\.storage\.location is ".*", which .*\. Nothing is recorded until/,
    });
  }
});

test("the extension's own folder of histories is taken from other users, and need not be there", async () => {
  const ownDir = path.join(temporaryFolder(), 'histories');
  const log = new ListLog();
  await makeOwnDirPrivate(ownDir, log);
  mkdirSync(ownDir, { mode: 0o755 });
  await makeOwnDirPrivate(ownDir, log);
  if (process.platform !== 'win32') assert.equal(statSync(ownDir).mode & 0o777, 0o700);
  assert.deepEqual(log.lines, []);
});

test('the size of the largest files is within the bounds of the manifest', () => {
  const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    contributes: {
      configuration: { properties: Record<string, { minimum: number; maximum: number; default: number }> };
    };
  };
  const setting = contributes.configuration.properties['obby.maxFileSizeMB'];
  assert.ok(setting);
  const megabytes = (value: unknown): number => maxFileBytes(value) / (1 << 20);
  for (const value of [1e12, Infinity, setting.maximum]) assert.equal(megabytes(value), setting.maximum);
  assert.ok(Math.abs(megabytes(1e-9) - setting.minimum) < 1e-6);
  for (const value of [NaN, -1, 0, '7', null, undefined]) assert.equal(megabytes(value), setting.default);
});
