/** A window without a folder: the API answers, and has nothing to tell. */
import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { obby, rejection } from '../support';

export async function run(): Promise<void> {
  assert.equal(vscode.workspace.workspaceFolders, undefined);
  const api = await obby();
  const { watching, history, tracking, act } = api;
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'obby-empty-')), 'a.txt');
  await writeFile(file, 'a');
  const uri = vscode.Uri.file(file);
  const subscription = api.subscribe([], () => assert.fail('There is nothing to tell.'));
  await api.flush();
  assert.deepEqual(await watching.status(), []);
  assert.deepEqual(await history.recent(), []);
  assert.deepEqual(await history.deletedFiles(), []);
  assert.equal((await watching.explain(uri)).verdict, 'outside');
  await watching.scan();
  await watching.pause();
  await watching.resume();
  await rejection('noFolder', history.versions(uri));
  await rejection('noFolder', tracking.record(uri));
  await rejection('noFolder', watching.scan(uri));
  await rejection('notFound', history.content('v1-000000000-000000-1@0123456789ab'));
  await rejection('notFound', act.undoRestore());
  assert.equal((await tracking.diff('a\n', 'b\n')).added, 1);
  subscription.dispose();
}
