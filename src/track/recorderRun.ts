import type { Clock } from '../model/clock';
import { asObbyError, ObbyError } from '../model/errors';
import type { VersionRecord } from '../model/version';
import type { HistoryStore, VersionDraft } from '../store/contract';
import { inside, type Candidate, type Progress, type Recorded } from './candidate';
import type { Attribution } from './causeSpans';
import type { Disk, FileObservation, TooLargeObservation } from './disk';
import { deletionDraft, fileDraft, unstoredDraft } from './drafts';
import { RenameFinder } from './renameFinder';
import { asObservation, encodeLike, overwrittenSave } from './savedText';

export interface RecorderParts {
  readonly store: HistoryStore;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly isWatched: (path: string) => boolean;
  /** Looks who may have written, and then tells who wrote at a time (ms), where that is known; default nobody. */
  readonly attribution?: () => (changedMs: number) => Attribution | undefined;
  /** Hears of versions as they become durable. */
  readonly onRecorded: (versions: readonly VersionRecord[]) => void;
  /** Hears of a path that was written again after the save that was recorded, and must be looked at once more. */
  readonly onOverwritten: (path: string) => void;
}

/** Files looked at side by side: enough to keep the disk busy, and a bound on the contents held in memory. */
const groupSize = 32;
/** Groups on their way to the disk, which the store makes durable together. */
const maxAppends = 6;

/** What one call of the recorder does: everything it records is one moment. */
export class RecorderRun {
  private readonly renames: RenameFinder;
  private readonly attribute: (changedMs: number) => Attribution | undefined;
  private readonly results: Recorded[] = [];
  /** A folder and the files in it may be named side by side; each path is looked at once. */
  private readonly looked = new Set<string>();
  private readonly deleted = new Set<string>();
  private appends: Promise<void>[] = [];

  constructor(
    private readonly parts: RecorderParts,
    private readonly moment: string,
  ) {
    this.renames = new RenameFinder(parts.store, parts.disk, parts.clock);
    this.attribute = parts.attribution?.() ?? (() => undefined);
  }

  async record(candidates: readonly Candidate[], onProgress: Progress = () => undefined): Promise<Recorded[]> {
    const found = [...candidates];
    const gone: Candidate[] = [];
    for (const { path } of candidates) this.looked.add(path);
    // What exists goes first: a file that moved is found under its new path before its old one counts as deleted.
    await this.inGroups(found, (candidate) => this.look(candidate, found, gone), onProgress);
    await this.inGroups(gone, (candidate) => this.deletions(candidate));
    return this.results;
  }

  /** Records an editor's text as if it had been saved. */
  async recordUnsaved(path: string, text: string): Promise<Recorded[]> {
    const bytes = encodeLike(text, await this.bytesOfHead(path));
    if (!bytes) throw notEncodable(path);
    await this.appendBytes({ ...unsaved, path }, bytes);
    return this.results;
  }

  /** Looks at candidates in groups; the list may grow meanwhile. */
  private async inGroups(
    list: readonly Candidate[],
    draft: (candidate: Candidate) => Promise<VersionDraft[]>,
    onProgress: Progress = () => undefined,
  ): Promise<void> {
    for (let done = 0; done < list.length;) {
      const group = list.slice(done, done + groupSize);
      const drafts = await Promise.all(group.map((candidate) => this.attempt(candidate, draft)));
      await this.append(drafts.flat());
      done += group.length;
      onProgress(done, list.length);
    }
    await this.settle();
  }

  private async attempt(
    candidate: Candidate,
    draft: (candidate: Candidate) => Promise<VersionDraft[]>,
  ): Promise<VersionDraft[]> {
    try {
      return await draft(candidate);
    } catch (error) {
      return this.fail(candidate.path, error);
    }
  }

  /** What to store of a candidate that exists; notes what is gone and what a folder holds. */
  private async look(candidate: Candidate, found: Candidate[], gone: Candidate[]): Promise<VersionDraft[]> {
    const { path, savedText } = candidate;
    const { disk } = this.parts;
    // What is not watched is not read either; it may be a folder that holds what is.
    const observation = this.mayRecord(candidate) ? await disk.observe(path) : await notRead(disk, path);
    if (savedText !== undefined && this.mayRecord(candidate)) {
      const saved = overwrittenSave(savedText, observation, await this.bytesOfHead(path));
      if (saved) return this.recordOverwritten(candidate, saved);
    }
    switch (observation.state) {
      case 'directory':
        found.push(
          ...inside(
            candidate,
            disk.watchedBelow(path).filter((file) => isNewIn(this.looked, file)),
          ),
        );
        gone.push(candidate);
        return [];
      case 'missing':
        gone.push(candidate);
        return [];
      case 'other':
        return [];
      case 'unreadable':
        return this.fail(path, observation.error);
      case 'file':
      case 'too large':
        // A new file may have taken the place of a folder.
        if (!(await this.parts.store.head(path))) gone.push(candidate);
        return this.present(candidate, observation);
    }
  }

  /** Records a save that the disk shows no more. Whoever wrote what it shows now is not known here, so it waits. */
  private async recordOverwritten(candidate: Candidate, saved: Uint8Array): Promise<[]> {
    await this.appendBytes(candidate, saved);
    this.parts.onOverwritten(candidate.path);
    return [];
  }

  private async appendBytes(candidate: Candidate, bytes: Uint8Array): Promise<void> {
    await this.append(await this.present(candidate, asObservation(bytes, this.parts.clock.now())));
    await this.settle();
  }

  private async bytesOfHead(path: string): Promise<Uint8Array | undefined> {
    const head = await this.parts.store.head(path);
    return head?.version.sha256 === undefined ? undefined : this.parts.store.content(head.version.id);
  }

  private async present(
    candidate: Candidate,
    observation: FileObservation | TooLargeObservation,
  ): Promise<VersionDraft[]> {
    if (!this.mayRecord(candidate)) return [];
    const { store, clock } = this.parts;
    const { path } = candidate;
    const head = await store.head(path);
    const parts = { candidate, head, moment: this.moment, now: clock.now(), attribute: this.attribute };
    const draft =
      observation.state === 'file'
        ? await fileDraft(parts, observation, store, (sha256) => this.sourceOf(candidate, sha256))
        : unstoredDraft(parts, observation);
    if (draft) return [draft];
    if (head && head.stamp !== observation.stamp) await store.noteStamps([{ path, stamp: observation.stamp }]);
    return [];
  }

  private mayRecord(candidate: Candidate): boolean {
    return candidate.regardless === true || this.parts.isWatched(candidate.path);
  }

  /** The path whose history a new file continues. */
  private async sourceOf(candidate: Candidate, sha256: string): Promise<string | undefined> {
    const { store, disk } = this.parts;
    const { path, movedFrom } = candidate;
    if (movedFrom !== undefined && (await store.head(movedFrom)) && (await disk.kind(movedFrom)) === 'missing') {
      return movedFrom;
    }
    return this.renames.find(path, sha256);
  }

  /** The deletion of a file that is gone, or of every known file of a folder that is. */
  private async deletions(candidate: Candidate): Promise<VersionDraft[]> {
    const { store, disk, clock } = this.parts;
    const own = await store.head(candidate.path);
    const known = [...(own ? [own] : []), ...(await store.heads(candidate.path))];
    const drafts: VersionDraft[] = [];
    for (const head of known) {
      const { path } = head.version;
      if (!this.mayRecord({ ...candidate, path })) continue;
      const kind = await disk.kind(path);
      if ((kind !== 'missing' && kind !== 'directory') || !isNewIn(this.deleted, path)) continue;
      const changedMs = disk.changedAbove(path);
      const { moment, attribute } = this;
      const parts = { candidate: { ...candidate, path }, head, moment, now: clock.now(), attribute };
      drafts.push(deletionDraft({ ...parts, changedMs }));
    }
    return drafts;
  }

  /** Starts storing; waits only while too much is under way. */
  private async append(drafts: readonly VersionDraft[]): Promise<void> {
    if (drafts.length === 0) return;
    const stored = this.parts.store.append(drafts).then(
      (versions) => {
        for (const version of versions) this.results.push({ path: version.path, versions: [version] });
        this.parts.onRecorded(versions);
      },
      (error: unknown) => {
        for (const { path } of drafts) this.fail(path, error);
      },
    );
    this.appends.push(stored);
    if (this.appends.length >= maxAppends) await this.appends.shift();
  }

  private async settle(): Promise<void> {
    const { appends } = this;
    // Others may settle and append meanwhile; theirs must not be forgotten.
    this.appends = [];
    await Promise.all(appends);
  }

  private fail(path: string, error: unknown): [] {
    this.results.push({ path, versions: [], error: asObbyError(error) });
    return [];
  }
}

const unsaved = {
  cause: 'save',
  causeDetail: { save: 'beforeRestore' },
  sure: 'certain',
  regardless: true,
} as const;

/** Whether a path was not in the set, in which it is from now on. */
function isNewIn(paths: Set<string>, path: string): boolean {
  return paths.size < paths.add(path).size;
}

async function notRead(disk: Disk, path: string): Promise<{ readonly state: 'missing' | 'directory' | 'other' }> {
  const state = await disk.kind(path);
  return { state: state === 'file' ? 'other' : state };
}

function notEncodable(path: string): ObbyError {
  return new ObbyError(
    'notStored',
    `${path} was not replaced: its editor holds unsaved text in an encoding that Obby cannot write. Save the file first.`,
  );
}
