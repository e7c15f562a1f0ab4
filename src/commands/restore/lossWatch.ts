import { detached } from '../../base/log';
import type { Loss, Losses, Version } from '../../api/api';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { mayBeLoss } from '../../model/losses';
import { ruleRank } from '../../rules/rules';
import type { CommandContext } from '../commandContext';

/** From this many lost files on, losses are reported. */
const manyFiles = 10;
/** Losses are judged after a pause of this length, */
const quietMs = 1_500;
/** or this long after the first one. */
const maxWaitMs = 5_000;
/** Losses add up until there is none for this long: one command after the other may delete a file each. */
const spellPauseMs = 120_000;
/** While losses go on, a report of small ones follows the one before after this pause, which doubles each time. */
const reportPauseMs = 20_000;
/** Change sets to add up, and reported ones to remember. */
const maxChangeSets = 100;

type LossWatchDeps = Pick<CommandContext, 'api' | 'clock' | 'log' | 'warnOnMassDeletion'>;

interface Followed {
  newest: Version;
  losses: number;
}

/** The losses of a folder that follow each other, without those that were reported. */
interface Spell {
  readonly changeSets: Map<string, Followed>;
  /** Elapsed time before which small losses are not reported again, and the pause after the next report. */
  notBefore: number;
  pauseMs: number;
  /** Elapsed time of the newest loss. */
  lastAt: number;
  /** Elapsed time of the judgement at the latest; undefined when none is planned. */
  judgedBy: number | undefined;
  cancel: () => void;
}

/** Finds deletions and emptyings of many watched files, at once or one after the other, and reports each once. */
export class LossWatch implements Disposable {
  private readonly disposables = new DisposableStore();
  /** By folder. */
  private readonly spells = new Map<string, Spell>();
  private readonly reported = new Set<string>();

  /** `report` receives a version of each change set, the newest first. */
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
    for (const { cancel } of this.spells.values()) cancel();
    this.spells.clear();
  }

  private follow(version: Version, folder: string): void {
    const key = `${folder} ${version.changeSet}`;
    if (!mayBeLoss(version) || this.reported.has(key)) return;
    const spell = this.spellOf(folder);
    const followed = spell.changeSets.get(key) ?? { newest: version, losses: 0 };
    followed.newest = version;
    followed.losses++;
    spell.changeSets.set(key, followed);
    dropOldest(spell.changeSets);
    this.plan(spell);
  }

  private spellOf(folder: string): Spell {
    const now = this.deps.clock.elapsed();
    const known = this.spells.get(folder);
    if (known && now - known.lastAt < spellPauseMs) return known;
    known?.cancel();
    const spell = {
      changeSets: new Map(),
      notBefore: 0,
      pauseMs: reportPauseMs,
      lastAt: now,
      judgedBy: undefined,
      cancel: () => undefined,
    };
    this.spells.set(folder, spell);
    return spell;
  }

  private plan(spell: Spell): void {
    spell.lastAt = this.deps.clock.elapsed();
    spell.judgedBy ??= spell.lastAt + maxWaitMs;
    this.judgeAfter(spell, Math.min(quietMs, spell.judgedBy - spell.lastAt));
  }

  private judgeAfter(spell: Spell, ms: number): void {
    const { clock, log } = this.deps;
    spell.cancel();
    spell.cancel = clock.after(ms, () => {
      spell.judgedBy = undefined;
      const counts = [...spell.changeSets.values()].map(({ losses }) => losses);
      const waitMs = spell.notBefore - clock.elapsed();
      const isLarge = counts.some((count) => count >= manyFiles);
      if (!isLarge && sum(counts) < manyFiles) return;
      if (!isLarge && waitMs > 0) this.judgeAfter(spell, waitMs);
      else detached(this.judge(spell), log, 'The losses were not found');
    });
  }

  /** Leaves out what git removed if all of it exists elsewhere. */
  private async judge(spell: Spell): Promise<void> {
    const { api, warnOnMassDeletion } = this.deps;
    const changeSets = [...spell.changeSets].reverse();
    const found = await Promise.all(
      changeSets.map(async ([key, { newest }]) => ({ key, newest, losses: await api.history.losses(newest.id) })),
    );
    const meant = found.filter(({ key, newest, losses }) => {
      const isHarmless = losses.nowhereElse === 0 && (newest.cause === 'git' || newest.cause === 'offline');
      const isWanted = warnOnMassDeletion.of(newest.uri);
      // Turned on again, the setting is about what comes then.
      if (!isWanted) spell.changeSets.delete(key);
      return losses.total > 0 && !isHarmless && isWanted && !this.reported.has(key);
    });
    const losses = mergeLosses(meant.map((each) => each.losses));
    if (losses.total < manyFiles) return;
    spell.notBefore = this.deps.clock.elapsed() + spell.pauseMs;
    spell.pauseMs *= 2;
    for (const { key } of meant) {
      this.reported.add(key);
      spell.changeSets.delete(key);
    }
    dropOldest(this.reported);
    this.report(
      meant.map(({ newest }) => newest),
      losses,
    );
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

function dropOldest(keys: Map<string, unknown> | Set<string>): void {
  for (const key of keys.keys()) {
    if (keys.size <= maxChangeSets) break;
    keys.delete(key);
  }
}
