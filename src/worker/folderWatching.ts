import type { Clock } from '../model/clock';
import type { Disposable } from '../model/disposable';
import { messageOf } from '../model/errors';
import type { OptionalWork } from '../model/optionalWork';
import type { GitFiles } from '../track/gitFiles';
import { GitHead } from '../watch/gitHead';
import { FolderWatches, watchBudget } from '../watch/folderWatches';
import type { HintKind, PathHint } from '../watch/hint';
import type { Rules } from '../watch/rules';
import type { FolderLook } from '../watch/snapshot';
import { withheldBy } from '../watch/withheld';
import type { EngineEvent, FolderKey, WatchOptions } from './contract';
import type { Differences } from './folderScan';

export interface FolderWatchingParts {
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
export class FolderWatching implements Disposable {
  private options: WatchOptions | undefined;
  private watches: FolderWatches | undefined;
  private gitHead: GitHead | undefined;
  private isWithheld: (path: string) => boolean = () => false;
  private cancelPoll: (() => void) | undefined;
  private waiting: PathHint[] = [];
  /** Whether the system told of some of what waits. */
  private areEvents = false;
  private cancelSend: (() => void) | undefined;

  constructor(private readonly parts: FolderWatchingParts) {}

  /** Watches in another way from now on; undefined: not at all. */
  use(options: WatchOptions | undefined): void {
    this.dispose();
    this.options = options;
    if (!options) return;
    this.isWithheld = withheldBy(options.withheld, this.parts.root);
    if (options.polls) this.pollAfter(minPauseMs);
    else if (options.followsFolders) this.watches = this.newWatches();
    if (options.followsGit) this.gitHead = this.parts.optional.try(gitMoves, () => this.newGitHead());
  }

  /** Something happened to a folder, which may have come with folders inside. */
  folderChanged(folder: string): void {
    this.watches?.followAll(folder);
  }

  /** A comparison met a folder: VS Code tells nothing of one that is new and nested, or excluded from its watcher. */
  folderMet({ folder, isNew, found }: FolderLook, isFirst: boolean): void {
    if (!this.watches || !isNew) return;
    const isSilent = !isFirst || this.isWithheld(folder) || found.some(({ path }) => this.isWithheld(path));
    if (isSilent) this.watches.follow(folder);
  }

  /** Passes paths on; watching or not. */
  hint(paths: readonly string[], hint: HintKind): void {
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
  private newGitHead(): GitHead | undefined {
    const { key, root, clock, emit, optional, gitFiles } = this.parts;
    const gitDir = gitFiles.gitDirOf(root);
    if (gitDir === undefined) return undefined;
    const onMove = (): void => emit({ type: 'git', folder: key });
    return new GitHead(gitDir, clock, onMove, (error) => optional.failed(gitMoves, error));
  }

  private newWatches(): FolderWatches {
    const { key, root, rules, clock, emit } = this.parts;
    return new FolderWatches({
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
    this.cancelPoll = this.parts.clock.after(ms, () => void this.poll(options));
  }

  /** Never rejects: what a poll could not do, the next one tries again. */
  private async poll(options: WatchOptions | undefined): Promise<void> {
    const { clock, poll, emit } = this.parts;
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

  private send(hints: readonly PathHint[]): void {
    this.waiting = [...this.waiting, ...hints];
    if (!this.cancelSend) this.sendSome();
  }

  private sendSome(): void {
    this.cancelSend = undefined;
    const hints = this.waiting.splice(0, maxHints);
    if (hints.length === 0) return;
    this.parts.emit({ type: 'hints', folder: this.parts.key, hints, areEvents: this.areEvents });
    this.areEvents = false;
    this.cancelSend = this.parts.clock.after(hintsPauseMs, () => this.sendSome());
  }
}
