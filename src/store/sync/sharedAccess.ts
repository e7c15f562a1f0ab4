import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import { FolderLock } from './folderLock';
import { Overtaken } from '../journal/journalWriter';
import { PeerSync, type PeerSyncDeps } from './peerSync';
import type { Owners } from './owners';
import { storeFailure } from '../storeFailure';
import { Sequencer } from '../../base/sequencer';

/** How often versions of other windows are polled while there are any. */
const pollMs = 1_000;
/** How often other windows are polled while there are none. */
const idlePollMs = 5_000;

/** How long recording waits for another window that records: at worst a change is recorded twice. */
const patienceMs = 3_000;
/** A store that is shut out while it writes repeats the write under another name, this often at most. */
const maxTries = 3;

/** Whether other windows may record meanwhile. */
export interface Sharing {
  /** Other windows have the folder open. */
  readonly isShared: boolean;
  /** Why one of them may be recording, or dropping what this store relies on, at the same time; absent: none is. */
  readonly obstacle?: Error;
}

export interface SharedAccessDeps extends PeerSyncDeps {
  readonly clock: Clock;
  readonly owners: Owners;
  readonly stop: AbortSignal;
  /** Called after each poll. */
  readonly onPoll: () => Promise<void>;
}

/** Coordinates recording with the other windows on the folder, and polls what they recorded. */
export class SharedAccess {
  private readonly turn = new Sequencer();
  private readonly lock: FolderLock;
  private readonly peers: PeerSync;
  /** Whether there are other windows, or were at the last poll: their last versions must be read too. */
  private hasPeers = false;
  private isStopped = false;
  private cancel: () => void = () => undefined;
  private polling: Promise<void> = Promise.resolve();

  constructor(private readonly deps: SharedAccessDeps) {
    this.lock = new FolderLock({ ...deps, name: 'record', remembers: true });
    this.peers = new PeerSync(deps);
  }

  /**
   * Runs work that records: alone in this window, with the catalog up to date, and alone among all windows if the lock is
   * free soon. Runs it again if this window was shut out.
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

  /** Runs work while no window records; rejects when the lock cannot be taken. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.turn.run(() =>
      this.enter(({ obstacle }) => {
        if (obstacle !== undefined) throw storeFailure(obstacle, this.deps.log, 'nothing was changed');
        return work();
      }),
    );
  }

  /** Runs work while this window does not record; others may. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.turn.run(work);
  }

  /** Brings the catalog up to date with what other windows did. */
  refresh(): Promise<void> {
    return this.catchUp();
  }

  /** Starts polling. */
  start(): void {
    this.poll(idlePollMs);
  }

  stop(): void {
    this.isStopped = true;
    this.cancel();
  }

  /** Resolves when no poll and no work is running. */
  async settled(): Promise<void> {
    await this.polling;
    await this.turn.run(() => Promise.resolve());
  }

  private async enter<T>(work: (sharing: Sharing) => Promise<T>): Promise<T> {
    await this.detectPeers();
    if (!this.hasPeers) return work({ isShared: false });
    return this.lock.hold(patienceMs, async (obstacle) => {
      await this.catchUp();
      return work({ isShared: true, ...(obstacle !== undefined && { obstacle }) });
    });
  }

  /** Checks whether there are other windows, and whether one of them took this store for dead. */
  private async detectPeers(): Promise<void> {
    // A folder that cannot be listed may be writable all the same; the write reports what is wrong.
    const names = await this.peers.list().catch(() => undefined);
    if (names === undefined) return;
    if (this.deps.ownership.isLostIn(names)) await this.renewName();
    if (this.mayExistIn(names)) this.hasPeers = true;
  }

  /** Continues under another name. */
  private async renewName(): Promise<void> {
    const { ownership, journals, log } = this.deps;
    try {
      // Also ends journals of the old name that the other window left.
      await journals.rotate();
      await ownership.renew();
      this.hasPeers = true;
    } catch (error) {
      throw storeFailure(error, log, 'nothing new is recorded');
    }
  }

  private mayExistIn(names: readonly string[]): boolean {
    try {
      return this.peers.existIn(names);
    } catch {
      // With a damaged catalog, the work itself rejects with the reason.
      return false;
    }
  }

  private async catchUp(): Promise<void> {
    try {
      await this.peers.refresh();
    } catch (error) {
      throw storeFailure(error, this.deps.log, 'what other windows recorded is not known');
    }
  }

  private poll(afterMs: number): void {
    this.cancel = this.deps.clock.after(afterMs, () => {
      this.polling = this.pollNow().then(() => {
        if (!this.isStopped) this.poll(this.hasPeers ? pollMs : idlePollMs);
      });
    });
  }

  private async pollNow(): Promise<void> {
    const { ownership, onPoll, log } = this.deps;
    try {
      const names = await this.peers.list();
      if (ownership.isLostIn(names)) await this.turn.run(() => this.detectPeers());
      const isAlone = !this.peers.existIn(names) && !this.hasPeers;
      this.hasPeers = !isAlone && (await this.peers.refresh());
      await onPoll();
    } catch (error) {
      log.debug(`Other windows were not polled: ${messageOf(error)}`);
    }
  }
}
