/**
 * Records files and kills its own extension host in the moment in which `flush` promises that they are durable. What
 * was acknowledged until then is in the file that `OBBY_TEST_REPORT` names, one version a line.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { obby } from '../support';

const fileCount = 200;

export async function run(): Promise<void> {
  const report = process.env['OBBY_TEST_REPORT'] ?? assert.fail('OBBY_TEST_REPORT is not set.');
  const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail('There is no folder.');
  const api = await obby();
  await api.flush();
  api.subscribe(['version'], (event) => {
    for (const { uri: _uri, ...record } of event.versions) appendFileSync(report, `${JSON.stringify(record)}\n`);
  });
  for (const mark of ['first', 'second']) {
    for (let index = 0; index < fileCount; index++) {
      const file = path.join(root, 'killed', String(index % 10), `${index}.txt`);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, index % 50 === 0 ? randomBytes(1_000_000) : `${mark} ${index}\r\n`);
    }
    await api.flush();
  }
  process.kill(process.pid, 'SIGKILL');
  await new Promise<never>(() => undefined);
}
