import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import { FolderLock } from './folderLock';
import { Overtaken } from '../journal/journalWriter';
import { PeerSync, type PeerSyncDeps } from './peerSync';
import type { Owners } from './owners';
import { storeFailure } from '../database/storeFailure';
import { Sequencer } from '../../base/sequencer';

/** What other windows recorded is looked for this often, while there are any. */
const pollMs = 1_000;
/** Whether there are any, this often. */
const idlePollMs = 5_000;

/** Recording waits this long for a window that records: at worst a change is there twice. */
const patienceMs = 3_000;
/** A store that is shut out while it writes writes the same again under another name, this often at most. */
const maxTries = 3;

/** Who else may record meanwhile. */
export interface Sharing {
  /** Other windows have the folder open. */
  readonly isShared: boolean;
  /** Why one of them may be recording right now, and may drop what this store relies on; absent when none is. */
  readonly obstacle?: Error;
}

export interface SharedAccessDeps extends PeerSyncDeps {
  readonly clock: Clock;
  readonly owners: Owners;
  readonly stop: AbortSignal;
  /** Called each time after other windows were looked for. */
  readonly onPoll: () => Promise<void>;
}

/** Lets this window and others on the same folder record side by side, and know what the others did. */
export class SharedAccess {
  private readonly turn = new Sequencer();
  private readonly lock: FolderLock;
  private readonly neighbours: PeerSync;
  /** There are others, or were when the folder was last looked at: what they did before they closed is to be known too. */
  private hasNeighbours = false;
  private isStopped = false;
  private cancel: () => void = () => undefined;
  private polling: Promise<void> = Promise.resolve();

  constructor(private readonly deps: SharedAccessDeps) {
    this.lock = new FolderLock({ ...deps, name: 'record', remembers: true });
    this.neighbours = new PeerSync(deps);
  }

  /**
   * Runs work that records while nothing else of this window does, the catalog knows all that was recorded, and, if
   * that can be had soon, no other window records. It runs again when this window turns out to have been shut out.
   */
  async record<T>(work: (sharing: Sharing) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.turn.run(() => this.enter(work));
      } catch (error) {
        if (!(error instanceof Overtaken) || tries === maxTries) throw error;
        this.deps.ownership.lose();
      }
    }
  }

  /** Runs work while no window records; rejects when others cannot be kept out. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.turn.run(() =>
      this.enter(({ obstacle }) => {
        if (obstacle !== undefined) throw storeFailure(obstacle, this.deps.log, 'nothing was changed');
        return work();
      }),
    );
  }

  /** Runs work that concerns no other window while this one does not record. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.turn.run(work);
  }

  /** Brings the catalog up to date with what other windows did. */
  refresh(): Promise<void> {
    return this.catchUp();
  }

  /** Begins to look for what other windows do. */
  start(): void {
    this.poll(idlePollMs);
  }

  stop(): void {
    this.isStopped = true;
    this.cancel();
  }

  /** Resolves when nothing of this is under way any more. */
  async settled(): Promise<void> {
    await this.polling;
    await this.turn.run(() => Promise.resolve());
  }

  private async enter<T>(work: (sharing: Sharing) => Promise<T>): Promise<T> {
    await this.look();
    if (!this.hasNeighbours) return work({ isShared: false });
    return this.lock.hold(patienceMs, async (obstacle) => {
      await this.catchUp();
      return work({ isShared: true, ...(obstacle !== undefined && { obstacle }) });
    });
  }

  /** Looks whether there are others, and whether one of them took this store for dead. */
  private async look(): Promise<void> {
    // A folder that cannot be listed may be written all the same; that attempt will say what is wrong.
    const names = await this.neighbours.list().catch(() => undefined);
    if (names === undefined) return;
    if (this.deps.ownership.isLostIn(names)) await this.comeBack();
    if (this.mayExistIn(names)) this.hasNeighbours = true;
  }

  /** Goes on under another name. */
  private async comeBack(): Promise<void> {
    const { ownership, journals, log } = this.deps;
    try {
      // Those of the earlier name that the other window left are ended too.
      await journals.rotate();
      await ownership.renew();
      this.hasNeighbours = true;
    } catch (error) {
      throw storeFailure(error, log, 'nothing new is recorded');
    }
  }

  private mayExistIn(names: readonly string[]): boolean {
    try {
      return this.neighbours.existIn(names);
    } catch {
      // A damaged catalog refuses the work itself, with the reason.
      return false;
    }
  }

  private async catchUp(): Promise<void> {
    try {
      await this.neighbours.refresh();
    } catch (error) {
      throw storeFailure(error, this.deps.log, 'what other windows recorded is not known');
    }
  }

  private poll(afterMs: number): void {
    this.cancel = this.deps.clock.after(afterMs, () => {
      this.polling = this.pollNow().then(() => {
        if (!this.isStopped) this.poll(this.hasNeighbours ? pollMs : idlePollMs);
      });
    });
  }

  private async pollNow(): Promise<void> {
    const { ownership, onPoll, log } = this.deps;
    try {
      const names = await this.neighbours.list();
      if (ownership.isLostIn(names)) await this.turn.run(() => this.look());
      const isAlone = !this.neighbours.existIn(names) && !this.hasNeighbours;
      this.hasNeighbours = !isAlone && (await this.neighbours.refresh());
      await onPoll();
    } catch (error) {
      log.debug(`Other windows were not looked for: ${messageOf(error)}`);
    }
  }
}
