import * as vscode from 'vscode';
import type { FolderStatus } from '../api';
import { DisposableStore, MutableDisposable, type Disposable } from '../model/disposable';
import { WorkspaceWatcher, type WatchListener } from '../watch/workspaceWatcher';
import type { Engine } from '../worker/contract';
import type { Settings } from './settings';

export interface FolderWatchParts {
  readonly folder: vscode.WorkspaceFolder;
  readonly engine: Engine;
  readonly settings: Settings;
  readonly listener: WatchListener;
  /** The way of watching is another one now. */
  readonly onDidChange: () => void;
}

/** Watches one workspace folder in the way that its disk and the settings allow: by events, or by polling. */
export class FolderWatch implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly watcher = this.disposables.add(new MutableDisposable());
  private trouble: string | undefined;
  private isOn = false;

  constructor(
    private readonly parts: FolderWatchParts,
    /** The kind of file system, where it sends no events. */
    private readonly silentMount: string | undefined,
  ) {
    const { settings, folder } = parts;
    const again = (): void => {
      if (this.isOn) void this.start();
    };
    this.disposables.add(settings.watcherEngine.onDidChange(again));
    this.disposables.add(settings.safeMode.onDidChange(again));
    this.disposables.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`files.${excludeSetting}`, folder)) again();
      }),
    );
  }

  get engine(): FolderStatus['engine'] {
    if (!this.isOn) return 'none';
    return this.pollsBecause === undefined ? 'events' : 'polling';
  }

  /** Why the folder is polled, for people; undefined while events are relied on. */
  get pollsBecause(): string | undefined {
    const { t } = vscode.l10n;
    switch (this.parts.settings.watcherEngine.value) {
      case 'events':
        return undefined;
      case 'polling':
        return t('The setting obby.watcher.engine says so');
      case 'auto':
        return this.silentMount === undefined
          ? this.trouble
          : t('Its file system ({0}) sends no events', this.silentMount);
    }
  }

  /** The same as part of a status. */
  get reason(): Pick<FolderStatus, 'engineReason'> {
    const why = this.isOn ? this.pollsBecause : undefined;
    return why === undefined ? {} : { engineReason: why };
  }

  /** Events cannot be relied on any more, for a reason that a person should read. */
  async distrust(trouble: string): Promise<void> {
    if (this.trouble !== undefined) return;
    this.trouble = trouble;
    if (this.isOn) await this.start();
  }

  /** Begins to watch, or goes on in the way that the settings now say. */
  async start(): Promise<void> {
    const { folder, engine, settings, listener, onDidChange } = this.parts;
    this.isOn = true;
    const isSafe = settings.safeMode.value;
    const polls = this.pollsBecause !== undefined;
    // Where events are known not to come, those that come all the same are welcome; who forces polling wants none.
    const isDeaf = settings.watcherEngine.value === 'polling';
    this.watcher.value = new WorkspaceWatcher(folder, listener, isDeaf ? 'editors' : 'all');
    onDidChange();
    await engine.watch(folder.uri.toString(), {
      polls,
      // Elsewhere VS Code's events do come from new folders, and a watched folder of Windows keeps those above it in place.
      followsFolders: !isSafe && process.platform === 'linux',
      withheld: withheldPatterns(folder),
      followsGit: !isSafe && !isDeaf,
      findsCauses: !isSafe,
    });
  }

  /** Watches no more until the next `start`. */
  async stop(): Promise<void> {
    this.release();
    this.parts.onDidChange();
    await this.parts.engine.watch(this.parts.folder.uri.toString(), undefined);
  }

  /** As `stop`, where the engine answers no more. */
  release(): void {
    this.isOn = false;
    this.watcher.value = undefined;
  }

  dispose(): void {
    this.isOn = false;
    this.disposables.dispose();
  }
}

const excludeSetting = 'watcherExclude';

/** The patterns of the paths that VS Code's watcher says nothing of. */
function withheldPatterns(folder: vscode.WorkspaceFolder): string[] {
  const value: unknown = vscode.workspace.getConfiguration('files', folder).get(excludeSetting);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([pattern, isOn]) => (isOn === true ? [pattern] : []));
}
