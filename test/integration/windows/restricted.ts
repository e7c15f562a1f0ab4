/** A window on a folder that nobody trusts: files are recorded, and the folder's own settings do not count. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { obby, TestFolder } from '../support';

export async function run(): Promise<void> {
  assert.equal(vscode.workspace.isTrusted, false);
  const uri = vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail('There is no folder.');
  const folder = TestFolder.at(await obby(), uri);
  await folder.write('large.txt', 'x'.repeat(200_000));
  await folder.api.flush();
  const version = await folder.newest('large.txt');
  assert.equal(version.unstored, undefined);
  assert.equal((await folder.newestText('large.txt')).length, 200_000);
  assert.equal((await folder.status()).state, 'watching');
}
