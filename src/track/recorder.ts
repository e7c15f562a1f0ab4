import { asObbyError, ObbyError } from '../model/errors';
import type { VersionRecord } from '../model/version';
import type { Candidate, Progress, Recorded, Restoration, Restored } from './candidate';
import { RecorderRun, type RecorderParts } from './recorderRun';

/**
 * Turns paths that may have changed into versions: looks at the disk, compares with the history, finds renames, and
 * stores what differs. What an event claims to have happened does not matter; only the disk does. Calls must not
 * overlap; each is one moment.
 */
export class Recorder {
  private momentCount = 0;

  constructor(private readonly parts: RecorderParts) {}

  /** Looks at each candidate and goes on past failures. Resolves when what changed is durable. */
  async record(candidates: readonly Candidate[], onProgress?: Progress): Promise<Recorded[]> {
    return this.startRun().record(candidates, onProgress);
  }

  /**
   * Brings paths to the states asked for. Before the first is touched, the present states of all are recorded, unsaved
   * text of editors included. All that changes is one moment, also when a path fails and the rest is not reached.
   */
  async restore(items: readonly Restoration[]): Promise<Restored[]> {
    const before = this.startRun();
    const replaced: (VersionRecord | undefined)[] = [];
    for (const item of items) replaced.push(await this.keepPresent(before, item));
    const tried: Restoration[] = [];
    let failure: ObbyError | undefined;
    try {
      for (const item of items) {
        tried.push(item);
        await this.bring(item);
      }
    } catch (error) {
      failure = asObbyError(error);
    }
    // What was written is recorded even if the next path failed.
    const recorded = await this.startRun().record(tried.map(restoredCandidate));
    if (failure) throw failure;
    throwFirst(recorded);
    return Promise.all(
      items.map(async ({ path }, index) => {
        const was = replaced[index];
        const now = await this.parts.store.versions(path, { limit: 1 });
        const version = now[0]?.id === was?.id ? undefined : now[0];
        return { path, ...(was && { replaced: was }), ...(version && { version }) };
      }),
    );
  }

  /** Records what a restore is about to replace; undefined when there is nothing. */
  private async keepPresent(run: RecorderRun, { path, unsavedText }: Restoration): Promise<VersionRecord | undefined> {
    throwFirst(await run.record([{ path, cause: 'external', sure: 'likely', regardless: true }]));
    if (unsavedText !== undefined) throwFirst(await run.recordUnsaved(path, unsavedText));
    const head = await this.parts.store.head(path);
    if (head?.version.unstored) throw notKept(path, head.version);
    return head?.version;
  }

  private async bring({ path, version }: Restoration): Promise<void> {
    const { store, disk } = this.parts;
    if (version === undefined) await disk.remove(path);
    else await disk.write(path, await store.content(version));
  }

  private startRun(): RecorderRun {
    return new RecorderRun(this.parts, `${this.parts.clock.now().toString(36)}-${(++this.momentCount).toString(36)}`);
  }
}

function restoredCandidate({ path, version }: Restoration): Candidate {
  const causeDetail = version === undefined ? {} : { causeDetail: { restored: version } };
  return { path, cause: 'restore', ...causeDetail, sure: 'certain', regardless: true };
}

/** The versions of results none of which failed. */
function throwFirst(results: readonly Recorded[]): VersionRecord[] {
  const failed = results.find((result) => result.error)?.error;
  if (failed) throw failed;
  return results.flatMap((result) => result.versions);
}

function notKept(path: string, version: VersionRecord): ObbyError {
  return new ObbyError(
    'tooLarge',
    `${path} was not replaced: its present content (${version.size} bytes) is over the size limit and would be lost. ` +
      'Raise the limit in the settings, or move the file away first.',
  );
}
