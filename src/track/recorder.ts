import type { ChangeHint } from '../model/changeHint';
import { candidateOf, type Progress, type Recorded, type Restoration, type RestoreOutcome } from './candidate';
import { KnownIdentities } from './knownIdentities';
import { ChangeSetGrouper } from './changeSetGrouper';
import type { RecorderDeps, RunChangeSet } from './recorderDeps';
import { RecorderRun } from './recorderRun';
import type { RestoreJournal, JournaledStep } from './restoreJournal';
import { Restorer } from './restorer';

/**
 * Turns paths that may have changed into versions: reads the disk, compares with the history, finds renames, and stores
 * what differs. Only the disk counts, not what an event claims. Calls must not overlap; each is one change set, or
 * continues the previous one.
 */
export class Recorder {
  private changeSetCount = 0;
  private readonly identities = new KnownIdentities();
  private readonly changeSets = new ChangeSetGrouper();

  private readonly restorer: Restorer;

  constructor(private readonly deps: RecorderDeps) {
    this.restorer = new Restorer(deps, () => this.startRun());
  }

  /** Compares each path with the history and continues after failures. Resolves when the changes are durable. */
  record(hints: readonly ChangeHint[], onProgress?: Progress): Promise<Recorded[]> {
    const own = this.newChangeSet();
    const run = this.startRun((change) => this.changeSets.changeSetOf(change, own, this.deps.clock.now()));
    return run.record(hints.map(candidateOf), onProgress);
  }

  /** Later versions belong to other change sets. */
  endChangeSet(): void {
    this.changeSets.end();
  }

  /** Restores paths to the given states, as one change set; see {@link Restorer}. */
  restore(
    items: readonly Restoration[],
    journal?: RestoreJournal,
    isCancelled?: () => boolean,
  ): Promise<RestoreOutcome> {
    this.endChangeSet();
    return this.restorer.restore(items, journal, isCancelled);
  }

  /** Ends the change of a file by a restore that was killed; see {@link Restorer}. */
  endStep(step: JournaledStep): Promise<boolean> {
    return this.restorer.endStep(step);
  }

  /** Writes bytes that need not be in the history, and first records what they replace. */
  write(path: string, bytes: Uint8Array): Promise<void> {
    this.endChangeSet();
    return this.restorer.write(path, bytes);
  }

  /** Deletes what a restore that was killed left in a folder (`''`: the root). */
  removeLeftovers(folder: string): Promise<void> {
    return this.restorer.removeLeftovers(folder);
  }

  private startRun(changeSetOf = always(this.newChangeSet())): RecorderRun {
    return new RecorderRun(this.deps, this.identities, changeSetOf);
  }

  private newChangeSet(): string {
    return `${this.deps.clock.now().toString(36)}-${(++this.changeSetCount).toString(36)}`;
  }
}

function always(changeSet: string): RunChangeSet {
  return () => changeSet;
}
