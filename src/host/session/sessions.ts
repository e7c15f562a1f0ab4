import * as l10n from '@vscode/l10n';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { asObbyError, messageOf, ObbyError } from '../../base/errors';
import { Emitter } from '../../base/events';
import { detached, type Log } from '../../base/log';
import type { FolderStatus } from '../../api/api';
import type { FolderSettings } from '../../model/folderSettings';
import { pathInFolder, type DocumentEdits } from '../editor/editorEvents';
import type { EngineEvent } from '../../engine/engine';
import type { EngineClient } from './engineClient';
import { FolderSession } from './folderSession';
import { historyName } from '../settings/storageSettings';
import type { Settings } from '../settings/settings';

export interface SessionsDeps {
  readonly client: EngineClient;
  readonly settings: Settings;
  readonly edits: Pick<DocumentEdits, 'causeOf'>;
  /** Absolute path of the folder that holds all histories; throws when there can be none. */
  readonly historiesDir: () => string;
  /** Survives a reload of the window. */
  readonly state: vscode.Memento;
  readonly clock: Clock;
  readonly log: Log;
}

export type FolderEvent =
  | { readonly type: 'status'; readonly session: FolderSession; readonly status: FolderStatus }
  | { readonly type: 'engine'; readonly session: FolderSession; readonly event: EngineEvent }
  /** A workspace folder was added or removed. */
  | { readonly type: 'folders' };

const pausedKey = 'paused';

/** One session for each workspace folder on disk. */
export class Sessions implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly sessions = new Map<string, FolderSession>();
  /** Removed folders whose histories are being closed. */
  private readonly ending = new Map<string, Promise<void>>();
  private readonly events: Emitter<FolderEvent>;

  constructor(private readonly deps: SessionsDeps) {
    const { client, log, settings } = deps;
    this.events = this.disposables.add(new Emitter((error) => log.error(messageOf(error))));
    this.disposables.add(client.onDidReceiveEvent((event) => this.handleEvent(event)));
    this.disposables.add(
      client.onDidFail(({ error, restarted }) => {
        for (const session of this.all) {
          session.fail(error.message);
          if (restarted) detached(session.start(restarted), log, `${session.folder.name} is not recorded again`);
        }
      }),
    );
    const configure = (): void => {
      for (const session of this.all) detached(session.configure(), log, 'The settings were not passed on');
    };
    const { maxFileBytes, retention, watcherEngine, safeMode } = settings;
    for (const setting of [maxFileBytes, retention, watcherEngine, safeMode]) {
      this.disposables.add(setting.onDidChange(configure));
    }
    this.disposables.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`files.${excludeSetting}`)) configure();
      }),
    );
    this.disposables.add(
      vscode.workspace.onDidChangeWorkspaceFolders((event) =>
        detached(this.follow(event), log, 'The change of the workspace folders was not followed'),
      ),
    );
    this.disposables.add(
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) for (const session of this.all) session.focused();
      }),
    );
  }

  readonly onDidChange = (listener: (event: FolderEvent) => void): Disposable => this.events.event(listener);

  /** Absolute path of the folder that holds all histories; throws when there can be none. */
  get historiesDir(): string {
    return this.deps.historiesDir();
  }

  get all(): readonly FolderSession[] {
    return [...this.sessions.values()];
  }

  /** Starts a session for every workspace folder; a failure of one does not affect the others. */
  async start(): Promise<void> {
    await Promise.all((vscode.workspace.workspaceFolders ?? []).map((folder) => this.reported(this.open(folder))));
  }

  /** Resolves when every history is open or has failed to open. */
  async whenOpen(): Promise<void> {
    await Promise.allSettled(this.all.map((session) => session.whenOpen()));
  }

  /** The session of the innermost workspace folder that holds a URI, and the path in it. */
  find(uri: vscode.Uri): { readonly session: FolderSession; readonly path: string } | undefined {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    const session = folder && this.sessions.get(folder.uri.toString());
    const path = folder && pathInFolder(folder, uri);
    return session && path !== undefined ? { session, path } : undefined;
  }

  /** The session of one workspace folder, or all of them. Throws `noFolder` for any other URI. */
  in(folder: vscode.Uri | undefined): readonly FolderSession[] {
    if (!folder) return this.all;
    const session = this.sessions.get(folder.toString());
    if (!session) throw new ObbyError('noFolder', l10n.t('{0} is not a workspace folder on disk.', folder.toString()));
    return [session];
  }

  async pause(folder: vscode.Uri | undefined): Promise<void> {
    for (const session of this.in(folder)) {
      await session.pause();
      await this.remember(session, true);
    }
  }

  async resume(folder: vscode.Uri | undefined): Promise<void> {
    for (const session of this.in(folder)) {
      await this.remember(session, false);
      await session.resume();
    }
  }

  /** Resolves when every change made on disk before the call is recorded and durable. */
  async flush(): Promise<void> {
    const flushed = await Promise.allSettled(this.all.map((session) => session.flush()));
    // The other folders are flushed even if one fails.
    const failed = flushed.find((result) => result.status === 'rejected');
    if (failed) throw asObbyError(failed.reason);
  }

  /** Records what is waiting and closes every history. */
  async close(): Promise<void> {
    await Promise.all([...this.all.map((session) => this.reported(session.close())), ...this.ending.values()]);
    this.sessions.clear();
  }

  dispose(): void {
    for (const session of this.all) session.dispose();
    this.disposables.dispose();
  }

  private async follow({ added, removed }: vscode.WorkspaceFoldersChangeEvent): Promise<void> {
    await Promise.all([
      ...removed.map((folder) => this.end(folder)),
      ...this.all.map((session) => this.reported(session.configure())),
      ...added.map((folder) => this.reported(this.open(folder))),
    ]);
    this.events.fire({ type: 'folders' });
  }

  private async end(folder: vscode.WorkspaceFolder): Promise<void> {
    const key = folder.uri.toString();
    const session = this.sessions.get(key);
    if (!session) return;
    this.sessions.delete(key);
    const ending = this.reported(session.close());
    this.ending.set(key, ending);
    await ending;
    if (this.ending.get(key) === ending) this.ending.delete(key);
  }

  private async open(folder: vscode.WorkspaceFolder): Promise<void> {
    // Other schemes have no path on disk.
    if (folder.uri.scheme !== 'file') return;
    const { client, edits, historiesDir, state, clock, log } = this.deps;
    const session = new FolderSession({
      folder,
      engine: client.engine,
      storeDir: () => join(historiesDir(), historyName(basename(folder.uri.path), folder.uri.toString())),
      settings: () => this.settingsOf(folder),
      isPaused: state.get<readonly string[]>(pausedKey, []).includes(folder.uri.toString()),
      edits,
      clock,
      log,
    });
    session.onDidChangeStatus((status) => this.events.fire({ type: 'status', session, status }));
    this.sessions.set(session.key, session);
    await session.start(this.ending.get(session.key));
  }

  private settingsOf(folder: vscode.WorkspaceFolder): Omit<FolderSettings, 'isPaused'> {
    const { maxFileBytes, retention, watcherEngine, safeMode } = this.deps.settings;
    return {
      maxFileBytes: maxFileBytes.of(folder.uri),
      innerFolders: innerFoldersOf(folder),
      retention: retention.value,
      watching: {
        engine: watcherEngine.of(folder.uri),
        isSafeMode: safeMode.value,
        watcherExclude: excludedPatterns(folder),
        events: 'client',
      },
    };
  }

  private handleEvent(event: EngineEvent): void {
    if (event.type === 'log') {
      this.deps.log[event.level](event.message);
      return;
    }
    const session = this.sessions.get(event.folder);
    if (!session) return;
    session.handleEvent(event);
    this.events.fire({ type: 'engine', session, event });
  }

  private async remember(session: FolderSession, isPaused: boolean): Promise<void> {
    const { state } = this.deps;
    const others = state.get<readonly string[]>(pausedKey, []).filter((key) => key !== session.key);
    await state.update(pausedKey, isPaused ? [...others, session.key] : others);
  }

  private async reported(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.deps.log.error(error instanceof Error ? error : String(error));
    }
  }
}

/** The paths of other workspace folders inside this one. */
function innerFoldersOf(folder: vscode.WorkspaceFolder): string[] {
  const others = vscode.workspace.workspaceFolders ?? [];
  return others.flatMap(({ uri }) => pathInFolder(folder, uri) ?? []);
}

const excludeSetting = 'watcherExclude';

/** The patterns of paths that VS Code's watcher does not report. */
function excludedPatterns(folder: vscode.WorkspaceFolder): string[] {
  const value: unknown = vscode.workspace.getConfiguration('files', folder).get(excludeSetting);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([pattern, isOn]) => (isOn === true ? [pattern] : []));
}
