import type { Head, HistoryStore, ReadableVersion, VersionDraft } from '../model/historyStore';
import type { Disk, FileObservation, TooLargeObservation } from './disk/disk';
import { isOtherMode, type ChangeKind } from '../model/version';
import type { OptionalWork } from '../base/optionalWork';
import { sha256Of } from '../base/sha256';
import type { Candidate } from './candidate';
import type { Attribution } from './causeSpans';
import type { UngroupedChange } from './changeSetGrouper';
import type { Source } from './moveFinder';
import { countChanges, type ChangeCounts } from '../diff/textDiff';

/** What a draft is made of, besides the state on disk. */
export interface DraftDeps {
  readonly candidate: Candidate;
  /** The newest version of the file at the candidate's path, if there is one and the file did not move here. */
  readonly head: Head | undefined;
  readonly changeSetOf: (change: UngroupedChange) => string;
  /** ms since the epoch. */
  readonly now: number;
  /** The probable cause of a change at a time (ms), if known. */
  readonly attribute: (changedMs: number) => Attribution | undefined;
  readonly disk: Pick<Disk, 'changedAbove' | 'movedAbove'>;
  readonly store: HistoryStore;
  readonly optional: OptionalWork;
}

/** The draft of a file's bytes and mode; undefined when they are those of the newest version. */
export async function fileDraft(
  parts: DraftDeps,
  observation: FileObservation,
  sourceOf: (sha256: string) => Promise<Source | undefined>,
): Promise<VersionDraft | undefined> {
  const { bytes, stamp, mode } = observation;
  const { head } = parts;
  const hash = sha256Of(bytes);
  if (head?.version.sha256 === hash && !hasOtherMode(parts, head, mode)) return undefined;
  const source = head ? undefined : await sourceOf(hash);
  return {
    ...common(moved(parts, source), kindOf(head, source), timesOf(parts, observation, source)),
    ...(source && { renamedFrom: source.path }),
    ...(await countsOf(parts, (head ?? source)?.version, bytes)),
    size: bytes.length,
    sha256: hash,
    content: bytes,
    ...(mode !== undefined && { mode }),
    ...(stamp !== undefined && { stamp }),
  };
}

/** Notes a file over the size limit, once for each distinguishable state. */
export function unstoredDraft(
  parts: DraftDeps,
  observation: TooLargeObservation,
  source: Source | undefined,
): VersionDraft | undefined {
  const { head } = parts;
  if (head && isNoted(head, observation)) return undefined;
  const { size, stamp, mode } = observation;
  return {
    ...common(moved(parts, source), kindOf(head, source), timesOf(parts, observation, source)),
    ...(source && { renamedFrom: source.path }),
    unstored: 'too large',
    size,
    eolOnly: false,
    binary: true,
    ...(mode !== undefined && { mode }),
    ...(stamp !== undefined && { stamp }),
  };
}

/** Whether the newest version is this state, as far as its stamp tells. */
function isNoted({ version, stamp }: Head, observation: TooLargeObservation): boolean {
  if (version.unstored !== 'too large' || version.size !== observation.size) return false;
  return stamp === undefined || stamp === observation.stamp;
}

export function deletionDraft(parts: DraftDeps & { readonly head: Head }): VersionDraft {
  return {
    ...common(parts, 'deleted', { mtimeMs: parts.now, changedMs: parts.disk.changedAbove(parts.candidate.path) }),
    size: 0,
    eolOnly: false,
    binary: parts.head.version.binary,
  };
}

/** A mode that was not recorded before is no change by itself: a history without modes would get a version of each file. */
function hasOtherMode({ candidate }: DraftDeps, { version }: Head, mode: number | undefined): boolean {
  if (version.mode === undefined && candidate.withMode === true) return mode !== undefined;
  return isOtherMode(mode, version.mode);
}

function kindOf(head: Head | undefined, source: Source | undefined): ChangeKind {
  if (source) return 'renamed';
  return head ? 'modified' : 'created';
}

/** With the cause for the case that the file moved here. */
function moved(parts: DraftDeps, source: Source | undefined): DraftDeps {
  return source ? { ...parts, candidate: { ...parts.candidate, ...parts.candidate.ifMoved } } : parts;
}

interface Times {
  readonly mtimeMs: number;
  readonly changedMs: number | undefined;
}

/**
 * Moving a folder does not change the times of its files; the times of that folder, or of the one it left, show the
 * move.
 */
function timesOf(parts: DraftDeps, { mtimeMs, changedMs }: Times & { changedMs: number }, source?: Source): Times {
  const { disk, head, candidate } = parts;
  const isOlder = source !== undefined && changedMs <= source.version.time;
  const left = isOlder ? disk.changedAbove(source.path) : undefined;
  const came = head ? undefined : disk.movedAbove(candidate.path);
  return { mtimeMs, changedMs: Math.max(changedMs, left ?? 0, came ?? 0) };
}

function common(
  { candidate, changeSetOf, now, attribute }: DraftDeps,
  kind: ChangeKind,
  { mtimeMs, changedMs }: Times,
) {
  const { path } = candidate;
  // Only a change without a known cause is attributed to what ran at the time.
  const found = candidate.cause === 'external' && changedMs !== undefined ? attribute(changedMs) : undefined;
  const { cause, causeDetail, confidence }: Attribution = found ?? candidate;
  const since = causeDetail?.since;
  const time = since === undefined ? now : timeSince(since, Math.max(mtimeMs, changedMs ?? 0), now);
  const change = { path, kind, cause, ...(causeDetail && { causeDetail }), time };
  return { ...change, confidence, changeSet: found?.changeSet ?? changeSetOf({ ...change, changedMs }) };
}

/**
 * The end time of a change that was not noticed. The disk's time may be before the previous scan; then it is only known
 * to have happened by now.
 */
function timeSince(since: number, changedMs: number, now: number): number {
  return changedMs > since && changedMs <= now ? Math.floor(changedMs) : now;
}

/** Without line counts if the previous content cannot be read: a damaged version must not prevent the next one. */
async function countsOf(
  { store, optional }: DraftDeps,
  before: ReadableVersion | undefined,
  bytes: Uint8Array,
): Promise<ChangeCounts> {
  const counts = await optional.run('line counts', async () => countChanges(await contentOf(before, store), bytes));
  if (counts) return counts;
  const isBinary = optional.try('telling text from binary', () => countChanges(bytes, bytes).binary);
  return { eolOnly: false, binary: isBinary ?? false };
}

/** The content of a file, or its last before it was deleted. */
async function contentOf(newest: ReadableVersion | undefined, store: HistoryStore): Promise<Uint8Array> {
  const isDeleted = newest?.kind === 'deleted' && newest.previous !== undefined;
  const version = isDeleted ? await store.version(newest.previous) : newest;
  if (version?.sha256 === undefined || version.unstored) return new Uint8Array();
  return store.content(version);
}
