import type { Clock } from '../model/clock';
import { messageOf } from '../model/errors';
import { FolderLock } from './folderLock';
import { Neighbours, type NeighboursParts } from './neighbours';
import { storeFailure } from './storeFailure';
import { Turn } from './turn';

/** What other windows recorded is looked for this often, while there are any. */
const pollMs = 1_000;
/** Whether there are any, this often. */
const idlePollMs = 5_000;

/** Recording does not wait for ever: at worst a change is there twice. */
const patienceMs = 10_000;

export interface WindowsParts extends NeighboursParts {
  readonly clock: Clock;
  readonly isAbandoned: (owner: string) => Promise<boolean>;
  /** Called each time after other windows were looked for. */
  readonly onPoll: () => Promise<void>;
}

/** Lets this window and others on the same folder record side by side, and know what the others did. */
export class Windows {
  private readonly turn = new Turn();
  private readonly lock: FolderLock;
  private readonly neighbours: Neighbours;
  /** There are others, or were when the folder was last looked at: what they did before they closed is to be known too. */
  private hasNeighbours = false;
  private isStopped = false;
  private cancel: () => void = () => undefined;

  constructor(private readonly parts: WindowsParts) {
    this.lock = new FolderLock({ ...parts, name: 'record', patienceMs });
    this.neighbours = new Neighbours(parts);
  }

  /**
   * Runs work while nobody records, in this window or another, and the catalog knows all that was recorded. `work`
   * hears whether others may have recorded the same.
   */
  exclusively<T>(work: (isShared: boolean) => Promise<T>): Promise<T> {
    return this.turn.run(async () => {
      if (await this.exist()) this.hasNeighbours = true;
      if (!this.hasNeighbours) return work(false);
      return this.lock.hold(async () => {
        await this.catchUp();
        return work(true);
      });
    });
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

  private async catchUp(): Promise<void> {
    try {
      await this.neighbours.refresh();
    } catch (error) {
      throw storeFailure(error, this.parts.log, 'what other windows recorded is not known');
    }
  }

  /** A folder that cannot be listed may be written all the same; that attempt will say what is wrong. */
  private exist(): Promise<boolean> {
    return this.neighbours.exist().catch(() => false);
  }

  private poll(afterMs: number): void {
    this.cancel = this.parts.clock.after(afterMs, () => {
      void this.pollNow().then(() => {
        if (!this.isStopped) this.poll(this.hasNeighbours ? pollMs : idlePollMs);
      });
    });
  }

  private async pollNow(): Promise<void> {
    try {
      const isAlone = !(await this.neighbours.exist()) && !this.hasNeighbours;
      this.hasNeighbours = !isAlone && (await this.neighbours.refresh());
      await this.parts.onPoll();
    } catch (error) {
      this.parts.log.debug(`Other windows were not looked for: ${messageOf(error)}`);
    }
  }
}
