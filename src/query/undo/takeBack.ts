import { mergeBytes } from '../../diff/merge';
import type { ConflictReason, OnConflict } from '../../model/undo';
import type { VersionId, VersionRecord } from '../../model/version';
import type { UndoneRun } from './changedFiles';

/** Bytes by their hash; read only when they are merged. */
export interface KnownContent {
  readonly sha256: string;
  /** A version with these bytes, if there is one. */
  readonly version?: VersionId;
  readonly read: () => Promise<Uint8Array>;
}

/** A state of a file. */
export interface FileState {
  readonly path: string;
  /** Undefined: there is no file. */
  readonly content: KnownContent | undefined;
  readonly mode?: number | undefined;
}

/** What taking changes back leaves of a file. */
export interface TakenBack {
  readonly state: FileState;
  /** Later edits are part of the content. */
  readonly isMerged: boolean;
  /** Why it is left as it is; with an answer to conflicts, what was answered. */
  readonly conflict?: ConflictReason;
  /** Places where later edits overlap with what is taken back. */
  readonly overlaps: number;
  /** The answer to conflicts decided. */
  readonly isAnswered: boolean;
}

export interface TakeBackOptions {
  readonly onConflict: OnConflict;
  /** The content of a version of the history. */
  readonly contentOf: (version: VersionRecord) => KnownContent;
  /** Content that a merge made. */
  readonly merged: (bytes: Uint8Array) => KnownContent;
}

/** Names in conflict markers. */
const labels = { ours: 'present', theirs: 'before the change that is undone' };

/**
 * Takes back changes of a file, the newest first: of each, the content, the mode, the path and the existence, whichever
 * it changed. What others changed before, in between and later stays. A conflict that is not answered leaves the file
 * as it is.
 */
export async function takeBack(
  present: FileState,
  runs: readonly UndoneRun[],
  options: TakeBackOptions,
): Promise<TakenBack> {
  let state = present;
  let [isMerged, isAnswered] = [false, false];
  let overlaps = 0;
  let conflict: ConflictReason | undefined;
  for (const run of runs) {
    const step = await takeRunBack(state, run, options);
    const isRefused = step.conflict !== undefined && step.isAnswered !== true;
    overlaps += step.overlaps ?? 0;
    conflict = step.conflict ?? conflict;
    if (isRefused)
      return { state: present, isMerged: false, isAnswered: false, overlaps, ...(conflict && { conflict }) };
    state = step.state ?? state;
    isMerged ||= step.isMerged === true;
    isAnswered ||= step.isAnswered === true;
  }
  return { state, isMerged, isAnswered, overlaps, ...(conflict && { conflict }) };
}

type Step = Partial<TakenBack>;

async function takeRunBack(present: FileState, run: UndoneRun, options: TakeBackOptions): Promise<Step> {
  const { before, after } = run;
  const wasThere = before !== undefined && before.kind !== 'deleted';
  const isThere = after.kind !== 'deleted';
  if (!wasThere) return isThere ? undoCreation(present, after, options) : {};
  if (!isReadable(before)) return { conflict: 'unstored' };
  if (!isThere) return undoDeletion(present, before, options);
  if (!present.content) return {};
  if (isCut(run)) return { conflict: 'unstored' };
  const moved = undoRename(present.path, before.path, after.path, options);
  if (moved.conflict && !moved.isAnswered) return moved;
  const content = await undoEdit(present.content, run, options);
  if (content.conflict && !content.isAnswered) return content;
  const mode = undoMode(present.mode, before.mode, after.mode);
  const state = { path: moved.path, content: content.content, ...(mode !== undefined && { mode }) };
  return { ...moved, ...content, isAnswered: moved.isAnswered || content.isAnswered === true, state };
}

function undoCreation(present: FileState, after: VersionRecord, { onConflict }: TakeBackOptions): Step {
  const { content, path } = present;
  if (!content) return {};
  const state = { path, content: undefined };
  if (content.sha256 === after.sha256 && path === after.path) return { state };
  if (onConflict === 'theirs') return { state, conflict: 'edited', isAnswered: true };
  return { conflict: 'edited', isAnswered: onConflict === 'ours' };
}

async function undoDeletion(present: FileState, before: VersionRecord, options: TakeBackOptions): Promise<Step> {
  const content = options.contentOf(before);
  const { path, mode } = before;
  if (!present.content) return { state: { path, content, ...(mode !== undefined && { mode }) } };
  if (present.content.sha256 === content.sha256) return {};
  const { onConflict } = options;
  if (onConflict === 'ours') return { conflict: 'exists', isAnswered: true };
  if (onConflict === 'theirs') return { state: { ...present, content }, conflict: 'exists', isAnswered: true };
  const merged = await mergedContent(present.content, { before: content, after: emptyContent }, options);
  if (onConflict === 'refuse' || !merged.content) return { conflict: 'exists' };
  return { ...merged, state: { ...present, content: merged.content }, conflict: 'exists', isAnswered: true };
}

const emptyContent: Pick<KnownContent, 'read'> = { read: () => Promise.resolve(new Uint8Array()) };

function undoRename(
  present: string,
  before: string,
  after: string,
  { onConflict }: TakeBackOptions,
): { readonly path: string; readonly conflict?: ConflictReason; readonly isAnswered: boolean } {
  if (before === after || present === before) return { path: present, isAnswered: false };
  if (present === after) return { path: before, isAnswered: false };
  const isAnswered = onConflict === 'theirs' || onConflict === 'ours';
  return { path: onConflict === 'theirs' ? before : present, conflict: 'renamed', isAnswered };
}

async function undoEdit(
  present: KnownContent,
  { before, after }: UndoneRun,
  options: TakeBackOptions,
): Promise<Step & { readonly content?: KnownContent }> {
  if (!before || before.sha256 === after.sha256 || present.sha256 === before.sha256) return { content: present };
  const content = options.contentOf(before);
  if (present.sha256 === after.sha256) return { content };
  if (!isReadable(after)) return { conflict: 'unstored' };
  return mergedContent(present, { before: content, after: options.contentOf(after) }, options);
}

/** The present content without the change from `before` to `after`. */
async function mergedContent(
  present: KnownContent,
  { before, after }: { readonly before: KnownContent; readonly after: Pick<KnownContent, 'read'> },
  { onConflict, merged }: TakeBackOptions,
): Promise<Step & { readonly content?: KnownContent }> {
  const [base, ours, theirs] = await Promise.all([after.read(), present.read(), before.read()]);
  const result = mergeBytes({ base, ours, theirs }, { onOverlap: onConflict, labels });
  if (result.kind === 'cannot') {
    if (onConflict === 'ours') return { content: present, conflict: 'unmergeable', isAnswered: true };
    if (onConflict === 'theirs') return { content: before, conflict: 'unmergeable', isAnswered: true };
    return { conflict: 'unmergeable' };
  }
  const { bytes, overlaps } = result;
  if (!bytes) return { conflict: 'overlap', overlaps };
  const content = merged(bytes);
  if (overlaps === 0) return { content, isMerged: true };
  return { content, isMerged: true, conflict: 'overlap', overlaps, isAnswered: true };
}

/** Takes back the bits that the change set or cleared, and that are still as it left them. */
function undoMode(
  present: number | undefined,
  before: number | undefined,
  after: number | undefined,
): number | undefined {
  if (present === undefined || before === undefined || after === undefined) return present;
  const untouched = ~(present ^ after);
  return (present & ~untouched) | (before & untouched);
}

function isReadable({ sha256, unstored }: VersionRecord): boolean {
  return sha256 !== undefined && unstored === undefined;
}

/** A version before one of these was dropped, so that it is not known what they changed. */
function isCut({ versions }: UndoneRun): boolean {
  return versions.some(
    ({ kind, added, binary, unstored, previous }) =>
      kind !== 'created' && kind !== 'deleted' && previous !== undefined && !binary && !unstored && added === undefined,
  );
}
