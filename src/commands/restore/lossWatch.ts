import { detached } from '../../base/log';
import type { Losses, Version } from '../../api/api';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { mayBeLoss } from '../../model/losses';
import type { CommandContext } from '../commandContext';

/** So many files in one event are more than someone loses by the way. */
const manyFiles = 10;
/** An event is judged when nothing more is heard of it for this long, */
const quietMs = 1_500;
/** or this long after its first loss, if it goes on and on. */
const maxWaitMs = 5_000;
/** Events that are followed, and those that are remembered as told. */
const maxEvents = 100;

type Parts = Pick<CommandContext, 'api' | 'clock' | 'log' | 'warnOnMassDeletion'>;

interface Event {
  readonly newest: Version;
  readonly losses: number;
  /** When it is to be judged, at the latest (ms); undefined once it was. */
  readonly latest: number | undefined;
  readonly cancel: () => void;
}

/** Hears of events that delete or empty many watched files, each once. */
export class LossWatch implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly events = new Map<string, Event>();
  private readonly told = new Set<string>();

  constructor(
    private readonly deps: Parts,
    private readonly tell: (version: Version, losses: Losses) => void,
  ) {
    this.disposables.add(
      deps.api.subscribe(['version'], (event) => {
        if (!deps.warnOnMassDeletion.of(event.folder)) return;
        event.versions.forEach((each) => this.heard(each, event.folder.toString()));
      }),
    );
  }

  dispose(): void {
    this.disposables.dispose();
    for (const { cancel } of this.events.values()) cancel();
    this.events.clear();
  }

  private heard(version: Version, folder: string): void {
    if (!mayBeLoss(version)) return;
    const key = `${folder} ${version.changeSet}`;
    if (this.told.has(key)) return;
    const known = this.events.get(key);
    known?.cancel();
    this.events.delete(key);
    const { clock } = this.deps;
    const latest = known?.latest ?? clock.now() + maxWaitMs;
    const cancel = clock.after(Math.min(quietMs, latest - clock.now()), () => this.judgeIfMany(key));
    this.events.set(key, { newest: version, losses: (known?.losses ?? 0) + 1, latest, cancel });
    this.forgetOldest();
  }

  private judgeIfMany(key: string): void {
    const event = this.events.get(key);
    if (!event) return;
    // Few by now may be many in the end.
    this.events.set(key, { ...event, latest: undefined });
    if (event.losses < manyFiles) return;
    detached(this.judge(key, event.newest), this.deps.log, 'What an event deleted could not be told');
  }

  /** What a checkout took out of the working tree is in git, and nobody needs to be told. */
  private async judge(key: string, version: Version): Promise<void> {
    const losses = await this.deps.api.history.losses(version.id);
    const isHarmless = losses.nowhereElse === 0 && (version.cause === 'git' || version.cause === 'offline');
    const isWanted = this.deps.warnOnMassDeletion.of(version.uri);
    if (losses.total < manyFiles || isHarmless || !isWanted || this.told.has(key)) return;
    this.told.add(key);
    this.tell(version, losses);
  }

  private forgetOldest(): void {
    for (const [key, { cancel }] of this.events) {
      if (this.events.size <= maxEvents) break;
      cancel();
      this.events.delete(key);
    }
    for (const key of this.told) {
      if (this.told.size <= maxEvents) break;
      this.told.delete(key);
    }
  }
}
