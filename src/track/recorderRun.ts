import { breathe } from '../base/timeSlicer';
import { asObbyError } from '../base/errors';
import type { FileIdentity } from '../model/stamp';
import type { VersionRecord } from '../model/version';
import type { Head, VersionDraft } from '../model/historyStore';
import { AppendBatcher } from './appendBatcher';
import { below, inside, unsavedText, type Candidate, type Progress, type Recorded } from './candidate';
import { NewFiles, type PlacedFile } from './newFiles';
import type { Observation } from './disk/disk';
import { deletionDraft, fileDraft, unstoredDraft, type DraftDeps } from './drafts';
import { groupFrom } from './fileGroups';
import type { KnownIdentities } from './knownIdentities';
import { MoveFinder, moveSearch, searchable, type SearchableDisk, type Source } from './moveFinder';
import type { RecorderDeps, RunChangeSet } from './recorderDeps';
import { asObservation, notEncodable, overwrittenSave, unsavedBytes } from './savedTextEncoding';

/** What remains to be done after candidates were examined. */
interface Findings {
  /** The candidates, and the files in those that are folders. */
  readonly found: Candidate[];
  readonly gone: Candidate[];
  readonly arrivals: NewFiles;
}

const causes = 'some causes';

/** One call of the recorder. */
export class RecorderRun {
  private readonly searchDisk: SearchableDisk;
  private readonly finder: MoveFinder;
  private readonly attribute: DraftDeps['attribute'];
  private readonly results: Recorded[] = [];
  /** A folder and files in it may both be candidates; each path is examined once. */
  private readonly seen = new Set<string>();
  private readonly deleted = new Set<string>();
  /** Which files the drafts were read from. */
  private readonly drafted = new WeakMap<VersionDraft, FileIdentity | undefined>();
  private readonly appends: AppendBatcher;

  constructor(
    private readonly deps: RecorderDeps,
    private readonly identities: KnownIdentities,
    private readonly changeSetOf: RunChangeSet,
  ) {
    const { optional, attribution } = deps;
    this.searchDisk = searchable(deps.disk, optional);
    this.finder = new MoveFinder({ ...deps, disk: this.searchDisk, identities });
    const attribute = optional.try(causes, () => attribution?.());
    this.attribute = (changedMs) => optional.try(causes, () => attribute?.(changedMs));
    this.appends = new AppendBatcher({
      store: deps.store,
      onStored: (versions, drafts) => this.stored(versions, drafts),
      onFailed: (drafts, error) => drafts.forEach(({ path }) => this.fail(path, error)),
    });
  }

  async record(candidates: readonly Candidate[], onProgress: Progress = () => undefined): Promise<Recorded[]> {
    const before = this.results.length;
    const { finder, identities, searchDisk: disk } = this;
    const mayRecord = (candidate: Candidate): boolean => this.mayRecord(candidate);
    const arrivals = new NewFiles({ ...this.deps, disk, identities, finder, mayRecord });
    const found = candidates.filter(({ waits }) => !waits);
    const gone: Candidate[] = [];
    const sizeOf = (...all: Candidate[]): number => all.reduce((sum, { path }) => sum + this.deps.disk.sizeOf(path), 0);
    for (const { path } of found) this.seen.add(path);
    await this.inGroups(
      found,
      sizeOf,
      (candidate) => this.attempt([candidate], () => this.examine(candidate, { found, gone, arrivals })),
      (done) => onProgress(done - arrivals.size, found.length),
    );
    const waiting = candidates.filter(({ waits }) => waits);
    const placed = await this.deps.optional.run(moveSearch, () => arrivals.place(gone, waiting));
    await this.inGroups(
      placed ?? arrivals.unplaced(),
      (step) => sizeOf(...step.map(({ candidate }) => candidate)),
      (step) =>
        this.attempt(
          step.map(({ candidate }) => candidate),
          () => this.arrived(step, gone),
        ),
      (done) => onProgress(found.length - arrivals.size + done, found.length),
    );
    // Existing paths first: a moved file is found at its new path before its old one counts as deleted.
    await this.inGroups(
      gone,
      () => 0,
      (candidate) => this.attempt([candidate], () => this.deletions(candidate)),
    );
    return this.results.slice(before);
  }

  /** Records an editor's text as if it had been saved. */
  async recordUnsaved(path: string, unsaved: Parameters<typeof unsavedBytes>[0], mode?: number): Promise<Recorded[]> {
    const bytes = unsavedBytes(unsaved, await this.bytesOfHead(path));
    if (!bytes) throw notEncodable(path);
    return this.recordBytes({ ...unsavedText, path }, bytes, mode);
  }

  /** Records bytes as if a file had them; without a mode, with the one of the newest version. */
  async recordBytes(candidate: Candidate, bytes: Uint8Array, mode?: number): Promise<Recorded[]> {
    const before = this.results.length;
    await this.appendBytes(candidate, bytes, mode);
    return this.results.slice(before);
  }

  /** Processes a list in groups; it may grow meanwhile. `sizeOf`: bytes that an item takes. */
  private async inGroups<T>(
    list: readonly T[],
    sizeOf: (item: T) => number,
    draft: (item: T) => Promise<VersionDraft[]>,
    onProgress: (done: number) => void = () => undefined,
  ): Promise<void> {
    for (let done = 0; done < list.length;) {
      const items = groupFrom(list, done, sizeOf);
      const drafts = await Promise.all(items.map(draft));
      await this.appends.add(drafts.flat());
      done += items.length;
      onProgress(done);
      await breathe();
    }
    await this.appends.settle();
  }

  private async attempt(
    candidates: readonly Candidate[],
    draft: () => Promise<VersionDraft[]>,
  ): Promise<VersionDraft[]> {
    try {
      return await draft();
    } catch (error) {
      for (const { path } of candidates) this.fail(path, error);
      return [];
    }
  }

  /** The drafts of an existing file that the history has; notes candidates that are new, missing, or in a folder. */
  private async examine(candidate: Candidate, { found, gone, arrivals }: Findings): Promise<VersionDraft[]> {
    const { path, saved } = candidate;
    const { disk, store, optional } = this.deps;
    const mayRecord = this.mayRecord(candidate);
    if (saved && mayRecord) {
      const observation = await disk.observe(path);
      const before = await optional.run('the encoding before a save', () => this.bytesOfHead(path));
      const overwritten = overwrittenSave(saved, observation, before);
      if (overwritten) return this.recordOverwritten(candidate, overwritten);
      // Reading again could find what another program wrote since.
      if (observation.state === 'file')
        return this.inPlace(candidate, observation, { head: await store.head(path), gone });
    }
    const entry = await disk.entry(path);
    if (candidate.deleted && entry.state === 'missing') await this.recordDeleted(candidate, candidate.deleted);
    if (entry.state === 'directory') {
      const files = disk.watchedBelow(path).filter((file) => isNewIn(this.seen, file));
      found.push(...inside(candidate, files));
    }
    if (entry.state === 'directory' || entry.state === 'missing') gone.push(candidate);
    // An unwatched path is not read; it may be a folder that contains watched files.
    else if (mayRecord) {
      const head = await store.head(path);
      if (!arrivals.keep(candidate, head, entry)) {
        return this.inPlace(candidate, await disk.observe(path), { head, gone });
      }
      // A new file may have replaced a folder.
      if (!head) gone.push(candidate);
    }
    return [];
  }

  /** The drafts of a path that nothing moved to. It, or the folder that was there, may be gone by now. */
  private inPlace(
    candidate: Candidate,
    observation: Observation,
    { head, gone }: { readonly head: Head | undefined; readonly gone: Candidate[] },
  ): Promise<VersionDraft[]> {
    if (!head || observation.state === 'missing') gone.push(candidate);
    return this.present(candidate, observation, { head });
  }

  /** The drafts of files that are new at their paths. Exchanged files stay together. */
  private async arrived(step: readonly PlacedFile[], gone: Candidate[]): Promise<VersionDraft[]> {
    const { disk, store } = this.deps;
    const seen = await Promise.all(
      step.map(async (placed) => ({ ...placed, observation: await disk.observe(placed.candidate.path) })),
    );
    const isWhole = seen.every(({ observation: { state } }) => state === 'file' || state === 'too large');
    const drafts = seen.map(({ candidate, source, observation }) => {
      if (isWhole && source) return this.present(candidate, observation, { source });
      if (observation.state === 'missing') gone.push(candidate);
      return this.attempt([candidate], async () =>
        this.present(candidate, observation, { head: await store.head(candidate.path) }),
      );
    });
    return (await Promise.all(drafts)).flat();
  }

  /**
   * Records a save that was overwritten on disk. The cause of the present content is not known here, so that is
   * recorded later.
   */
  private async recordOverwritten(candidate: Candidate, saved: Uint8Array): Promise<[]> {
    await this.appendBytes(candidate, saved);
    this.deps.onOverwritten(candidate.path);
    return [];
  }

  /** Records the content of a file that is gone, so that its deletion can be recorded. */
  private async recordDeleted({ path }: Candidate, bytes: Uint8Array): Promise<void> {
    await this.appendBytes({ path, cause: 'baseline', confidence: 'certain', regardless: true }, bytes);
  }

  private async appendBytes(candidate: Candidate, bytes: Uint8Array, mode?: number): Promise<void> {
    const head = await this.deps.store.head(candidate.path);
    const given = asObservation(bytes, this.deps.clock.now(), mode ?? head?.version.mode);
    await this.appends.add(await this.present(candidate, given, { head }));
    await this.appends.settle();
  }

  private async bytesOfHead(path: string): Promise<Uint8Array | undefined> {
    const head = await this.deps.store.head(path);
    return head?.version.sha256 === undefined ? undefined : this.deps.store.content(head.version);
  }

  private async present(
    candidate: Candidate,
    observation: Observation,
    { head, source }: { readonly head?: Head | undefined; readonly source?: Source },
  ): Promise<VersionDraft[]> {
    if (observation.state === 'unreadable') throw observation.error;
    if (observation.state !== 'file' && observation.state !== 'too large') return [];
    const { store, optional } = this.deps;
    const { stamp, identity } = observation;
    const parts = this.draftParts(candidate, head);
    const sourceOf = async (hash: string) =>
      source ?? optional.run(moveSearch, () => this.finder.findLate(candidate, hash, identity));
    const draft =
      observation.state === 'file'
        ? await fileDraft(parts, observation, sourceOf)
        : unstoredDraft(parts, observation, source);
    if (draft) {
      this.drafted.set(draft, identity);
      return [draft];
    }
    // Another file with the same bytes may have moved here, so recently that neither has a stamp.
    if (head) {
      this.identities.note(head.version.id, identity);
      if (head.stamp !== stamp)
        await optional.run('some stamps', () => store.noteStamps([{ path: candidate.path, stamp }]));
    }
    return [];
  }

  private mayRecord(candidate: Candidate): boolean {
    return candidate.regardless === true || this.deps.isWatched(candidate.path);
  }

  /** The deletion of a missing file, or of every known file of a missing folder. */
  private async deletions(candidate: Candidate): Promise<VersionDraft[]> {
    const { store } = this.deps;
    const own = await store.head(candidate.path);
    const known = [...(own ? [own] : []), ...(await store.heads(candidate.path))];
    const drafts: VersionDraft[] = [];
    for (const head of known) {
      const gone = below(candidate, head.version.path);
      // A file that cannot be read must not prevent the other deletions.
      drafts.push(...(await this.attempt([gone], () => this.deletion(gone, head))));
    }
    return drafts;
  }

  private async deletion(gone: Candidate, head: Head): Promise<VersionDraft[]> {
    if (!this.mayRecord(gone) && this.deps.isDeletionWatched?.(gone.path) !== true) return [];
    const { state } = await this.deps.disk.entry(gone.path);
    if ((state !== 'missing' && state !== 'directory') || !isNewIn(this.deleted, gone.path)) return [];
    return [deletionDraft({ ...this.draftParts(gone, head), head })];
  }

  private draftParts(candidate: Candidate, head: Head | undefined): DraftDeps {
    const { deps, changeSetOf, attribute } = this;
    return { ...deps, candidate, head, changeSetOf, attribute, now: deps.clock.now() };
  }

  private stored(versions: readonly VersionRecord[], drafts: readonly VersionDraft[]): void {
    for (const [index, version] of versions.entries()) {
      this.results.push({ path: version.path, versions: [version] });
      this.identities.note(version.id, this.drafted.get(drafts[index] as VersionDraft));
    }
    this.deps.onRecorded(versions);
  }

  private fail(path: string, error: unknown): [] {
    this.results.push({ path, versions: [], error: asObbyError(error) });
    return [];
  }
}

/** Adds a path to a set; true if it is new there. */
function isNewIn(paths: Set<string>, path: string): boolean {
  return paths.size < paths.add(path).size;
}
