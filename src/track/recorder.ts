import * as l10n from '@vscode/l10n';
import { asObbyError, ObbyError } from '../base/errors';
import type { ChangeHint } from '../model/changeHint';
import type { HeadVersion } from '../model/historyStore';
import {
  candidateOf,
  type Candidate,
  type Progress,
  type Recorded,
  type Restoration,
  type Restored,
  type RestoreOutcome,
} from './candidate';
import { KnownIdentities } from './knownIdentities';
import { ChangeSetGrouper } from './changeSetGrouper';
import type { RecorderDeps, RunChangeSet } from './recorderDeps';
import { RecorderRun } from './recorderRun';

/**
 * Turns paths that may have changed into versions: reads the disk, compares with the history, finds renames, and stores
 * what differs. Only the disk counts, not what an event claims. Calls must not overlap; each is one change set, or
 * continues the previous one.
 */
export class Recorder {
  private changeSetCount = 0;
  private readonly identities = new KnownIdentities();
  private readonly changeSets = new ChangeSetGrouper();

  constructor(private readonly deps: RecorderDeps) {}

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

  /**
   * Restores paths to the given states. Before the first is changed, every state to write has been read and every
   * present state recorded, including unsaved text of editors. All changes are one change set. A path that fails ends
   * the restore; the outcome has what was done before.
   */
  async restore(items: readonly Restoration[]): Promise<RestoreOutcome> {
    this.endChangeSet();
    const before = this.startRun();
    for (const item of items) {
      if (item.version !== undefined) await this.deps.store.content(item.version);
      await this.keepPresent(before, item);
    }
    const restored: Restored[] = [];
    const after = this.startRun();
    for (const item of items) {
      try {
        restored.push(await this.restoreOne(after, item));
      } catch (error) {
        return { restored, error: asObbyError(error) };
      }
    }
    return { restored };
  }

  /** Writes bytes that need not be in the history, and first records what they replace. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    this.endChangeSet();
    await this.keepPresent(this.startRun(), { path });
    await this.deps.disk.write(path, bytes);
    throwFirst(await this.startRun().record([{ path, cause: 'restore', confidence: 'certain', regardless: true }]));
  }

  private async restoreOne(after: RecorderRun, item: Restoration): Promise<Restored> {
    const { store, disk } = this.deps;
    const { path, version: id, unsavedText } = item;
    // Another program may have written since; unsaved text is newer than the disk.
    if (unsavedText === undefined) await this.keepPresent(this.startRun(), item);
    const head = await store.head(path);
    const replaced = head && (await store.version(head.version.id));
    if (id === undefined) await disk.remove(path);
    else await disk.write(path, await store.content(id));
    throwFirst(await after.record([restoredCandidate(item)]));
    const [newest] = await store.versions(path, { limit: 1 });
    const version = newest?.id === replaced?.id ? undefined : newest;
    return { path, ...(replaced && { replaced }), ...(version && { version }) };
  }

  /** Records what a restore is about to replace. */
  private async keepPresent(run: RecorderRun, { path, unsavedText }: Restoration): Promise<void> {
    throwFirst(await run.record([{ path, cause: 'external', confidence: 'likely', regardless: true }]));
    if (unsavedText !== undefined) throwFirst(await run.recordUnsaved(path, unsavedText));
    const head = await this.deps.store.head(path);
    if (head?.version.unstored) throw notKept(path, head.version);
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

function restoredCandidate({ path, version }: Restoration): Candidate {
  const causeDetail = version === undefined ? {} : { causeDetail: { restored: version } };
  return { path, cause: 'restore', ...causeDetail, confidence: 'certain', regardless: true };
}

function throwFirst(results: readonly Recorded[]): void {
  const failed = results.find((result) => result.error)?.error;
  if (failed) throw failed;
}

function notKept(path: string, version: HeadVersion): ObbyError {
  return new ObbyError(
    'tooLarge',
    l10n.t(
      '{0} was not replaced: its present content ({1} bytes) is over the size limit and would be lost. Raise the limit in the settings, or move the file away first.',
      path,
      version.size,
    ),
  );
}
