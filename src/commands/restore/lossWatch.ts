import { detached } from '../../base/log';
import type { Loss, Losses, Version } from '../../api/api';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { mayBeLoss } from '../../model/losses';
import { ruleRank } from '../../rules/rules';
import type { CommandContext } from '../commandContext';

/** From this many lost files on, a change set is reported. */
const manyFiles = 10;
/** A change set is judged after a pause of this length, */
const quietMs = 1_500;
/** or this long after its first loss. */
const maxWaitMs = 5_000;
/** Change sets to follow, and reported ones to remember. */
const maxChangeSets = 100;

type LossWatchDeps = Pick<CommandContext, 'api' | 'clock' | 'log' | 'warnOnMassDeletion'>;

interface Followed {
  readonly newest: Version;
  readonly losses: number;
  /** Time (ms) of the judgement at the latest; undefined once judged. */
  readonly latest: number | undefined;
  readonly cancel: () => void;
}

/** Finds change sets that delete or empty many watched files, and reports each once. */
export class LossWatch implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly followed = new Map<string, Followed>();
  private readonly reported = new Set<string>();

  constructor(
    private readonly deps: LossWatchDeps,
    private readonly report: (versions: readonly Version[], losses: Losses) => void,
  ) {
    this.disposables.add(
      deps.api.subscribe(['version'], (event) => {
        if (!deps.warnOnMassDeletion.of(event.folder)) return;
        event.versions.forEach((each) => this.follow(each, event.folder.toString()));
      }),
    );
  }

  dispose(): void {
    this.disposables.dispose();
    for (const { cancel } of this.followed.values()) cancel();
    this.followed.clear();
  }

  private follow(version: Version, folder: string): void {
    if (!mayBeLoss(version)) return;
    const key = `${folder} ${version.changeSet}`;
    if (this.reported.has(key)) return;
    const known = this.followed.get(key);
    known?.cancel();
    this.followed.delete(key);
    const { clock } = this.deps;
    const latest = known?.latest ?? clock.elapsed() + maxWaitMs;
    const cancel = clock.after(Math.min(quietMs, latest - clock.elapsed()), () => this.judgeIfMany(key));
    this.followed.set(key, { newest: version, losses: (known?.losses ?? 0) + 1, latest, cancel });
    this.forgetOldest();
  }

  private judgeIfMany(key: string): void {
    const changeSet = this.followed.get(key);
    if (!changeSet) return;
    // Kept, since more losses may follow.
    this.followed.set(key, { ...changeSet, latest: undefined });
    if (changeSet.losses < manyFiles) return;
    detached(this.judge(key, changeSet.newest), this.deps.log, 'The losses of a change set were not found');
  }

  /** Does not report what git removed if all of it exists elsewhere. */
  private async judge(key: string, version: Version): Promise<void> {
    const losses = await this.deps.api.history.losses(version.id);
    const isHarmless = losses.nowhereElse === 0 && (version.cause === 'git' || version.cause === 'offline');
    const isWanted = this.deps.warnOnMassDeletion.of(version.uri);
    if (losses.total < manyFiles || isHarmless || !isWanted || this.reported.has(key)) return;
    this.reported.add(key);
    this.report([version], losses);
  }

  private forgetOldest(): void {
    for (const [key, { cancel }] of this.followed) {
      if (this.followed.size <= maxChangeSets) break;
      cancel();
      this.followed.delete(key);
    }
    for (const key of this.reported) {
      if (this.reported.size <= maxChangeSets) break;
      this.reported.delete(key);
    }
  }
}

/** The losses of several change sets, newest first; of a file that was lost more than once, the newest. */
export function mergeLosses(all: readonly Losses[]): Losses {
  const oldestFirst = all.flatMap(({ files }) => files).reverse();
  const files = [...new Map(oldestFirst.map((file) => [file.version.uri.toString(), file])).values()].reverse();
  const isListed = all.every((losses) => losses.files.length === losses.total);
  const isOnly = ({ isElsewhere, isInGit }: Loss): boolean => !isElsewhere && !isInGit;
  const rank = (file: Loss): number => ruleRank(file.version.path) * 2 + (isOnly(file) ? 0 : 1);
  return {
    files: files.sort((a, b) => rank(a) - rank(b)),
    total: isListed ? files.length : sum(all.map(({ total }) => total)),
    nowhereElse: isListed ? files.filter(isOnly).length : sum(all.map(({ nowhereElse }) => nowhereElse)),
    isCut: all.some(({ isCut }) => isCut),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
