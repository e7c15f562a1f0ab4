import { sha256Of } from '../base/sha256';
import type { Restoration, RestoreOutcome } from './candidate';
import type { RecorderDeps } from './recorderDeps';
import type { JournaledStep } from './restoreJournal';

/** Versions of a file that are compared with a leftover. */
const maxCompared = 1_000;

interface RestorerCalls {
  readonly restore: (item: Restoration) => Promise<RestoreOutcome>;
  /** Records a file that was restored. */
  readonly record: (item: Restoration) => Promise<void>;
}

/** Tidies up what a restore left: when it was killed, or when it is undone. */
export class RestoreLeftovers {
  constructor(
    private readonly deps: RecorderDeps,
    private readonly calls: RestorerCalls,
  ) {}

  /** Folders that the undone restore created, and that are empty by now. */
  async removeFolders(folders: readonly string[] = []): Promise<void> {
    const deepestFirst = [...folders].sort((a, b) => b.length - a.length);
    for (const folder of deepestFirst) await this.deps.disk.removeFolder(folder);
  }

  /**
   * Ends a change that was interrupted; resolves with whether it was made. If so, it is recorded; if not, the folders
   * that were created for it are deleted, and a file that is missing or half written is brought back.
   */
  async endStep(step: JournaledStep): Promise<boolean> {
    const { path, folders } = step.undo;
    const wasMade = await this.wasMade(path, step);
    if (!wasMade) await this.removeFrom(folderAbove(path));
    await this.removeFolders(wasMade ? step.folders : folders);
    return wasMade;
  }

  private async wasMade(path: string, { from, to, bytes: given }: JournaledStep): Promise<boolean> {
    const { disk, store } = this.deps;
    const before = from === undefined ? undefined : await store.content(from);
    const after = to === undefined ? given : await store.content(to);
    const now = await disk.observe(path);
    if (now.state !== 'file' && now.state !== 'missing') return true;
    const bytes = now.state === 'file' ? now.bytes : undefined;
    if (isSame(bytes, after)) {
      await this.calls.record({ path, ...(to !== undefined && { version: to }) });
      return true;
    }
    if (isSame(bytes, before)) return false;
    if (from === undefined || !before || !after || !isBetween(bytes, before, after)) return true;
    const { failed } = await this.calls.restore({ path, version: from });
    return failed.length > 0;
  }

  /** Deletes what a restore that was killed left in a folder (`''`: the root). */
  async removeFrom(folder: string): Promise<void> {
    const { disk, optional, onSkipped } = this.deps;
    const isRecorded = (bytes: Uint8Array): Promise<boolean> => this.isRecorded(folder, sha256Of(bytes));
    const left = await optional.run('cleaning up', () => disk.removeLeftovers(folder, isRecorded));
    for (const path of left ?? []) {
      onSkipped(`${path} was left by a restore that was interrupted. It has content that the history does not have.`);
    }
  }

  /** Whether a file in a folder has, or had, this content. */
  private async isRecorded(folder: string, sha256: string): Promise<boolean> {
    const { store } = this.deps;
    if ((await store.headsOf(sha256, 1)).length > 0) return true;
    if ((await store.deletionsOf(sha256, 0, 1)).length > 0) return true;
    for (const { version } of await store.heads(folder)) {
      const versions = await store.versions(version.path, { limit: maxCompared });
      if (versions.some((each) => each.sha256 === sha256)) return true;
    }
    return false;
  }
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a && b ? Buffer.compare(a, b) === 0 : a === b;
}

/** Whether a file is as it may be while it is replaced: it has no name, or it is overwritten in place. */
function isBetween(bytes: Uint8Array | undefined, before: Uint8Array, after: Uint8Array): boolean {
  if (!bytes) return true;
  const isPossible = bytes.length >= before.length && bytes.length <= Math.max(before.length, after.length);
  return isPossible && bytes.every((byte, index) => byte === before[index] || byte === after[index]);
}

/** The folder of a path; `''` is the workspace folder. */
export function folderAbove(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
