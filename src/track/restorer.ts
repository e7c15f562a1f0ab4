import { asObbyError } from '../base/errors';
import { sha256Of } from '../base/sha256';
import { isOtherMode, type VersionId, type VersionRecord } from '../model/version';
import type { Candidate, FailedRestore, Recorded, Restoration, Restored, RestoreOutcome } from './candidate';
import type { FileContent, Keep, Observation } from './disk/disk';
import type { RecorderDeps } from './recorderDeps';
import type { RecorderRun } from './recorderRun';
import { noJournal, type RestoreJournal, type JournaledStep } from './restoreJournal';
import { folderAbove, RestoreLeftovers } from './restoreLeftovers';
import { cancelled, notKept, requireExpected, requireOtherEnd } from './restoreRefusals';

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

interface Progress {
  readonly restored: Restored[];
  readonly failed: FailedRestore[];
  readonly undo: Restoration[];
  readonly created: string[];
  /** Files that moved, by the path that they have yet to leave. */
  readonly moving: Map<string, Changed>;
}

/** A path that was changed, before that is recorded. */
interface Changed {
  readonly present: Prepared;
  readonly replaced: VersionRecord | undefined;
  /** The newest version before. */
  readonly head: VersionId | undefined;
}

/** Brings states of files back, and keeps the ones that it replaces. */
export class Restorer {
  private readonly leftovers: RestoreLeftovers;

  constructor(
    private readonly deps: RecorderDeps,
    private readonly startRun: () => RecorderRun,
  ) {
    this.leftovers = new RestoreLeftovers(deps, {
      restore: (item) => this.restore([item]),
      record: async (item) => throwFirst(await this.startRun().record([restoredCandidate(item)])),
    });
  }

  /**
   * Restores paths to the given states; of several states of one path, the last. Before the first is changed, every
   * state to write has been read and every present state recorded, including unsaved text of editors. All changes are
   * one change set. A path that fails does not keep the others from being restored. Once it is cancelled, no more are.
   */
  async restore(
    items: readonly Restoration[],
    journal = noJournal,
    isCancelled = (): boolean => false,
  ): Promise<RestoreOutcome> {
    const done: Progress = { restored: [], failed: [], undo: [], created: [], moving: new Map() };
    const last = [...new Map(items.map((item) => [item.path, item])).values()];
    // A file is at its new path before it leaves the old one.
    const wanted = [...last.filter(isMoved), ...last.filter((item) => !isMoved(item))];
    for (const folder of new Set(wanted.map(({ path }) => folderAbove(path)))) await this.leftovers.removeFrom(folder);
    const before = this.startRun();
    const prepared: Prepared[] = [];
    await attemptEach(wanted, done, async (item) => {
      if (isCancelled()) throw cancelled(item);
      if (item.version !== undefined) await this.deps.store.content(item.version);
      prepared.push(await this.keepPresent(before, item));
    });
    const after = this.startRun();
    await attemptEach(prepared, done, async (present) => {
      requireOtherEnd(present, wanted, done.failed);
      // A file that came to its new path leaves the old one all the same.
      if (isCancelled() && !done.moving.has(present.path)) throw cancelled(present);
      await this.restoreOne(after, present, { ...done, journal });
    });
    // Files that could not leave their old paths are copies.
    const copied = [...done.moving.values()].map((moved) => ({ path: moved.present.path, moved }));
    await attemptEach(copied, done, ({ moved }) => this.recordRestored(after, moved, done));
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
    if (present.version === undefined) await this.leftovers.removeFolders(folders);
    const head = await store.head(path);
    const replaced = present.unsaved ?? (head && (await store.version(head.version.id)));
    if (!isChanged) {
      run.restored.push({ path, ...(replaced && { replaced }) });
      return;
    }
    const undo = this.undoOf(present, replaced?.id, run.created, run);
    // Noted before the new version is recorded: if that fails, the file is another all the same.
    run.undo.push(undo);
    await run.journal.end(path, undo);
    const changed = { present, replaced, head: head?.version.id };
    if (present.movedFrom === undefined) await this.recordRestored(after, changed, run);
    else run.moving.set(present.movedFrom, changed);
  }

  /** Records a change, together with that of the path to which the file moved. */
  private async recordRestored(after: RecorderRun, changed: Changed, { moving, restored }: Progress): Promise<void> {
    const { path } = changed.present;
    const moved = moving.get(path);
    moving.delete(path);
    const arrival = moved ? [{ ...restoredCandidate(moved.present), movedFrom: path }] : [];
    throwFirst(await after.record([...arrival, restoredCandidate(changed.present)]));
    for (const each of moved ? [moved, changed] : [changed]) restored.push(await this.restoredOf(each));
  }

  private async restoredOf({ present: { path }, replaced, head }: Changed): Promise<Restored> {
    const [newest] = await this.deps.store.versions(path, { limit: 1 });
    const version = newest?.id === head ? undefined : newest;
    return { path, ...(replaced && { replaced }), ...(version && { version }) };
  }

  /** Writes or deletes the file, after what undoes that is noted; false if nothing needs to be undone. */
  private async change(present: Prepared, run: Progress & Journaled): Promise<boolean> {
    const { disk } = this.deps;
    const { created, journal } = run;
    const { path, version: to, present: from, unsaved } = present;
    const target = await this.targetOf(present);
    const hasBytes = present.onDisk === (target && sha256Of(target.bytes));
    const isOnDisk = hasBytes && !isOtherMode(target?.mode, present.presentMode);
    if (isOnDisk && !unsaved) return false;
    const missing = target && from === undefined ? await this.missingAbove(path) : [];
    const undo = this.undoOf(present, unsaved?.id ?? from, [...run.created, ...missing], run);
    const bytes = present.content?.bytes;
    await journal.begin({
      ...{ undo, ...(from !== undefined && { from }) },
      ...(to !== undefined && { to }),
      ...(bytes && { bytes }),
    });
    if (isOnDisk) return true;
    try {
      if (!target) await disk.remove(path, this.keeper(present));
      else if (!hasBytes) created.push(...(await disk.write(path, target, this.keeper(present))));
      else if (target.mode !== undefined) await disk.setMode(path, target.mode);
    } catch (error) {
      await journal.end(path, undefined);
      throw error;
    }
    return true;
  }

  /** What the file is to hold; undefined: it is to be deleted. */
  private async targetOf({ version, content }: Restoration): Promise<FileContent | undefined> {
    if (content || version === undefined) return content;
    const { store } = this.deps;
    return { bytes: await store.content(version), mode: (await store.version(version)).mode };
  }

  /** Brings a version back, or nothing; the file moves back from where it moved. */
  private undoOf(
    { path }: Prepared,
    version: VersionId | undefined,
    created: readonly string[],
    { moving }: Progress,
  ): Restoration {
    const movedFrom = moving.get(path)?.present.path;
    const undo = { path, ...(version !== undefined && { version }) };
    return withFolders({ ...undo, ...(movedFrom !== undefined && { movedFrom }) }, created);
  }

  /** Folders that a file needs and that do not exist. */
  private async missingAbove(path: string): Promise<string[]> {
    const missing: string[] = [];
    for (let folder = folderAbove(path); folder !== ''; folder = folderAbove(folder)) {
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
    const mode = version === undefined ? item.content?.mode : (await store.version(version)).mode;
    const isDeleted = version === undefined && !item.content;
    throwFirst(await run.record([{ path, ...foreign, withMode: isDeleted || mode !== undefined }]));
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
    const present = await this.presentAgain(prepared);
    requireExpected(present, present.onDisk);
    return present;
  }

  private async presentAgain(prepared: Prepared): Promise<Prepared> {
    const { path } = prepared;
    if (!prepared.unsaved) return this.keepPresent(this.startRun(), prepared);
    await this.deps.disk.requireChangeable(path);
    const now = await this.deps.disk.observe(path);
    if (now.state === 'missing') return { ...prepared, onDisk: undefined };
    await this.keeper(prepared)(now);
    return now.state === 'file' ? { ...prepared, onDisk: sha256Of(now.bytes), presentMode: now.mode } : prepared;
  }

  /** Records what was replaced, unless that was recorded before. */
  private keeper(present: Prepared): Keep {
    const { path, onDisk } = present;
    return async (replaced: Observation) => {
      if (replaced.state === 'unreadable') throw replaced.error;
      if (replaced.state === 'too large') throw notKept(path, replaced.size);
      if (replaced.state !== 'file' || sha256Of(replaced.bytes) === onDisk) return;
      requireExpected(present, sha256Of(replaced.bytes));
      throwFirst(await this.startRun().recordBytes({ path, ...foreign }, replaced.bytes, replaced.mode));
    };
  }

  /** Ends a change that was interrupted; see {@link RestoreLeftovers}. */
  endStep(step: JournaledStep): Promise<boolean> {
    return this.leftovers.endStep(step);
  }

  /** Deletes what a restore that was killed left in a folder (`''`: the root). */
  removeLeftovers(folder: string): Promise<void> {
    return this.leftovers.removeFrom(folder);
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

function isMoved({ movedFrom }: Restoration): boolean {
  return movedFrom !== undefined;
}

function restoredCandidate({ path, version }: Restoration): Candidate {
  const causeDetail = version === undefined ? {} : { causeDetail: { restored: version } };
  return { path, cause: 'restore', ...causeDetail, confidence: 'certain', regardless: true };
}

function throwFirst(results: readonly Recorded[]): void {
  const failed = results.find((result) => result.error)?.error;
  if (failed) throw failed;
}
