import { watch, type FSWatcher } from 'node:fs';
import type { Clock } from '../base/clock';
import { detached, type Log } from '../base/log';
import type { Disposable } from '../base/disposable';
import { messageOf } from '../base/errors';
import type { OptionalWork } from '../base/optionalWork';
import type { PathChange, PathChangeKind } from '../model/changeHint';
import { Rules } from '../rules/rules';
import { DirectoryWatcher, watchBudget } from './directoryWatcher';
import type { Differences } from './folderScanner';
import type { FolderDifferences } from './folderSnapshot';

/** What is watched besides the events of the client. */
export interface FeedOptions {
  /** Polls: compares every watched file repeatedly, because no events come from the folder. */
  readonly polls: boolean;
  /** Watches folders itself: all of them, or those from which the client sends no events. */
  readonly follows: 'all' | 'eventless' | 'none';
  /** The patterns of the paths from which the client's watcher sends no events. */
  readonly watcherExclude: readonly string[];
  /** Watches the HEAD of the repository that contains the folder. */
  readonly followsGit: boolean;
}

export interface ChangeFeedDeps {
  readonly root: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly rules: () => Rules;
  readonly poll: () => Promise<Differences>;
  readonly optional: OptionalWork;
  /** The folder that holds the HEAD of the repository around the root; undefined outside of any. */
  readonly gitDir: () => string | undefined;
  /** Paths may have changed; `areEvents`: the system reported them, not a comparison. */
  readonly onChanges: (changes: readonly PathChange[], areEvents: boolean) => void;
  /** Git has moved its HEAD, and may have replaced many files. */
  readonly onGitHead: () => void;
  /** No more folders can be watched: `code` is the system's error code, undefined for the watcher's own limit. */
  readonly onLimit: (code: string | undefined) => void;
  /** All folders of `follows: 'all'` are watched now. */
  readonly onFollowed: () => void;
  /** The most folders to watch; default: a fair part of the system's limit. */
  readonly maxWatches?: number;
}

/** The shortest pause between polls, and how many times the duration of a poll the pause lasts at least. */
const minPauseMs = 1_000;
const pauseFactor = 20;
const gitMoves = 'a scan when git moves its HEAD';

/** Finds changes that the client's events do not report: by watching folders, by polling, and at git's HEAD. */
export class ChangeFeed implements Disposable {
  private options: FeedOptions | undefined;
  private watcher: DirectoryWatcher | undefined;
  private gitHead: GitHeadWatcher | undefined;
  private isExcluded: (path: string) => boolean = () => false;
  private cancelPoll: (() => void) | undefined;

  constructor(private readonly deps: ChangeFeedDeps) {}

  /** Changes how the folder is watched; undefined: not at all. */
  use(options: FeedOptions | undefined): void {
    const watcher = options && !options.polls && options.follows === this.options?.follows ? this.watcher : undefined;
    if (watcher) this.watcher = undefined;
    this.dispose();
    this.options = options;
    if (!options) return;
    const { root, optional } = this.deps;
    this.isExcluded = excludedBy(options.watcherExclude, root);
    if (options.polls) this.pollAfter(minPauseMs);
    else if (watcher) this.watcher = watcher;
    else if (options.follows !== 'none') this.watchFolders(options.follows);
    if (options.followsGit) this.gitHead = optional.try(gitMoves, () => this.watchGitHead());
  }

  /** A folder changed, and may have come with subfolders. */
  folderChanged(folder: string): void {
    this.watcher?.followAll(folder);
  }

  /**
   * A scan entered a folder. The client sends no events for one that is new and nested, or excluded from its watcher.
   */
  folderFound({ folder, isNew, found }: FolderDifferences, isFirst: boolean): void {
    if (!this.watcher || !isNew) return;
    const isEventless = !isFirst || this.isExcluded(folder) || found.some(({ path }) => this.isExcluded(path));
    if (isEventless || this.options?.follows === 'all') this.watcher.follow(folder);
  }

  rulesChanged(): void {
    this.watcher?.rulesChanged();
  }

  dispose(): void {
    this.options = undefined;
    this.watcher?.dispose();
    this.gitHead?.dispose();
    this.watcher = this.gitHead = undefined;
    this.cancelPoll?.();
    this.cancelPoll = undefined;
  }

  private watchGitHead(): GitHeadWatcher | undefined {
    const { clock, optional, gitDir, onGitHead } = this.deps;
    const dir = gitDir();
    if (dir === undefined) return undefined;
    return new GitHeadWatcher(dir, clock, onGitHead, (error) => optional.failed(gitMoves, error));
  }

  private watchFolders(follows: FeedOptions['follows']): void {
    const { root, rules, clock, log, onChanges, onLimit, onFollowed, maxWatches = watchBudget() } = this.deps;
    const watcher = new DirectoryWatcher({
      root,
      rules,
      clock,
      maxWatches,
      onChanges: (changes) => onChanges(changes, true),
      onLimit,
    });
    this.watcher = watcher;
    if (follows !== 'all') return;
    const followed = watcher.followTree().then(() => {
      if (this.watcher === watcher) onFollowed();
    });
    detached(followed, log, `The folders in ${root} could not be watched`);
  }

  private pollAfter(ms: number): void {
    const { options } = this;
    const { clock, log, root } = this.deps;
    this.cancelPoll = clock.after(ms, () => detached(this.poll(options), log, `A poll of ${root} failed`));
  }

  /** Never rejects: the next poll tries again. */
  private async poll(options: FeedOptions | undefined): Promise<void> {
    const { clock, log, poll, onChanges } = this.deps;
    const started = clock.elapsed();
    try {
      const differences = await poll();
      if (options === this.options) onChanges(changesOf(differences), false);
    } catch (error) {
      log.warn(`A poll failed: ${messageOf(error)}`);
    }
    if (options !== undefined && options === this.options) {
      this.pollAfter(Math.max(minPauseMs, (clock.elapsed() - started) * pauseFactor));
    }
  }
}

function changesOf({ found, added, gone, ruleFiles }: Differences): PathChange[] {
  const changed = (kind: PathChangeKind, paths: readonly string[]): PathChange[] =>
    paths.map((path) => ({ path, kind }));
  const paths = found.map(({ path }) => path);
  return [
    ...changed('created', [...added]),
    ...changed('changed', [...ruleFiles, ...paths.filter((path) => !added.has(path))]),
    ...changed(
      'deleted',
      gone.map(({ path }) => path),
    ),
  ];
}

/** Git writes these when it replaces files: checkout, reset, merge, pull, rebase. */
const movedNames = new Set(['HEAD', 'ORIG_HEAD']);
/** Git writes several of them in a row. */
const quietMs = 300;

/** Watches for git moving the HEAD of a repository. */
class GitHeadWatcher implements Disposable {
  private readonly watcher: FSWatcher;
  private cancel: (() => void) | undefined;

  /** Throws when the folder cannot be watched; then only the changed files show a checkout. */
  constructor(
    /** Absolute path of the folder that contains HEAD: `.git`, or that of a linked worktree. */
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

/** A person does not write more patterns, or longer ones. */
const maxPatterns = 200;
const maxPatternLength = 500;

/**
 * Which paths VS Code's watcher sends no events for, by the patterns of its setting `files.watcherExclude`. In doubt a
 * path counts as excluded: noticing a change twice costs little. A hostile workspace may set the patterns, so they are
 * matched like those of rule files, in a bounded number of steps.
 * @param root absolute path of the workspace folder, where absolute patterns may begin
 */
function excludedBy(patterns: readonly string[], root: string): (path: string) => boolean {
  const lines = patterns
    .filter((pattern) => pattern !== '' && pattern.length <= maxPatternLength && !/[\n\r]/.test(pattern))
    .flatMap(withoutBraces)
    .map((pattern) => lineOf(pattern, root.replaceAll('\\', '/')))
    .slice(0, maxPatterns);
  if (lines.length === 0) return () => false;
  const rules = new Rules({ watch: lines.join('\n'), ignores: [] });
  return (path) => rules.isWatched(path) || rules.isWatched(path === '' ? 'x' : `${path}/x`);
}

/** Expands `{a,b}` to `a` and `b`. */
function withoutBraces(pattern: string): string[] {
  const all = [pattern];
  for (let next = 0; next < all.length && all.length < maxPatterns;) {
    const braces = /^(.*?)\{([^{}]*)\}(.*)$/.exec(all[next] ?? '');
    if (!braces) next++;
    else all.splice(next, 1, ...(braces[2] ?? '').split(',').map((word) => `${braces[1]}${word}${braces[3]}`));
  }
  return all;
}

function lineOf(pattern: string, root: string): string {
  const path = pattern.startsWith(`${root}/`) ? pattern.slice(root.length) : pattern;
  return /^[!#]/.test(path) ? `\\${path}` : path;
}
