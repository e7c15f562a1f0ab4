import * as vscode from 'vscode';
import type { FolderStatus } from '../../api/api';
import { DisposableStore, MutableDisposable, type Disposable } from '../../base/disposable';
import type { Log } from '../../base/log';
import { EditorEvents, type EditorListener } from '../editor/editorEvents';
import type { Engine, ScanResult } from '../../engine/engine';
import { EventHealth } from './eventHealth';
import type { FolderStatusTracker } from './folderStatusTracker';
import type { Settings } from '../settings/settings';
import { watchLimitText } from './watchLimit';

export interface FolderWatchDeps {
  readonly folder: vscode.WorkspaceFolder;
  readonly engine: Engine;
  readonly settings: Settings;
  readonly listener: EditorListener;
  readonly facts: Pick<FolderStatusTracker, 'lastScan' | 'watched' | 'limitReached' | 'eventsMissed'>;
  readonly log: Log;
  /** The way of watching is another one now. */
  readonly onDidChange: () => void;
}

/** Watches one workspace folder in the way that its disk and the settings allow: by events, or by polling. */
export class FolderWatch implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly watcher = this.disposables.add(new MutableDisposable());
  private readonly trust = new EventHealth();
  private trouble: string | undefined;
  /** It is polled because no events came, and nothing else. */
  private isSilent = false;
  private hasRegained = false;
  private isOn = false;

  constructor(
    private readonly deps: FolderWatchDeps,
    /** The kind of file system, where it sends no events. */
    private readonly silentMount: string | undefined,
  ) {
    const { settings, folder } = deps;
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
    switch (this.deps.settings.watcherEngine.value) {
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

  /** An event came, of whatever. */
  heard(): void {
    this.trust.heard();
    if (!this.isSilent || this.hasRegained) return;
    // It had only begun late, as it may where there is much to watch.
    this.isSilent = false;
    this.hasRegained = true;
    this.trouble = undefined;
    if (this.isOn) void this.start();
  }

  /** The machine watches no more folders: `code` is the system's. */
  limitReached(code: string | undefined): void {
    const { folder, facts, log } = this.deps;
    const why = watchLimitText(code);
    log.warn(`${folder.name}: ${why}`);
    facts.limitReached(why);
    this.isSilent = false;
    this.distrust(why);
  }

  /** A scan has ended; hears of it before `facts` does. */
  scanned(result: ScanResult): void {
    const { folder, facts, log } = this.deps;
    if (this.engine !== 'events' || this.trouble !== undefined) return;
    const missed = this.trust.scanned(result, facts.lastScan?.time);
    if (!missed) return;
    log.warn(`${folder.name}: no event told of ${missed.count} changes.`);
    facts.eventsMissed(missed);
    this.isSilent = true;
    this.distrust(vscode.l10n.t('Files changed in it and no event told of that'));
  }

  /** Events cannot be relied on any more, for a reason that a person should read. */
  private distrust(trouble: string): void {
    if (this.trouble !== undefined) return;
    this.trouble = trouble;
    if (this.isOn) void this.start();
  }

  /** Begins to watch, or goes on in the way that the settings now say. */
  async start(): Promise<void> {
    const { folder, engine, settings, listener } = this.deps;
    this.isOn = true;
    const isSafe = settings.safeMode.value;
    const polls = this.pollsBecause !== undefined;
    // Where events are known not to come, those that come all the same are welcome; who forces polling wants none.
    const isDeaf = settings.watcherEngine.value === 'polling';
    this.watcher.value = new EditorEvents(folder, listener, isDeaf ? 'editors' : 'all');
    this.changed();
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
    this.changed();
    await this.deps.engine.watch(this.deps.folder.uri.toString(), undefined);
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

  private changed(): void {
    const { facts, onDidChange } = this.deps;
    facts.watched(this.reason.engineReason);
    onDidChange();
  }
}

const excludeSetting = 'watcherExclude';

/** The patterns of the paths that VS Code's watcher says nothing of. */
function withheldPatterns(folder: vscode.WorkspaceFolder): string[] {
  const value: unknown = vscode.workspace.getConfiguration('files', folder).get(excludeSetting);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([pattern, isOn]) => (isOn === true ? [pattern] : []));
}
