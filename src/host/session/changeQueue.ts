import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { SavedText } from '../../model/savedText';
import { Debouncer } from '../../base/debouncer';
import type { PathChange } from '../../watch/changeHint';
import type { Rules } from '../../rules/rules';
import type { MovedAcross } from '../editor/editorEvents';
import type { ChangeHint, Outcome } from '../../engine/engine';
import { InFlightCounter } from './inFlightCounter';

export interface ChangeQueueDeps {
  readonly clock: Clock;
  readonly rules: () => Rules;
  /** Compares paths with the history and records what changed. */
  readonly record: (hints: readonly ChangeHint[]) => Promise<Outcome[]>;
  /** Does the same, without an outcome. */
  readonly look: (hints: readonly ChangeHint[]) => Promise<void>;
  /** A path that is watched may have changed. */
  readonly onHint: (hint: PathChange) => void;
  /** So many paths are due at once. */
  readonly onFlush: (count: number) => void;
  /** Paths could not be handed over; a later scan finds what changed. */
  readonly onFail: (count: number, error: unknown) => void;
  readonly onDidChange: () => void;
}

const quietMs = 500;
const deletedQuietMs = 1_000;
/** A file that is written without pause is still recorded this often. */
const maxWaitMs = 3_000;
/** In a larger burst, where almost everything leaves together, what still waits is not looked at twice. */
const maxWaiting = 500;

/** Holds what may have changed in one folder until it is quiet, and hands it over to be recorded. */
export class ChangeQueue implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly debouncer: Debouncer;
  private readonly underWay = new InFlightCounter();

  constructor(private readonly deps: ChangeQueueDeps) {
    const flush = async (paths: readonly string[]): Promise<void> => {
      deps.onFlush(paths.length);
      // The other half of a move may not be quiet yet.
      const waiting = this.debouncer.waiting(maxWaiting).map((path) => ({ path, waits: true }));
      await this.send([...paths.map((path) => ({ path })), ...waiting]);
    };
    this.debouncer = this.disposables.add(new Debouncer({ quietMs, maxWaitMs, clock: deps.clock, flush }));
  }

  /** Paths that wait or are being recorded. */
  get size(): number {
    return this.debouncer.size + this.underWay.count;
  }

  /** A path may have changed on disk. */
  add({ path, hint }: PathChange): void {
    if (!this.mayMatter(path)) return;
    // A move tells of its old path too; the new one must be looked at first, so that a move is not a deletion.
    if (hint === 'deleted') this.debouncer.add(path, deletedQuietMs);
    else this.debouncer.add(path);
    if (this.deps.rules().isWatched(path)) this.deps.onHint({ path, hint });
  }

  /** What an earlier event told of is looked at after the save, which would else be found on the disk before it is told of. */
  willSave(path: string): void {
    this.debouncer.postpone(path);
  }

  /** An editor saved: a version of its own, at once. */
  saved(path: string, why: Omit<ChangeHint, 'path'>, saved: SavedText | undefined): void {
    if (!this.deps.rules().isWatched(path)) return;
    this.debouncer.remove(path);
    void this.send([{ path, ...why, ...(saved && { saved }) }]);
  }

  /** An editor or the explorer moved a file or folder. */
  moved(from: string, to: string): void {
    if (!this.mayMatter(from) && !this.mayMatter(to)) return;
    this.debouncer.remove(from);
    this.debouncer.remove(to);
    const why = { cause: 'rename', confidence: 'certain' } as const;
    void this.send([
      { path: to, movedFrom: from, ...why },
      { path: from, ...why },
    ]);
  }

  /** An editor or the explorer moved a file or folder out of the workspace folder, or into it. */
  movedAcross(path: string, where: MovedAcross): void {
    if (!this.mayMatter(path)) return;
    this.debouncer.remove(path);
    void this.send([{ path, cause: 'rename', causeDetail: where, confidence: 'certain' }]);
  }

  /** Hands paths over now, whether or not they wait. */
  async record(hints: readonly ChangeHint[]): Promise<Outcome[]> {
    for (const { path } of hints) this.debouncer.remove(path);
    return this.whileUnderWay(hints.length, () => this.deps.record(hints));
  }

  /** Versions became durable, of what was handed over. */
  recorded(count: number): void {
    this.underWay.recorded(count);
  }

  /** Resolves when everything that waits now is recorded. */
  drain(): Promise<void> {
    return this.debouncer.drain();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** Whether a path is watched or, being a folder, could hold something that is. */
  private mayMatter(path: string): boolean {
    const rules = this.deps.rules();
    return rules.isWatched(path) || rules.mayContainWatched(path);
  }

  /** Never rejects: what cannot be recorded was said by the engine, and a later scan finds it again. */
  private async send(hints: readonly ChangeHint[]): Promise<void> {
    try {
      await this.whileUnderWay(hints.length, () => this.deps.look(hints));
    } catch (error) {
      this.deps.onFail(hints.length, error);
    }
  }

  private async whileUnderWay<T>(count: number, run: () => Promise<T>): Promise<T> {
    try {
      return await this.underWay.during(count, run);
    } finally {
      this.deps.onDidChange();
    }
  }
}
