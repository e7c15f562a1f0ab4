import { ObbyError } from '../../base/errors';
import type { Restoration } from '../../engine/engine';
import { isVersionId, type VersionRecord } from '../../model/version';
import type { CommandHistory } from '../place/openedHistory';
import { shortened } from '../place/arguments';

/** What a restore does to one file. */
export interface RestoreStepShape {
  /** The path that the file has now, or had last. */
  readonly path: string;
  readonly action: 'write' | 'create' | 'none';
  /** The version whose content the file gets. */
  readonly version: string;
  /** SHA-256 of the present content, `null` where there is no file; absent where it cannot be read. */
  readonly expected?: string | null;
}

/** The steps of a restore; of several versions of one file, the last counts. */
export async function planRestore(
  history: CommandHistory,
  versions: readonly VersionRecord[],
): Promise<RestoreStepShape[]> {
  const steps = new Map<string, RestoreStepShape>();
  for (const version of versions) {
    const step = await stepFor(history, await storedVersion(history, version));
    steps.set(step.path, step);
  }
  return [...steps.values()];
}

/** The version, or for a deletion the one before it. */
async function storedVersion({ ask }: CommandHistory, version: VersionRecord): Promise<VersionRecord> {
  const stored = version.kind === 'deleted' && version.previous ? await ask.version(version.previous) : version;
  if (stored.sha256 !== undefined && stored.unstored === undefined) return stored;
  throw new ObbyError('notStored', `${version.path} cannot be restored to ${version.id}, which has no content.`);
}

async function stepFor({ ask }: CommandHistory, { id, sha256 }: VersionRecord): Promise<RestoreStepShape> {
  const path = await ask.pathOf(id);
  const step = { path, version: id };
  try {
    const { sha256: expected } = await ask.hash(path);
    const isSame = expected === sha256 && (await ask.isAt(path, id));
    return { ...step, action: isSame ? 'none' : 'write', expected };
  } catch (error) {
    if (error instanceof ObbyError && error.code === 'notFound') return { ...step, action: 'create', expected: null };
    // The restore reports what is in the way.
    return { ...step, action: 'write' };
  }
}

/** What the engine is to restore. Rejects a step whose path is not that of its version. */
export async function restorationsOf(
  { ask }: CommandHistory,
  steps: readonly RestoreStepShape[],
): Promise<Restoration[]> {
  const items: Restoration[] = [];
  for (const { path, version, action, expected } of steps.filter((step) => step.action !== 'none')) {
    if (!isVersionId(version)) throw new ObbyError('badArgument', `${shortened(version)} is no version.`);
    if ((await ask.pathOf(version)) !== path) {
      throw new ObbyError('badArgument', `${shortened(path)} is not the path of the version ${version}.`);
    }
    items.push({
      path,
      version,
      ...((expected !== undefined || action === 'create') && { expected: expected ?? null }),
    });
  }
  return items;
}
