import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { messageOf } from '../base/errors';
import type { OptionalWork } from '../base/optionalWork';
import type { GitFiles } from '../track/git/gitFiles';
import { GitHeadWatcher } from '../watch/gitHeadWatcher';
import { DirectoryWatcher, watchBudget } from '../watch/directoryWatcher';
import type { PathChangeKind, PathChange } from '../watch/changeHint';
import type { Rules } from '../rules/rules';
import type { FolderDifferences } from '../watch/folderSnapshot';
import { excludedBy } from '../rules/watcherExclude';
import type { EngineEvent, FolderKey, WatchOptions } from './engine';
import type { Differences } from './folderScanner';

export interface ChangeFeedDeps {
  readonly key: FolderKey;
  readonly root: string;
  readonly clock: Clock;
  readonly emit: (event: EngineEvent) => void;
  readonly rules: () => Rules;
  readonly poll: () => Promise<Differences>;
  readonly optional: OptionalWork;
  readonly gitFiles: GitFiles;
}

/** Polls come no oftener than this, and take no more than one part in this many of the time. */
const minPauseMs = 1_000;
const pauseFactor = 20;
/** The extension host takes in this many hints in a few milliseconds, and has as long for others before the next. */
const maxHints = 500;
const hintsPauseMs = 10;
const gitMoves = 'a look at the files when git moves its HEAD';

/** Sees the changes that VS Code's events do not tell of, and passes them on as hints. */
export class ChangeFeed implements Disposable {
  private options: WatchOptions | undefined;
  private watches: DirectoryWatcher | undefined;
  private gitHead: GitHeadWatcher | undefined;
  private isWithheld: (path: string) => boolean = () => false;
  private cancelPoll: (() => void) | undefined;
  private waiting: PathChange[] = [];
  /** Whether the system told of some of what waits. */
  private areEvents = false;
  private cancelSend: (() => void) | undefined;

  constructor(private readonly deps: ChangeFeedDeps) {}

  /** Watches in another way from now on; undefined: not at all. */
  use(options: WatchOptions | undefined): void {
    this.dispose();
    this.options = options;
    if (!options) return;
    this.isWithheld = excludedBy(options.withheld, this.deps.root);
    if (options.polls) this.pollAfter(minPauseMs);
    else if (options.followsFolders) this.watches = this.newWatches();
    if (options.followsGit) this.gitHead = this.deps.optional.try(gitMoves, () => this.newGitHead());
  }

  /** Something happened to a folder, which may have come with folders inside. */
  folderChanged(folder: string): void {
    this.watches?.followAll(folder);
  }

  /** A comparison met a folder: VS Code tells nothing of one that is new and nested, or excluded from its watcher. */
  folderMet({ folder, isNew, found }: FolderDifferences, isFirst: boolean): void {
    if (!this.watches || !isNew) return;
    const isSilent = !isFirst || this.isWithheld(folder) || found.some(({ path }) => this.isWithheld(path));
    if (isSilent) this.watches.follow(folder);
  }

  /** Passes paths on; watching or not. */
  hint(paths: readonly string[], hint: PathChangeKind): void {
    this.send(paths.map((path) => ({ path, hint })));
  }

  rulesChanged(): void {
    this.watches?.rulesChanged();
  }

  dispose(): void {
    this.watches?.dispose();
    this.gitHead?.dispose();
    this.watches = this.gitHead = undefined;
    this.cancelPoll?.();
    this.cancelSend?.();
    this.cancelPoll = this.cancelSend = undefined;
    this.waiting = [];
  }

  /** Undefined outside of any repository. */
  private newGitHead(): GitHeadWatcher | undefined {
    const { key, root, clock, emit, optional, gitFiles } = this.deps;
    const gitDir = gitFiles.gitDirOf(root);
    if (gitDir === undefined) return undefined;
    const onMove = (): void => emit({ type: 'git', folder: key });
    return new GitHeadWatcher(gitDir, clock, onMove, (error) => optional.failed(gitMoves, error));
  }

  private newWatches(): DirectoryWatcher {
    const { key, root, rules, clock, emit } = this.deps;
    return new DirectoryWatcher({
      root,
      rules,
      clock,
      maxWatches: watchBudget(),
      onHints: (hints) => {
        this.areEvents = true;
        this.send(hints);
      },
      onLimit: (code) => emit({ type: 'limit', folder: key, ...(code !== undefined && { code }) }),
    });
  }

  private pollAfter(ms: number): void {
    const { options } = this;
    this.cancelPoll = this.deps.clock.after(ms, () => void this.poll(options));
  }

  /** Never rejects: what a poll could not do, the next one tries again. */
  private async poll(options: WatchOptions | undefined): Promise<void> {
    const { clock, poll, emit } = this.deps;
    const started = clock.now();
    try {
      const { found, added, gone, ruleFiles } = await poll();
      if (options !== this.options) return;
      const paths = found.map(({ path }) => path);
      this.hint([...added], 'created');
      this.hint([...ruleFiles, ...paths.filter((path) => !added.has(path))], 'changed');
      this.hint(
        gone.map(({ path }) => path),
        'deleted',
      );
    } catch (error) {
      emit({ type: 'log', level: 'warn', message: `A poll failed: ${messageOf(error)}` });
    }
    if (options === this.options) this.pollAfter(Math.max(minPauseMs, (clock.now() - started) * pauseFactor));
  }

  private send(hints: readonly PathChange[]): void {
    this.waiting = [...this.waiting, ...hints];
    if (!this.cancelSend) this.sendSome();
  }

  private sendSome(): void {
    this.cancelSend = undefined;
    const hints = this.waiting.splice(0, maxHints);
    if (hints.length === 0) return;
    this.deps.emit({ type: 'hints', folder: this.deps.key, hints, areEvents: this.areEvents });
    this.areEvents = false;
    this.cancelSend = this.deps.clock.after(hintsPauseMs, () => this.sendSome());
  }
}
