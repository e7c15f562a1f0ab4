import type { Clock } from '../base/clock';
import { Debouncer } from '../base/debouncer';
import type { Disposable } from '../base/disposable';
import type { ChangeHint, PathChange, MovedAcross } from '../model/changeHint';
import type { Rules } from '../rules/rules';

export interface ChangeQueueDeps<Result> {
  readonly clock: Clock;
  readonly rules: () => Rules;
  /** Compares paths with the history and records what changed. */
  readonly record: (
    hints: readonly ChangeHint[],
    onProgress: (done: number, total: number) => void,
  ) => Promise<readonly Result[]>;
  /** A watched path may have changed. */
  readonly onChange: (change: PathChange) => void;
  /** `count` paths are due at once. */
  readonly onFlush: (count: number) => void;
  /** Paths could not be recorded; a later scan finds what changed. */
  readonly onFail: (count: number, error: unknown) => void;
  /** The size has changed. */
  readonly onDidChange: () => void;
}

const quietMs = 500;
const deletedQuietMs = 1_000;
/** A file that is written without pause is recorded this often. */
const maxWaitMs = 3_000;
/** In a larger burst almost all paths leave together, so the few that still wait are not considered twice. */
const maxWaiting = 500;

/** Holds the paths of one folder that may have changed until they are quiet, and then has them recorded. */
export class ChangeQueue<Result> implements Disposable {
  private readonly debouncer: Debouncer;
  /** The remaining paths of each running call of `record`. */
  private readonly left = new Map<object, number>();

  constructor(private readonly deps: ChangeQueueDeps<Result>) {
    const flush = async (paths: readonly string[]): Promise<void> => {
      deps.onFlush(paths.length);
      // The other half of a move may not be quiet yet.
      const waiting = this.debouncer.waiting(maxWaiting).map((path) => ({ path, waits: true }));
      const hints = [...paths.map((path) => ({ path })), ...waiting];
      await this.handOver(hints).catch((error: unknown) => deps.onFail(hints.length, error));
    };
    const onError = (error: unknown): void => deps.onFail(0, error);
    this.debouncer = new Debouncer({ quietMs, maxWaitMs, clock: deps.clock, flush, onError });
  }

  /** The number of paths that wait or are being recorded. */
  get size(): number {
    return [...this.left.values()].reduce((sum, count) => sum + count, this.debouncer.size);
  }

  /** A path may have changed on disk. */
  add({ path, kind }: PathChange): void {
    if (!this.mayMatter(path)) return;
    // A move also reports its old path; the new one must be processed first, so that a move is not a deletion.
    if (kind === 'deleted') this.debouncer.add(path, deletedQuietMs);
    else this.debouncer.add(path);
    if (this.deps.rules().isWatched(path)) this.deps.onChange({ path, kind });
    this.deps.onDidChange();
  }

  /** Postpones a pending change until after the save, whose content may be on disk before its event arrives. */
  willSave(path: string): void {
    this.debouncer.postpone(path);
  }

  /** An editor saved: recorded at once as a version of its own. */
  saved(hint: ChangeHint): void {
    if (!this.deps.rules().isWatched(hint.path)) return;
    this.debouncer.remove(hint.path);
    this.send([hint]);
  }

  /** An editor moved a file or folder. */
  moved(from: string, to: string): void {
    if (!this.mayMatter(from) && !this.mayMatter(to)) return;
    this.debouncer.remove(from);
    this.debouncer.remove(to);
    const why = { cause: 'rename', confidence: 'certain' } as const;
    this.send([
      { path: to, movedFrom: from, ...why },
      { path: from, ...why },
    ]);
  }

  /** An editor moved a file or folder out of the workspace folder, or into it. */
  movedAcross(path: string, other: MovedAcross): void {
    if (!this.mayMatter(path)) return;
    this.debouncer.remove(path);
    this.send([{ path, cause: 'rename', causeDetail: other, confidence: 'certain' }]);
  }

  /** Records paths now, whether or not they are pending. */
  record(hints: readonly ChangeHint[]): Promise<readonly Result[]> {
    for (const { path } of hints) this.debouncer.remove(path);
    return this.handOver(hints);
  }

  /** Resolves when everything pending is recorded. */
  drain(): Promise<void> {
    return this.debouncer.drain();
  }

  dispose(): void {
    this.debouncer.dispose();
  }

  /** Whether a path is watched or, if it is a folder, may contain something watched. */
  private mayMatter(path: string): boolean {
    const rules = this.deps.rules();
    return rules.isWatched(path) || rules.mayContainWatched(path);
  }

  /** Hands over at once. What cannot be recorded is reported, and a later scan finds it again. */
  private send(hints: readonly ChangeHint[]): void {
    this.handOver(hints).catch((error: unknown) => this.deps.onFail(hints.length, error));
  }

  private async handOver(hints: readonly ChangeHint[]): Promise<readonly Result[]> {
    const { record, onDidChange } = this.deps;
    const call = {};
    this.left.set(call, hints.filter(({ waits }) => waits !== true).length);
    try {
      return await record(hints, (done, total) => {
        this.left.set(call, Math.max(0, total - done));
        onDidChange();
      });
    } finally {
      this.left.delete(call);
      onDidChange();
    }
  }
}
