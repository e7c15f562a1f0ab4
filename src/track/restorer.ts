import * as l10n from '@vscode/l10n';
import { asObbyError, ObbyError } from '../base/errors';
import { sha256Of } from '../base/sha256';
import { isOtherMode, type VersionId, type VersionRecord } from '../model/version';
import type { Candidate, FailedRestore, Recorded, Restoration, Restored, RestoreOutcome } from './candidate';
import type { Keep, Observation } from './disk/disk';
import type { RecorderDeps } from './recorderDeps';
import type { RecorderRun } from './recorderRun';
import { noJournal, type RestoreJournal, type JournaledStep } from './restoreJournal';

/** A path whose present state is recorded. */
interface Prepared extends Restoration {
  /** Hash of the recorded content on disk; undefined when there is no file. */
  readonly onDisk: string | undefined;
  /** The recorded mode of the file on disk. */
  readonly presentMode?: number | undefined;
  /** The version on disk. */
  readonly present?: VersionId;
  /** The version of unsaved text. */
  readonly unsaved?: VersionRecord;
}

interface Journaled {
  readonly journal: RestoreJournal;
}

/** What a restore has done so far. */
interface Progress {
  readonly restored: Restored[];
  readonly failed: FailedRestore[];
  readonly undo: Restoration[];
  readonly created: string[];
}

/** Versions of a file that are compared with a leftover. */
const maxCompared = 1_000;

/** Brings states of files back, and keeps the ones that it replaces. */
export class Restorer {
  constructor(
    private readonly deps: RecorderDeps,
    private readonly startRun: () => RecorderRun,
  ) {}

  /**
   * Restores paths to the given states; of several states of one path, the last. Before the first is changed, every
   * state to write has been read and every present state recorded, including unsaved text of editors. All changes are
   * one change set. A path that fails does not keep the others from being restored.
   */
  async restore(items: readonly Restoration[], journal = noJournal): Promise<RestoreOutcome> {
    const done: Progress = { restored: [], failed: [], undo: [], created: [] };
    const wanted = [...new Map(items.map((item) => [item.path, item])).values()];
    for (const folder of new Set(wanted.map(({ path }) => folderOf(path)))) await this.removeLeftovers(folder);
    const before = this.startRun();
    const prepared: Prepared[] = [];
    await attemptEach(wanted, done, async (item) => {
      if (item.version !== undefined) await this.deps.store.content(item.version);
      prepared.push(await this.keepPresent(before, item));
    });
    const after = this.startRun();
    await attemptEach(prepared, done, (present) => this.restoreOne(after, present, { ...done, journal }));
    const { restored, failed, undo } = done;
    return { restored, failed, undo };
  }

  /** Writes bytes that need not be in the history, and first records what they replace. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    const present = await this.keepPresent(this.startRun(), { path });
    await this.deps.disk.write(path, { bytes }, this.keeper(present));
    throwFirst(await this.startRun().record([{ path, cause: 'restore', confidence: 'certain', regardless: true }]));
  }

  private async restoreOne(after: RecorderRun, prepared: Prepared, run: Progress & Journaled): Promise<void> {
    const { store } = this.deps;
    const { path, folders } = prepared;
    const present = await this.keepAgain(prepared);
    const isChanged = await this.change(present, run);
    if (present.version === undefined) await this.removeFolders(folders);
    const head = await store.head(path);
    const replaced = present.unsaved ?? (head && (await store.version(head.version.id)));
    const restored = { path, ...(replaced && { replaced }) };
    if (!isChanged) {
      run.restored.push(restored);
      return;
    }
    const undo = withFolders({ path, ...(replaced && { version: replaced.id }) }, run.created);
    // Noted before the new version is recorded: if that fails, the file is another all the same.
    run.undo.push(undo);
    await run.journal.end(path, undo);
    throwFirst(await after.record([restoredCandidate(present)]));
    const [newest] = await store.versions(path, { limit: 1 });
    const version = newest?.id === head?.version.id ? undefined : newest;
    run.restored.push({ ...restored, ...(version && { version }) });
  }

  /** Writes or deletes the file, after what undoes that is noted; false if nothing needs to be undone. */
  private async change(present: Prepared, { created, journal }: Progress & Journaled): Promise<boolean> {
    const { store, disk } = this.deps;
    const { path, version: to, present: from, unsaved } = present;
    const bytes = to === undefined ? undefined : await store.content(to);
    const mode = to === undefined ? undefined : (await store.version(to)).mode;
    const hasBytes = present.onDisk === (bytes && sha256Of(bytes));
    const isOnDisk = hasBytes && !isOtherMode(mode, present.presentMode);
    if (isOnDisk && !unsaved) return false;
    const replaced = unsaved?.id ?? from;
    const missing = bytes && from === undefined ? await this.missingAbove(path) : [];
    const undo = withFolders({ path, ...(replaced !== undefined && { version: replaced }) }, [...created, ...missing]);
    await journal.begin({ undo, ...(from !== undefined && { from }), ...(to !== undefined && { to }) });
    if (isOnDisk) return true;
    try {
      if (!bytes) await disk.remove(path, this.keeper(present));
      else if (!hasBytes) created.push(...(await disk.write(path, { bytes, mode }, this.keeper(present))));
      else if (mode !== undefined) await disk.setMode(path, mode);
    } catch (error) {
      await journal.end(path, undefined);
      throw error;
    }
    return true;
  }

  /** Folders that a file needs and that do not exist. */
  private async missingAbove(path: string): Promise<string[]> {
    const missing: string[] = [];
    for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) {
      if ((await this.deps.disk.entry(folder)).state !== 'missing') break;
      missing.push(folder);
    }
    return missing;
  }

  /** Records what a restore is about to replace. */
  private async keepPresent(run: RecorderRun, item: Restoration): Promise<Prepared> {
    const { store, disk } = this.deps;
    const { path, unsavedText: text, unsavedEncoding: encoding, version } = item;
    await disk.requireChangeable(path);
    // A mode that gets lost must be known, so that it can be brought back.
    const mode = version === undefined ? undefined : (await store.version(version)).mode;
    throwFirst(await run.record([{ path, ...foreign, withMode: version === undefined || mode !== undefined }]));
    const head = await store.head(path);
    if (head?.version.unstored) throw notKept(path, head.version.size);
    const id = head?.version.sha256 === undefined ? undefined : head.version.id;
    const presentMode = head?.version.mode;
    const present = { ...item, onDisk: head?.version.sha256, presentMode, ...(id !== undefined && { present: id }) };
    if (text === undefined) return present;
    // Without a file, text that replaces the version later is as private as that, and can be written.
    const newMode = mode === undefined ? undefined : mode | 0o200;
    const unsavedText = { text, ...(encoding !== undefined && { encoding }) };
    throwFirst(await run.recordUnsaved(path, unsavedText, presentMode ?? newMode));
    const unsaved = await store.head(path);
    return { ...present, ...(unsaved && { unsaved: await store.version(unsaved.version.id) }) };
  }

  /** The same just before the file is changed, as another program may have written since; unsaved text stays the newest. */
  private async keepAgain(prepared: Prepared): Promise<Prepared> {
    const { path } = prepared;
    if (!prepared.unsaved) return this.keepPresent(this.startRun(), prepared);
    await this.deps.disk.requireChangeable(path);
    const now = await this.deps.disk.observe(path);
    if (now.state === 'missing') return { ...prepared, onDisk: undefined };
    await this.keeper(prepared)(now);
    return now.state === 'file' ? { ...prepared, onDisk: sha256Of(now.bytes), presentMode: now.mode } : prepared;
  }

  /** Records what was replaced, unless that was recorded before. */
  private keeper({ path, onDisk }: Prepared): Keep {
    return async (replaced: Observation) => {
      if (replaced.state === 'unreadable') throw replaced.error;
      if (replaced.state === 'too large') throw notKept(path, replaced.size);
      if (replaced.state !== 'file' || sha256Of(replaced.bytes) === onDisk) return;
      throwFirst(await this.startRun().recordBytes({ path, ...foreign }, replaced.bytes, replaced.mode));
    };
  }

  /** Folders that the undone restore created, and that are empty by now. */
  private async removeFolders(folders: readonly string[] = []): Promise<void> {
    const deepestFirst = [...folders].sort((a, b) => b.length - a.length);
    for (const folder of deepestFirst) await this.deps.disk.removeFolder(folder);
  }

  /**
   * Ends a change that was interrupted; resolves with whether it was made. If so, it is recorded; if not, the folders
   * that were created for it are deleted, and a file that is missing or half written is brought back.
   */
  async endStep(step: JournaledStep): Promise<boolean> {
    const { path, folders } = step.undo;
    if (await this.wasMade(path, step)) return true;
    await this.removeLeftovers(folderOf(path));
    await this.removeFolders(folders);
    return false;
  }

  private async wasMade(path: string, { from, to }: JournaledStep): Promise<boolean> {
    const { disk, store } = this.deps;
    const before = from === undefined ? undefined : await store.content(from);
    const after = to === undefined ? undefined : await store.content(to);
    const now = await disk.observe(path);
    if (now.state !== 'file' && now.state !== 'missing') return true;
    const bytes = now.state === 'file' ? now.bytes : undefined;
    if (isSame(bytes, after)) {
      throwFirst(await this.startRun().record([restoredCandidate({ path, ...(to !== undefined && { version: to }) })]));
      return true;
    }
    if (isSame(bytes, before)) return false;
    if (from === undefined || !before || !after || !isBetween(bytes, before, after)) return true;
    const { failed } = await this.restore([{ path, version: from }]);
    return failed.length > 0;
  }

  /** Deletes what a restore that was killed left in a folder (`''`: the root). */
  async removeLeftovers(folder: string): Promise<void> {
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

const foreign = { cause: 'external', confidence: 'likely', regardless: true } as const;

async function attemptEach<Item extends { readonly path: string }>(
  items: readonly Item[],
  { failed }: Progress,
  attempt: (item: Item) => Promise<void>,
): Promise<void> {
  for (const item of items) {
    try {
      await attempt(item);
    } catch (error) {
      failed.push({ path: item.path, error: asObbyError(error) });
    }
  }
}

/** Undoing the creation of a file also deletes the folders that were created for it or its neighbours. */
function withFolders(step: Restoration, created: readonly string[]): Restoration {
  const folders = [...new Set(created)].filter((folder) => step.path.startsWith(`${folder}/`));
  return step.version === undefined && folders.length > 0 ? { ...step, folders } : step;
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

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function restoredCandidate({ path, version }: Restoration): Candidate {
  const causeDetail = version === undefined ? {} : { causeDetail: { restored: version } };
  return { path, cause: 'restore', ...causeDetail, confidence: 'certain', regardless: true };
}

function throwFirst(results: readonly Recorded[]): void {
  const failed = results.find((result) => result.error)?.error;
  if (failed) throw failed;
}

function notKept(path: string, size: number): ObbyError {
  return new ObbyError(
    'tooLarge',
    l10n.t(
      '{0} was not replaced: its present content ({1} bytes) is over the size limit and would be lost. Raise the limit in the settings, or move the file away first.',
      path,
      size,
    ),
  );
}
