/** Workspace folders to work in, from outside VS Code, and ways to wait for what Obby makes of it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { Disposable, EventOf, FolderStatus, ObbyApi, ObbyEvent, Topic, Version } from '../../src/api/api';

/** Far longer than anything takes, so that only what never happens fails. */
const giveUpMs = 20_000;
const pollMs = 20;
/** The scan that follows a folder's first comes this much later, or more; no other does in a quiet folder. */
const startScanMs = 4_000;
/** Requests at a time. */
const groupSize = 200;

/** The public API, as any other extension gets it. */
export async function obby(): Promise<ObbyApi> {
  const extension = vscode.extensions.getExtension<ObbyApi>('obby.obby');
  assert.ok(extension, 'obby.obby is not installed in this window.');
  return extension.activate();
}

/** How changes are noticed in this window; every suite passes with either. */
export function engineUnderTest(): FolderStatus['engine'] {
  return vscode.workspace.getConfiguration('obby').get('watcher.engine') === 'polling' ? 'polling' : 'events';
}

/** Waits until a fact holds and resolves with it; `what` completes "Never happened: …". */
export async function until<T>(
  what: string,
  fact: () => T | false | undefined | Promise<T | false | undefined>,
): Promise<T> {
  const end = Date.now() + giveUpMs;
  for (;;) {
    const value = await fact();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`Never happened: ${what}.`);
    await delay(pollMs);
  }
}

/** What must be undone when the present test is over; undefined while none runs. */
let undoings: (() => unknown)[] | undefined;

// Windows with a suite of their own have no mocha.
if ('beforeEach' in globalThis) {
  beforeEach(() => void (undoings = []));
  afterEach(async () => {
    const newestFirst = (undoings ?? []).reverse();
    undoings = undefined;
    const results = [];
    for (const undo of newestFirst) results.push(...(await Promise.allSettled([undo()])));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  });
}

/** Undoes something when the present test is over, also when it failed. What is made between tests, a hook undoes. */
export function afterTest(undo: () => unknown): void {
  undoings?.push(undo);
}

/** Changes a setting of the user until the present test is over. */
export async function setForTest(name: string, value: unknown): Promise<void> {
  const update = (to: unknown): Thenable<void> =>
    vscode.workspace.getConfiguration().update(name, to, vscode.ConfigurationTarget.Global);
  afterTest(() => update(undefined));
  await update(value);
}

/** Everything that subscribers hear about one workspace folder from now on. */
export class Listener {
  private readonly events: ObbyEvent[] = [];
  private readonly subscription: Disposable;

  constructor(api: ObbyApi, folder: vscode.Uri) {
    this.subscription = api.subscribe([], (event) => {
      if (event.folder.toString() === folder.toString()) this.events.push(event);
    });
    afterTest(() => this.dispose());
  }

  heard<T extends Topic>(topic: T): EventOf<T>[] {
    // By their topic.
    return this.events.filter((event) => event.topic === topic) as EventOf<T>[];
  }

  get versions(): Version[] {
    return this.heard('version').flatMap((event) => event.versions);
  }

  dispose(): void {
    this.subscription.dispose();
  }
}

export type FileContents = Readonly<Record<string, string | Uint8Array>>;

/** A new workspace folder of its own, so that no test sees what another does. */
export class TestFolder {
  /** When (ms since the epoch) its first scan in the window ended; 0 for a folder that was in the window before. */
  private scannedAt: number | undefined = 0;

  private constructor(
    readonly api: ObbyApi,
    /** Absolute path. */
    readonly root: string,
    readonly uri: vscode.Uri,
  ) {}

  /** A folder that is in the window, or shall be. */
  static at(api: ObbyApi, uri: vscode.Uri): TestFolder {
    return new TestFolder(api, uri.fsPath, uri);
  }

  /** Adds a folder with these files to the window; resolves when they are recorded. In a test, closes it at its end. */
  static async open(files: FileContents = { '.obbywatch': '*\n' }): Promise<TestFolder> {
    const root = await realpath(await mkdtemp(path.join(tmpdir(), 'obby-test-')));
    const folder = TestFolder.at(await obby(), vscode.Uri.file(root));
    try {
      await folder.writeAll(files);
      await folder.addToWindow();
      await folder.api.flush();
      return folder;
    } catch (error) {
      await folder.close();
      throw error;
    }
  }

  async addToWindow(name = path.basename(this.root)): Promise<void> {
    afterTest(() => this.close());
    this.scannedAt = undefined;
    const subscription = this.api.subscribe(['scan'], (event) => {
      if (!event.finished || event.folder.toString() !== this.uri.toString()) return;
      this.scannedAt = Date.now();
      subscription.dispose();
    });
    await changeFolders((count) => vscode.workspace.updateWorkspaceFolders(count, 0, { uri: this.uri, name }));
  }

  async removeFromWindow(): Promise<void> {
    const folder = vscode.workspace.getWorkspaceFolder(this.uri);
    assert.ok(folder, `${this.root} is not in the window.`);
    await changeFolders(() => vscode.workspace.updateWorkspaceFolders(folder.index, 1));
  }

  /** Takes the folder out of the window and deletes it. */
  async close(): Promise<void> {
    if (vscode.workspace.getWorkspaceFolder(this.uri)) await this.removeFromWindow();
    await rm(this.root, { recursive: true, force: true });
  }

  pathOf(name: string): string {
    return path.join(this.root, name);
  }

  uriOf(name: string): vscode.Uri {
    return vscode.Uri.file(this.pathOf(name));
  }

  async write(name: string, content: string | Uint8Array): Promise<void> {
    const file = this.pathOf(name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  async writeAll(files: FileContents): Promise<void> {
    for (const [name, content] of Object.entries(files)) await this.write(name, content);
  }

  /** Writes a file again and again until `stop`, which resolves with what it holds then. */
  writeWithoutPause(name: string): { stop(): Promise<string> } {
    const state = { isStopped: false, count: 0 };
    const writing = (async () => {
      do await this.write(name, `${state.count++}\n`);
      while (!state.isStopped);
    })();
    return {
      stop: async () => {
        state.isStopped = true;
        await writing;
        return (await this.read(name)).toString();
      },
    };
  }

  read(name: string): Promise<Buffer> {
    return readFile(this.pathOf(name));
  }

  /** Runs a program in the folder and resolves with what it prints. */
  async run(program: string, ...args: string[]): Promise<string> {
    const env = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', HOME: this.root };
    const { stdout } = await promisify(execFile)(program, args, { cwd: this.root, env });
    return stdout;
  }

  /** Runs a line of shell in the folder. */
  sh(line: string): Promise<string> {
    return this.run('sh', '-ec', line);
  }

  listen(): Listener {
    return new Listener(this.api, this.uri);
  }

  async status(): Promise<FolderStatus> {
    const status = (await this.api.watching.status()).find(({ folder }) => folder.toString() === this.uri.toString());
    assert.ok(status, `There is no status of ${this.root}.`);
    return status;
  }

  /** Newest first. */
  versions(name: string): Promise<Version[]> {
    return this.api.history.versions(this.uriOf(name));
  }

  async newest(name: string): Promise<Version> {
    const [version] = await this.versions(name);
    assert.ok(version, `${JSON.stringify(name)} has no versions.`);
    return version;
  }

  /** The text of the newest version. */
  async newestText(name: string): Promise<string> {
    return this.api.history.text((await this.newest(name)).id);
  }

  /** Every version recorded in the folder, newest first. */
  recorded(): Promise<Version[]> {
    return this.api.history.recent({ folder: this.uri, limit: 10_000 });
  }

  /** The versions recorded by what `change` does, oldest first. */
  async recordedBy(change: () => Promise<unknown>): Promise<Version[]> {
    await this.api.flush();
    const before = new Set((await this.recorded()).map(({ id }) => id));
    await change();
    await this.api.flush();
    return (await this.recorded()).filter(({ id }) => !before.has(id)).reverse();
  }

  /**
   * Fails unless the history is true: the newest version of every watched file has its very bytes, every other path
   * that was ever recorded is known to be gone, and nothing unwatched was recorded.
   */
  async assertHistoryIsTrue(isWatched: (name: string) => boolean): Promise<void> {
    const recorded = await this.recorded();
    const known = new Set(recorded.map((version) => version.path));
    assert.deepEqual(
      [...known].filter((name) => !isWatched(name)),
      [],
      'These paths are not watched and were recorded.',
    );
    const onDisk = (await this.files()).filter(isWatched);
    await inGroups(onDisk, async (name) => {
      const version = await this.newest(name);
      const content = Buffer.from(await this.api.history.content(version.id));
      assert.ok(
        content.equals(await this.read(name)),
        `The newest version of ${JSON.stringify(name)} has other bytes.`,
      );
    });
    const movedAway = new Set(recorded.map((version) => version.renamedFrom));
    const gone = [...known].filter((name) => !onDisk.includes(name) && !movedAway.has(name));
    await inGroups(gone, async (name) => {
      assert.equal((await this.newest(name)).kind, 'deleted', `${JSON.stringify(name)} is gone.`);
    });
  }

  /** Relative, with `/`; without git's own. */
  async files(below = ''): Promise<string[]> {
    const entries = await readdir(this.pathOf(below), { withFileTypes: true });
    const lists = entries
      .filter((entry) => entry.name !== '.git')
      .map(async (entry) => {
        const name = below === '' ? entry.name : `${below}/${entry.name}`;
        return entry.isDirectory() ? this.files(name) : [name];
      });
    return (await Promise.all(lists)).flat();
  }

  /** Resolves when VS Code reports what happens in the folder; it begins to some time after the folder was added. */
  async eventsArrive(): Promise<void> {
    const probe = '.git/probe';
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(this.uri, '**'));
    let hasArrived = false;
    watcher.onDidCreate(() => (hasArrived = true));
    watcher.onDidChange(() => (hasArrived = true));
    try {
      await until('an event from the file watcher', async () => {
        await this.write(probe, String(Date.now()));
        return hasArrived;
      });
    } finally {
      watcher.dispose();
    }
  }

  /** Resolves when events arrive and the scan is over that follows a folder's start: from now on there are events alone. */
  async eventsArriveAlone(): Promise<void> {
    await this.eventsArrive();
    await until('the scan after the start', async () => {
      const { lastScan } = await this.status();
      const { scannedAt } = this;
      return lastScan !== undefined && scannedAt !== undefined && lastScan.time > scannedAt + startScanMs;
    });
  }
}

/** Changes the window's folders and resolves when VS Code has told everyone. */
async function changeFolders(change: (count: number) => boolean): Promise<void> {
  let isChanged = false;
  const subscription = vscode.workspace.onDidChangeWorkspaceFolders(() => (isChanged = true));
  try {
    assert.ok(change(vscode.workspace.workspaceFolders?.length ?? 0), 'VS Code does not change the folders.');
    await until('a change of the folders', () => isChanged);
  } finally {
    subscription.dispose();
  }
}

async function inGroups<T>(list: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < list.length; start += groupSize) {
    await Promise.all(list.slice(start, start + groupSize).map(run));
  }
}

/** The bytes that a version has. */
export async function contentOf(api: ObbyApi, version: Version): Promise<Buffer> {
  return Buffer.from(await api.history.content(version.id));
}

/** Fails unless a promise rejects with an error of this code; resolves with its message. */
export async function rejection(code: string, promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => assert.fail(`Nothing was rejected; ${code} was expected.`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Error, `Not an error was thrown: ${String(error)}`);
  assert.equal('code' in error ? error.code : error.message, code);
  return error.message;
}
