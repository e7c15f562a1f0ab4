import { basename, dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { WorkspaceFolder } from 'vscode';
import type { FolderStatus } from '../../api/api';
import type { Clock } from '../../base/clock';
import { detached, type Log } from '../../base/log';
import { DisposableStore, MutableDisposable, type Disposable } from '../../base/disposable';
import { messageOf } from '../../base/errors';
import { Emitter } from '../../base/events';
import type { Engine, EngineEvent, HistoryActions, HistoryReader, Outcome } from '../../engine/engine';
import { actionsOf, readerOf } from '../../engine/historyCalls';
import type { FolderSettings } from '../../model/folderSettings';
import type { Verdict } from '../../model/ruleSources';
import type { ScanReason } from '../../model/scan';
import { type DocumentEdits, EditorEvents } from '../editor/editorEvents';
import { EventBatcher } from '../editor/eventBatcher';
import { describeGap, describeStatus } from './describeStatus';

export interface FolderSessionDeps {
  readonly folder: WorkspaceFolder;
  readonly engine: Engine;
  /** Absolute path of the folder that holds the history; throws when there can be none. */
  readonly storeDir: () => string;
  /** The settings of the folder as they are now. */
  readonly settings: () => Omit<FolderSettings, 'isPaused'>;
  readonly isPaused: boolean;
  readonly edits: Pick<DocumentEdits, 'causeOf'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** One workspace folder: passes VS Code's events and the settings to the engine, and keeps the last status. */
export class FolderSession implements Disposable {
  /** Usable once the session is open. */
  readonly history: HistoryReader;
  readonly actions: HistoryActions;
  private readonly disposables = new DisposableStore();
  private readonly editor = this.disposables.add(new MutableDisposable<EditorEvents>());
  private readonly batcher: EventBatcher;
  private readonly statuses: Emitter<FolderStatus>;
  private isOpen = false;
  private opening: Promise<void> | undefined;
  private isPaused: boolean;
  private last: FolderStatus;

  constructor(private readonly deps: FolderSessionDeps) {
    const { folder, log, isPaused } = deps;
    this.isPaused = isPaused;
    this.history = readerOf(deps.engine, this.key);
    this.actions = actionsOf(deps.engine, this.key);
    const nothing = { files: 0, versions: 0, queue: 0, gaps: [], unrecorded: [] };
    this.last = { folder: folder.uri, state: 'starting', engine: 'none', ...nothing };
    this.statuses = this.disposables.add(new Emitter((error) => log.error(messageOf(error))));
    this.batcher = this.disposables.add(
      new EventBatcher((events) =>
        detached(deps.engine.notify(this.key, events), log, `Events of ${folder.name} were not passed on`),
      ),
    );
  }

  readonly onDidChangeStatus = (listener: (status: FolderStatus) => void): Disposable => this.statuses.event(listener);

  get folder(): WorkspaceFolder {
    return this.deps.folder;
  }

  get key(): string {
    return this.deps.folder.uri.toString();
  }

  /** Opens the history after `free` resolves. */
  async start(free?: Promise<void>): Promise<void> {
    this.opening = this.open(free);
    await this.opening;
  }

  /** Resolves when the history is open; rejects when it could not be opened. */
  async whenOpen(): Promise<void> {
    await this.opening;
  }

  async pause(): Promise<void> {
    this.isPaused = true;
    await this.configure();
  }

  async resume(): Promise<void> {
    this.isPaused = false;
    await this.configure();
  }

  /** Passes the present settings to the engine; resolves when they are applied. */
  async configure(): Promise<void> {
    await this.opening?.catch(() => undefined);
    if (!this.isOpen) return;
    this.followEditors();
    await this.deps.engine.configure(this.key, this.settings);
  }

  /** The window got the focus: other programs may have changed files meanwhile. */
  focused(): void {
    if (this.isOpen) this.batcher.add({ type: 'focus' });
  }

  async scan(reason: ScanReason): Promise<void> {
    if (this.isOpen) await this.deps.engine.scan(this.key, reason);
  }

  async cancelScans(): Promise<void> {
    if (this.isOpen) await this.deps.engine.cancelScans(this.key);
  }

  /** Resolves with the paths of the written rule files, once the files that they list are recorded. */
  async restoreRules(): Promise<string[]> {
    await this.whenOpen();
    return this.deps.engine.restoreRules(this.key);
  }

  /** Resolves when every change made on disk before the call is recorded and durable. */
  async flush(): Promise<void> {
    await this.whenOpen();
    this.batcher.send();
    await this.deps.engine.flush(this.key);
  }

  /** Continues with another history of the storage location; the present one is kept under another name. */
  async useHistory(name: string): Promise<void> {
    await this.whenOpen();
    const { engine, storeDir } = this.deps;
    const dir = storeDir();
    this.editor.value = undefined;
    this.batcher.send();
    this.isOpen = false;
    try {
      await engine.close(this.key);
      await engine.replaceHistory(dirname(dir), basename(dir), name);
    } finally {
      await this.start();
    }
  }

  /** Records paths now, whether or not they were reported. */
  record(paths: readonly string[]): Promise<Outcome[]> {
    this.batcher.send();
    return this.deps.engine.record(this.key, paths);
  }

  explain(path: string): Promise<Verdict> {
    return this.deps.engine.explain(this.key, path);
  }

  async status(): Promise<FolderStatus> {
    if (!this.isOpen) return this.last;
    const status = describeStatus(this.folder.uri, await this.deps.engine.status(this.key));
    return (this.last = status);
  }

  handleEvent(event: EngineEvent): void {
    if (event.type === 'status') this.setStatus(describeStatus(this.folder.uri, event.status));
  }

  /** Shows that recording stopped, and why. */
  fail(problem: string): void {
    this.isOpen = false;
    this.editor.value = undefined;
    const { scanning: _scanning, engineReason: _engineReason, ...last } = this.last;
    const reason = { code: 'closed', args: [problem] };
    const gap = describeGap({ kind: 'failed', from: this.deps.clock.now(), count: 0, reason });
    this.setStatus({ ...last, state: 'failed', engine: 'none', queue: 0, gaps: [...last.gaps, gap], problem });
  }

  /** Records what is waiting and closes the history. */
  async close(): Promise<void> {
    this.editor.value = undefined;
    await this.opening?.catch(() => undefined);
    this.batcher.send();
    this.dispose();
    if (this.isOpen) await this.deps.engine.close(this.key);
    this.isOpen = false;
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private get settings(): FolderSettings {
    return { ...this.deps.settings(), isPaused: this.isPaused };
  }

  private async open(free: Promise<void> | undefined): Promise<void> {
    const { engine, folder, storeDir, log } = this.deps;
    try {
      await free;
      const { settings } = this;
      const opened = await engine.open(this.key, { root: folder.uri.fsPath, storeDir: storeDir(), settings });
      for (const problem of opened.problems) log.warn(`History of ${folder.name}: ${problem}`);
      this.isOpen = true;
      this.followEditors();
      if (isDeepStrictEqual(settings, this.settings)) return;
      detached(engine.configure(this.key, this.settings), log, `The settings of ${folder.name} were not passed on`);
    } catch (error) {
      this.fail(messageOf(error));
      throw error;
    }
  }

  /** Watches only what the engine uses, since a watcher costs something even if its events are ignored. */
  private followEditors(): void {
    const { engine } = this.settings.watching;
    const scope = this.isPaused ? undefined : engine === 'polling' ? 'editors' : 'all';
    if (this.editor.value?.scope === scope) return;
    const { edits, folder } = this.deps;
    const onEvent = this.batcher.add.bind(this.batcher);
    this.editor.value = scope && new EditorEvents(folder, { edits, onEvent }, scope);
  }

  private setStatus(status: FolderStatus): void {
    this.last = status;
    this.statuses.fire(status);
  }
}
