import { watch, type FSWatcher } from 'node:fs';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';

/** Git writes them when it replaces files: a checkout, a reset, a merge, a pull, a rebase. */
const movedNames = new Set(['HEAD', 'ORIG_HEAD']);
/** Several of them are written one after the other. */
const quietMs = 300;

/** Hears when git moves the HEAD of a repository. */
export class GitHeadWatcher implements Disposable {
  private readonly watcher: FSWatcher;
  private cancel: (() => void) | undefined;

  /** Throws when the folder cannot be watched: a checkout is seen by its files alone then. */
  constructor(
    /** Absolute path of the folder that holds the HEAD: `.git`, or that of a linked worktree. */
    gitDir: string,
    private readonly clock: Clock,
    private readonly onDidMove: () => void,
    onError: (error: Error) => void,
  ) {
    this.watcher = watch(gitDir, { persistent: false }, (_event, name) => {
      if (name !== null && movedNames.has(name)) this.moved();
    });
    this.watcher.on('error', (error) => {
      this.dispose();
      onError(error);
    });
  }

  dispose(): void {
    this.cancel?.();
    this.watcher.close();
  }

  private moved(): void {
    this.cancel?.();
    this.cancel = this.clock.after(quietMs, this.onDidMove);
  }
}
