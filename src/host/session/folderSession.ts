import { Uri, type WorkspaceFolder } from 'vscode';
import type { FolderState, FolderStatus } from '../../api/api';
import type { Clock } from '../../base/clock';
import { DisposableStore, MutableDisposable, type Disposable } from '../../base/disposable';
import { messageOf } from '../../base/errors';
import { Emitter } from '../../base/events';
import type { Log } from '../../base/log';
import type { RuleSources } from '../../model/ruleSources';
import type { SavedText } from '../../model/savedText';
import { Rules } from '../../rules/rules';
import type { PathChangeKind, PathChange } from '../../watch/changeHint';
import type { MovedAcross, SaveKind } from '../editor/editorEvents';
import type { DocumentEdits } from '../editor/documentEdits';
import { FolderStatusTracker } from './folderStatusTracker';
import type { GapLedger } from './gapLedger';
import { FolderScanning } from './folderScanning';
import { FolderWatch } from './folderWatch';
import { gapReason } from './gapReasons';
import { ChangeQueue } from './changeQueue';
import type { Settings } from '../settings/settings';
import type { Engine, EngineEvent, ChangeHint, Outcome, ScanReason } from '../../engine/engine';

export interface FolderSessionDeps {
  readonly folder: WorkspaceFolder;
  readonly engine: Engine;
  /** Absolute path of the folder that holds the history; throws when there can be none. */
  readonly storeDir: () => string;
  /** Paths in it of other workspace folders. */
  readonly innerFolders: () => readonly string[];
  readonly settings: Settings;
  readonly isPaused: boolean;
  readonly gaps: GapLedger;
  readonly edits: Pick<DocumentEdits, 'why'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What a session says of itself. */
export type SessionEvent =
  | { readonly type: 'hint'; readonly path: string; readonly hint: PathChangeKind }
  | { readonly type: 'rules'; readonly rules: Rules }
  | { readonly type: 'status' };

/** After so many paths at once, events may have been lost on the way, and a scan looks at what came of it. */
const manyPaths = 1_000;
const burstPauseMs = 2_000;
const startPauseMs = 5_000;

/** Watches one workspace folder and passes what may have changed on to the engine. */
export class FolderSession implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly watcher = this.disposables.add(new MutableDisposable<FolderWatch>());
  readonly scanning: FolderScanning;
  private readonly events: Emitter<SessionEvent>;
  private readonly queue: ChangeQueue;
  private isOpen = false;
  private opening: Promise<void> | undefined;
  private isPaused: boolean;
  private readonly facts: FolderStatusTracker;
  private currentRules = new Rules({ watch: undefined, ignores: [] });

  constructor(private readonly deps: FolderSessionDeps) {
    const { clock, log } = deps;
    this.isPaused = deps.isPaused;
    this.facts = new FolderStatusTracker(() => clock.now(), deps.gaps, gapReason);
    this.events = this.disposables.add(new Emitter((error) => log.error(messageOf(error))));
    const { key, facts } = this;
    const isOn = (): boolean => this.isOpen && !this.isPaused;
    this.scanning = this.disposables.add(
      new FolderScanning({ ...deps, key, facts, isOn, onDidEnd: () => this.changed() }),
    );
    this.queue = this.disposables.add(this.newQueue());
  }

  readonly onDidChange = (listener: (event: SessionEvent) => void): Disposable => this.events.event(listener);

  get folder(): WorkspaceFolder {
    return this.deps.folder;
  }

  get key(): string {
    return this.deps.folder.uri.toString();
  }

  /** What is watched: nothing until the rule files were read. */
  get rules(): Rules {
    return this.currentRules;
  }

  get state(): FolderState {
    if (this.facts.problem !== undefined) return 'failed';
    if (!this.isOpen) return 'starting';
    if (this.isPaused) return 'paused';
    return this.currentRules.isEmpty ? 'no rules' : 'watching';
  }

  /** Opens the history once it is free, begins to watch, and looks for what changed while nobody did. */
  async start(free?: Promise<void>): Promise<void> {
    this.opening = this.open(free);
    await this.opening;
    if (!this.isPaused) await this.watch('start');
    // VS Code's watcher begins some time after it was asked for.
    this.scanning.soon('watched', startPauseMs);
  }

  /** Resolves when the history can be asked; rejects when it could not be opened. */
  async whenOpen(): Promise<void> {
    await this.opening;
  }

  private async open(free: Promise<void> | undefined): Promise<void> {
    const { engine, folder, storeDir, innerFolders, settings, log } = this.deps;
    try {
      await free;
      const opened = await engine.open(this.key, {
        root: folder.uri.fsPath,
        storeDir: storeDir(),
        maxFileBytes: settings.maxFileBytes.value,
        innerFolders: innerFolders(),
      });
      for (const problem of opened.problems) log.warn(`History of ${folder.name}: ${problem}`);
      this.facts.opened(opened.closedSince, this.isPaused);
      this.isOpen = true;
      this.watcher.value = this.newWatch(opened.silentMount);
      this.useRules(opened.rules);
    } catch (error) {
      this.fail(messageOf(error));
      throw error;
    }
  }

  async pause(): Promise<void> {
    if (this.isPaused) return;
    this.isPaused = true;
    if (this.isOpen) this.facts.paused();
    this.scanning.stop();
    await this.watcher.value?.stop();
    this.changed();
  }

  async resume(): Promise<void> {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.facts.resumed();
    this.changed();
    if (this.isOpen) await this.watch('asked');
  }

  /** Workspace folders came or went: what lies in one that is inside this one is recorded there alone. */
  async foldersChanged(): Promise<void> {
    await this.opening?.catch(() => undefined);
    if (!this.isOpen) return;
    await this.reloadRules(() => this.deps.engine.setInnerFolders(this.key, this.deps.innerFolders()));
  }

  /** Resolves with the paths of the rule files that were written, when what they list is recorded. */
  async restoreRules(): Promise<string[]> {
    const paths = await this.deps.engine.restoreRules(this.key);
    await this.scanning.scan('rules');
    return paths;
  }

  /** Resolves when every change made on disk before the call is recorded and durable. */
  async flush(): Promise<void> {
    await this.whenOpen();
    // The events of a move may have arrived in part only, and would then tell of a deletion; the disk tells it all.
    await this.scanning.scan('flush');
    await this.queue.drain();
  }

  /** Records paths now, whether or not an event came for them. */
  record(hints: readonly ChangeHint[]): Promise<Outcome[]> {
    return this.queue.record(hints);
  }

  async status(): Promise<FolderStatus> {
    const { engine, folder, log } = this.deps;
    try {
      if (this.isOpen) this.facts.counts = await engine.statistics(this.key);
    } catch (error) {
      // The rest of the status is worth more than its numbers, which stay what they were.
      log.debug(`${folder.name} could not be counted: ${messageOf(error)}`);
    }
    return {
      folder: folder.uri,
      state: this.state,
      engine: this.watcher.value?.engine ?? 'none',
      ...this.watcher.value?.reason,
      queue: this.queue.size,
      ...this.facts.value,
    };
  }

  /** Hears what the engine says of this folder. */
  heard(event: EngineEvent): void {
    if (event.type === 'rules') this.useRules(event.sources);
    if (event.type === 'problem') this.deps.log.warn(event.error.message);
    if (event.type === 'recorded') this.queue.recorded(event.versions.length);
    if (event.type === 'hints' && event.areEvents) this.watcher.value?.heard();
    if (event.type === 'hints') event.hints.forEach((hint) => this.hinted(hint));
    if (event.type === 'git') this.scanning.soon('git', 0);
    if (event.type === 'limit') this.watcher.value?.limitReached(event.code);
    if (event.type === 'scanned') this.watcher.value?.scanned(event.result);
    this.facts.heard(event);
    this.changed();
  }

  /** Recording stopped for a reason that a person should read. */
  fail(problem: string): void {
    this.facts.failed(problem);
    this.facts.watched(undefined);
    // The engine answers no more: nobody asks it for a status, a scan or the end.
    this.isOpen = false;
    this.watcher.value = undefined;
    this.scanning.stop();
    this.changed();
  }

  /** Records what waits and releases the history. */
  async close(): Promise<void> {
    this.watcher.value = undefined;
    this.facts.watched(undefined);
    await this.opening?.catch(() => undefined);
    await this.queue.drain();
    this.dispose();
    if (this.isOpen) await this.deps.engine.close(this.key);
    this.isOpen = false;
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async watch(reason: ScanReason): Promise<void> {
    // Asked for together, so that no other scan comes first and takes this one's finds for changes of its own.
    await Promise.all([this.watcher.value?.start(), this.scanning.scan(reason)]);
  }

  private newWatch(silentMount: string | undefined): FolderWatch {
    const listener = {
      onHint: (path: string, hint: PathChangeKind) => {
        this.watcher.value?.heard();
        this.hinted({ path, hint });
      },
      onWillSave: (path: string) => this.queue.willSave(path),
      onSave: (path: string, how: SaveKind, saved: SavedText | undefined) => {
        if (this.currentRules.isRuleFile(path)) void this.reloadRules();
        this.queue.saved(path, this.deps.edits.why(Uri.joinPath(this.folder.uri, path), how), saved);
      },
      onMove: (from: string, to: string) => this.queue.moved(from, to),
      onMoveAcross: (path: string, where: MovedAcross) => this.queue.movedAcross(path, where),
    };
    const { deps, facts } = this;
    return new FolderWatch({ ...deps, facts, listener, onDidChange: () => this.changed() }, silentMount);
  }

  private newQueue(): ChangeQueue {
    const { clock, engine, folder, log } = this.deps;
    return new ChangeQueue({
      clock,
      rules: () => this.currentRules,
      record: (hints) => engine.record(this.key, hints),
      look: (hints) => engine.look(this.key, hints),
      onHint: (hint) => this.events.fire({ type: 'hint', ...hint }),
      onFlush: (count) => {
        if (count > manyPaths) this.scanning.soon('burst', burstPauseMs);
      },
      onFail: (count, error) =>
        log.error(`${count} changed paths of ${folder.name} were not recorded: ${messageOf(error)}`),
      onDidChange: () => this.changed(),
    });
  }

  private hinted(hint: PathChange): void {
    if (this.currentRules.isRuleFile(hint.path)) void this.reloadRules();
    this.queue.add(hint);
  }

  private async reloadRules(load: () => Promise<unknown> = () => this.deps.engine.loadRules(this.key)): Promise<void> {
    try {
      const before = this.currentRules;
      await load();
      if (this.currentRules !== before) await this.scanning.scan('rules');
    } catch (error) {
      this.deps.log.error(`The rules of ${this.deps.folder.name} could not be read again: ${messageOf(error)}`);
    }
  }

  private useRules(sources: RuleSources): void {
    const rules = (this.facts.rules = this.currentRules = new Rules(sources));
    this.events.fire({ type: 'rules', rules });
    this.changed();
  }

  private changed(): void {
    this.events.fire({ type: 'status' });
  }
}
