/** The part of the model test that runs in the window: does what it is asked, with nothing but the public API. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { ObbyApi, Version } from '../../src/api/api';
import type { VersionRecord } from '../../src/model/version';
import { addressVariable, type Answer, type Calls, type Question } from '../model/protocol';

const pollMs = 50;
const reloadTimeoutMs = 3_000;
const eventsTimeoutMs = 60_000;
const maxVersions = 10_000;

export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension<ObbyApi>('obby.obby');
  if (!extension) throw new Error('obby.obby is not installed in this window.');
  const api = await extension.activate();
  const socket = connect(process.env[addressVariable] ?? '');
  await once(socket, 'connect');
  const send = (answer: Answer): boolean => socket.write(`${JSON.stringify(answer)}\n`);
  const subscription = api.subscribe(['version'], (event) => {
    send({ type: 'versions', folder: event.folder.fsPath, versions: event.versions.map(recordOf) });
  });
  const calls = callsOf(api);
  const questions = createInterface(socket).on('line', (line) => {
    // Both ends are built together.
    const { id, name, args } = JSON.parse(line) as Question;
    const call = calls[name] as (...args: readonly unknown[]) => Promise<unknown>;
    call(...args).then(
      (value) => send({ type: 'answer', id, value }),
      (error: unknown) => send({ type: 'answer', id, error: String(error) }),
    );
  });
  await once(questions, 'close');
  subscription.dispose();
  socket.end();
}

function callsOf(api: ObbyApi): Calls {
  const { history, watching } = api;
  const newestOf = async (uri: vscode.Uri) => (await history.versions(uri, { limit: 1 }))[0];
  return {
    eventsArrive,
    engine: async (folder) => {
      const all = await watching.status();
      return all.find((status) => status.folder.fsPath === folder)?.engine ?? 'none';
    },
    flush: () => api.flush(),
    recorded: async (folder) =>
      (await history.recent({ folder: vscode.Uri.file(folder), limit: maxVersions })).map(recordOf),
    newest: (folder, paths) => Promise.all(paths.map(async (each) => orNull(await newestOf(uriOf(folder, each))))),
    at: (folder, asked) =>
      Promise.all(asked.map(async (each) => orNull(await history.fileAt(uriOf(folder, each.path), each.time)))),
    deleted: async (folder) => (await history.deletedFiles(vscode.Uri.file(folder))).map(recordOf),
    content: async (id) => Buffer.from(await history.content(id)).toString('base64'),
    save: (folder, file, text) => save(uriOf(folder, file), text),
    rename: (folder, from, to) =>
      applied((edit) => edit.renameFile(uriOf(folder, from), uriOf(folder, to), { overwrite: false })),
    delete: (folder, file) => applied((edit) => edit.deleteFile(uriOf(folder, file), { recursive: true })),
  };
}

function uriOf(folder: string, file: string): vscode.Uri {
  return vscode.Uri.file(path.join(folder, file));
}

function recordOf({ uri: _uri, ...record }: Version): VersionRecord {
  return record;
}

function orNull(version: Version | undefined): VersionRecord | null {
  return version ? recordOf(version) : null;
}

async function applied(fill: (edit: vscode.WorkspaceEdit) => void): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  fill(edit);
  return vscode.workspace.applyEdit(edit);
}

/** One document at a time: the command is about the active editor. */
let reverting = Promise.resolve();

async function revert(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('workbench.action.files.revert');
}

async function save(uri: vscode.Uri, text: string): Promise<boolean> {
  const document = await orUndefined(vscode.workspace.openTextDocument(uri));
  if (!document) return false;
  await showsTheDisk(document);
  const all = new vscode.Range(0, 0, document.lineCount, 0);
  const isDone = (await applied((edit) => edit.replace(uri, all, text))) && (await document.save());
  // VS Code does not save over what it has not seen; nor shall the text wait and be saved some other time.
  if (document.isDirty) await (reverting = reverting.then(() => revert(document)));
  return isDone;
}

/** VS Code reloads what changed below an editor after a moment. */
async function showsTheDisk(document: vscode.TextDocument): Promise<void> {
  const giveUpAt = Date.now() + reloadTimeoutMs;
  const decoder = new TextDecoder();
  while (Date.now() < giveUpAt) {
    const onDisk = await orUndefined(vscode.workspace.fs.readFile(document.uri));
    if (!onDisk || decoder.decode(onDisk) === document.getText()) return;
    await delay(pollMs);
  }
}

async function orUndefined<T>(promise: Thenable<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch {
    return undefined;
  }
}

async function eventsArrive(folder: string): Promise<void> {
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(folder), '**'));
  const arrived = new Promise<true>((resolve) => {
    watcher.onDidCreate(() => resolve(true));
    watcher.onDidChange(() => resolve(true));
  });
  // Where it does not concern git, and is never watched.
  const probe = path.join(folder, '.git', 'probe');
  const giveUpAt = Date.now() + eventsTimeoutMs;
  do {
    if (Date.now() > giveUpAt) throw new Error(`No event came from ${folder}.`);
    await writeFile(probe, String(Date.now()));
  } while (!(await Promise.race([arrived, delay(pollMs, false)])));
  watcher.dispose();
}
