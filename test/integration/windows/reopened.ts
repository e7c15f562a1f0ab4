/** Opens the folder of the killed window again: nothing that was acknowledged is lost, and what changed since is found. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { ObbyApi, Version } from '../../../src/api/api';
import { contentOf, obby, TestFolder } from '../support';

export async function run(): Promise<void> {
  const api = await obby();
  const uri = vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail('There is no folder.');
  const folder = TestFolder.at(api, uri);
  await api.flush();
  await assertAcknowledgedIsThere(api);
  await folder.assertHistoryIsTrue((name) => name !== 'offline/ignored.txt');
  await assertOfflineIsFound(folder);
  const { state, gaps, problem } = await folder.status();
  assert.deepEqual({ state, problem }, { state: 'watching', problem: undefined });
  assert.equal(gaps.length, 1);
  assert.match(gaps[0]?.why ?? '', /closed/);
  assert.equal(gaps[0]?.count, 6);
}

async function assertAcknowledgedIsThere(api: ObbyApi): Promise<void> {
  const report = process.env['OBBY_TEST_REPORT'] ?? assert.fail('OBBY_TEST_REPORT is not set.');
  const lines = readFileSync(report, 'utf8').trim().split('\n');
  assert.equal(lines.length, 400);
  for (const line of lines) {
    const expected = JSON.parse(line) as Omit<Version, 'uri'>;
    const version = await api.history.version(expected.id);
    const { uri: _uri, ...record } = version;
    assert.deepEqual(record, expected);
    const hash = createHash('sha256')
      .update(await contentOf(api, version))
      .digest('hex');
    assert.equal(hash, expected.sha256);
  }
}

async function assertOfflineIsFound(folder: TestFolder): Promise<void> {
  const closed = (await folder.status()).gaps[0]?.from ?? assert.fail('No gap is known.');
  const expected = {
    'offline/changed.txt': 'modified',
    'offline/deleted.txt': 'deleted',
    'offline/moved here.txt': 'renamed',
    'offline/new.txt': 'created',
    'new/file.txt': 'renamed',
  };
  for (const [name, kind] of Object.entries(expected)) {
    const version = await folder.newest(name);
    assert.deepEqual([version.kind, version.cause, version.confidence], [kind, 'offline', 'certain'], name);
    assert.equal(version.causeDetail?.since, closed);
    assert.ok(version.time >= closed && version.time <= Date.now(), name);
  }
  assert.equal(await folder.newestText('offline/changed.txt'), 'changed while closed');
  assert.deepEqual(
    (await folder.versions('offline/moved here.txt')).map(({ kind }) => kind),
    ['renamed', 'created'],
  );
  assert.equal((await folder.versions('offline/touched.txt')).length, 1);
  const offline = await folder.api.history.recent({ cause: 'offline', limit: 10_000 });
  // The rule file changed too.
  assert.deepEqual(offline.map(({ path }) => path).sort(), ['.obbyignore', ...Object.keys(expected)].sort());
}
