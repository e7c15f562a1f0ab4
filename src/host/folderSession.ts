import { Uri, type WorkspaceFolder } from 'vscode';
import type { FolderState, FolderStatus } from '../api';
import type { Clock } from '../model/clock';
import { DisposableStore, MutableDisposable, type Disposable } from '../model/disposable';
import { messageOf } from '../model/errors';
import { Emitter } from '../model/events';
import type { Log } from '../model/log';
import { Debouncer } from '../watch/debouncer';
import { Rules } from '../watch/rules';
import { isRuleFile } from '../watch/ruleSources';
import { WorkspaceWatcher, type HintKind, type SaveKind } from '../watch/workspaceWatcher';
import type { DocumentEdits } from './causes/documentEdits';
import { FolderFacts } from './folderFacts';
import { ScanSchedule } from './scanSchedule';
import { UnderWay } from './underWay';
import type { Engine, EngineEvent, Hint, Outcome, ScanReason } from '../worker/contract';

export interface FolderSessionParts {
  readonly folder: WorkspaceFolder;
  readonly engine: Engine;
  /** Absolute path of the folder that holds the history; throws when there can be none. */
  readonly storeDir: () => string;
  readonly maxFileBytes: number;
  readonly isPaused: boolean;
  readonly edits: Pick<DocumentEdits, 'why'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What a session says of itself. */
export type SessionEvent =
  | { readonly type: 'hint'; readonly path: string; readonly hint: HintKind }
  | { readonly type: 'rules'; readonly rules: Rules }
  | { readonly type: 'status' };

const quietMs = 500;
const deletedQuietMs = 1_000;
/** A file that is written without pause is still recorded this often. */
const maxWaitMs = 3_000;
/** Watches one workspace folder and passes what may have changed on to the engine. */
export class FolderSession implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly watcher = this.disposables.add(new MutableDisposable());
  private readonly schedule: ScanSchedule;
  private readonly events: Emitter<SessionEvent>;
  private readonly debouncer: Debouncer;
  private isOpen = false;
  private opening: Promise<void> | undefined;
  private isPaused: boolean;
  private pausedSince: number | undefined;
  private readonly underWay = new UnderWay();
  private readonly facts: FolderFacts;
  private currentRules = new Rules({ watch: undefined, ignores: [] });

  constructor(private readonly parts: FolderSessionParts) {
    const { clock, log } = parts;
    this.isPaused = parts.isPaused;
    this.facts = new FolderFacts(() => clock.now());
    this.events = this.disposables.add(new Emitter((error) => log.error(messageOf(error))));
    const scan = (): void => {
      this.scan('periodic').catch((error: unknown) => log.error(`A scan failed: ${messageOf(error)}`));
    };
    this.schedule = this.disposables.add(new ScanSchedule(clock, () => this.facts.lastScan, scan));
    const flush = (paths: readonly string[]) => this.send(paths.map((path) => ({ path })));
    this.debouncer = this.disposables.add(new Debouncer({ quietMs, maxWaitMs, clock, flush }));
  }

  readonly onDidChange = (listener: (event: SessionEvent) => void): Disposable => this.events.event(listener);

  get folder(): WorkspaceFolder {
    return this.parts.folder;
  }

  get key(): string {
    return this.parts.folder.uri.toString();
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
    if (this.isPaused) this.pausedSince = this.parts.clock.now();
    else await this.watch('start');
  }

  /** Resolves when the history can be asked; rejects when it could not be opened. */
  async whenOpen(): Promise<void> {
    await this.opening;
  }

  private async open(free: Promise<void> | undefined): Promise<void> {
    const { engine, folder, storeDir, maxFileBytes, log } = this.parts;
    try {
      await free;
      const opened = await engine.open(this.key, { root: folder.uri.fsPath, storeDir: storeDir(), maxFileBytes });
      for (const problem of opened.problems) log.warn(`History of ${folder.name}: ${problem}`);
      if (opened.closedSince !== undefined) this.facts.noteGap(opened.closedSince, 'VS Code was closed');
      this.isOpen = true;
      this.useRules(new Rules(opened.rules));
    } catch (error) {
      this.fail(messageOf(error));
      throw error;
    }
  }

  pause(): void {
    if (this.isPaused) return;
    this.isPaused = true;
    this.pausedSince = this.parts.clock.now();
    this.watcher.value = undefined;
    this.schedule.dispose();
    this.changed();
  }

  async resume(): Promise<void> {
    if (!this.isPaused) return;
    this.isPaused = false;
    if (this.pausedSince !== undefined) this.facts.noteGap(this.pausedSince, 'paused');
    this.changed();
    if (this.isOpen) await this.watch('asked');
  }

  /** Compares the folder with its history. */
  async scan(reason: ScanReason): Promise<void> {
    if (!this.isOpen || this.isPaused) return;
    this.schedule.dispose();
    this.facts.scanStarts();
    try {
      await this.parts.engine.scan(this.key, reason);
    } finally {
      this.facts.scanEnds();
      this.schedule.restart();
      this.changed();
    }
  }

  /** The window got the focus: whoever used another program may have changed something. */
  async focused(): Promise<void> {
    if (this.schedule.isDueOnFocus()) await this.scan('focus');
  }

  /** Resolves when every change made on disk before the call is recorded and durable. */
  async flush(): Promise<void> {
    await this.whenOpen();
    // The events of a move may have arrived in part only, and would then tell of a deletion; the disk tells it all.
    await this.scan('flush');
    await this.debouncer.drain();
  }

  /** Records paths now, whether or not an event came for them. */
  async record(hints: readonly Hint[]): Promise<Outcome[]> {
    for (const { path } of hints) this.debouncer.remove(path);
    return this.whileUnderWay(hints.length, () => this.parts.engine.record(this.key, hints));
  }

  async status(): Promise<FolderStatus> {
    const { engine, folder, log } = this.parts;
    try {
      if (this.isOpen) this.facts.counts = await engine.statistics(this.key);
    } catch (error) {
      // The rest of the status is worth more than its numbers, which stay what they were.
      log.debug(`${folder.name} could not be counted: ${messageOf(error)}`);
    }
    return {
      folder: folder.uri,
      state: this.state,
      engine: this.watcher.value ? 'events' : 'none',
      queue: this.debouncer.size + this.underWay.count,
      ...this.facts.value,
    };
  }

  /** Hears what the engine says of this folder. */
  heard(event: EngineEvent): void {
    if (event.type === 'rules') this.useRules(new Rules(event.sources));
    if (event.type === 'problem') this.parts.log.warn(event.error.message);
    if (event.type === 'recorded') this.underWay.recorded(event.versions.length);
    this.facts.heard(event);
    this.changed();
  }

  /** Recording stopped for a reason that a person should read. */
  fail(problem: string): void {
    this.facts.problem = problem;
    // The engine answers no more: nobody asks it for a status, a scan or the end.
    this.isOpen = false;
    this.watcher.value = undefined;
    this.schedule.dispose();
    this.changed();
  }

  /** Records what waits and releases the history. */
  async close(): Promise<void> {
    this.watcher.value = undefined;
    await this.opening?.catch(() => undefined);
    await this.debouncer.drain();
    this.dispose();
    if (this.isOpen) await this.parts.engine.close(this.key);
    this.isOpen = false;
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async watch(reason: ScanReason): Promise<void> {
    this.watcher.value = new WorkspaceWatcher(this.parts.folder, {
      onHint: (path, hint) => this.hinted(path, hint),
      onSave: (path, how, text) => this.saved(path, how, text),
      onMove: (from, to) => this.moved(from, to),
    });
    this.changed();
    await this.scan(reason);
  }

  private hinted(path: string, hint: HintKind): void {
    if (isRuleFile(path)) void this.reloadRules();
    if (!this.mayMatter(path)) return;
    // A move tells of its old path too; the new one must be looked at first, so that a move is not a deletion.
    if (hint === 'deleted') this.debouncer.add(path, deletedQuietMs);
    else this.debouncer.add(path);
    if (this.currentRules.isWatched(path)) this.events.fire({ type: 'hint', path, hint });
  }

  private saved(path: string, how: SaveKind, savedText: string | undefined): void {
    if (isRuleFile(path)) void this.reloadRules();
    if (!this.currentRules.isWatched(path)) return;
    const hint: Hint = { path, ...this.parts.edits.why(Uri.joinPath(this.folder.uri, path), how) };
    this.debouncer.remove(path);
    void this.send([savedText === undefined ? hint : { ...hint, savedText }]);
  }

  private moved(from: string, to: string): void {
    if (!this.mayMatter(from) && !this.mayMatter(to)) return;
    this.debouncer.remove(from);
    this.debouncer.remove(to);
    const why = { cause: 'rename', sure: 'certain' } as const;
    void this.send([
      { path: to, movedFrom: from, ...why },
      { path: from, ...why },
    ]);
  }

  /** Whether a path is watched or, being a folder, could hold something that is. */
  private mayMatter(path: string): boolean {
    return this.currentRules.isWatched(path) || this.currentRules.mayContainWatched(path);
  }

  private async reloadRules(): Promise<void> {
    try {
      const before = this.currentRules;
      await this.parts.engine.loadRules(this.key);
      if (this.currentRules !== before) await this.scan('rules');
    } catch (error) {
      this.parts.log.error(`The rules of ${this.parts.folder.name} could not be read again: ${messageOf(error)}`);
    }
  }

  private useRules(rules: Rules): void {
    this.currentRules = rules;
    this.events.fire({ type: 'rules', rules });
    this.changed();
  }

  /** Never rejects: what cannot be recorded was said by the engine, and a later scan finds it again. */
  private async send(hints: readonly Hint[]): Promise<void> {
    try {
      await this.whileUnderWay(hints.length, () => this.parts.engine.look(this.key, hints));
    } catch (error) {
      this.parts.log.error(
        `${hints.length} changed paths of ${this.parts.folder.name} were not recorded: ${messageOf(error)}`,
      );
    }
  }

  private async whileUnderWay<T>(count: number, run: () => Promise<T>): Promise<T> {
    try {
      return await this.underWay.during(count, run);
    } finally {
      this.changed();
    }
  }

  private changed(): void {
    this.events.fire({ type: 'status' });
  }
}
