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
 * Takes back changes of a file: of each, the content, the mode, the path and the existence, whichever it changed. What
 * others changed before, in between and later stays. A conflict that is not answered leaves the file as it is.
 *
 * First the file as the newest of the changes left it loses all of them, the newest first; then the present file gets
 * that difference. So changes that add up, or that were taken back before, are no conflict of each other.
 */
export async function takeBack(
  present: FileState,
  runs: readonly UndoneRun[],
  options: TakeBackOptions,
): Promise<TakenBack> {
  const result = new Result(present);
  const [newest] = runs;
  if (!newest) return result.taken;
  if (runs.some(isUnstored)) return result.refused({ conflict: 'unstored' });
  const after = stateOf(newest.after, options);
  let without = after;
  for (const run of runs) {
    const change = { before: stateOf(run.before, options, run.after.path), after: stateOf(run.after, options) };
    const step = await takeChangeBack(without, change, options);
    if (!result.take(step)) return result.refused(step);
    without = step.state ?? without;
  }
  const step = await takeChangeBack(present, { before: without, after }, options);
  if (!result.take(step)) return result.refused(step);
  result.state = step.state ?? present;
  return result.taken;
}

type Step = Partial<TakenBack>;

/** Adds up what steps do. */
class Result {
  private isMerged = false;
  private isAnswered = false;
  private overlaps = 0;
  private conflict: ConflictReason | undefined;

  constructor(public state: FileState) {}

  /** False for a conflict without answer. */
  take({ isMerged, isAnswered, overlaps = 0, conflict }: Step): boolean {
    this.isMerged ||= isMerged === true;
    this.isAnswered ||= isAnswered === true;
    this.overlaps += overlaps;
    this.conflict = conflict ?? this.conflict;
    return conflict === undefined || isAnswered === true;
  }

  get taken(): TakenBack {
    const { state, isMerged, isAnswered, overlaps, conflict } = this;
    return { state, isMerged, isAnswered, overlaps, ...(conflict && { conflict }) };
  }

  refused({ conflict }: Step): TakenBack {
    const { state, overlaps } = this;
    return { state, isMerged: false, isAnswered: false, overlaps, ...(conflict && { conflict }) };
  }
}

interface Change {
  readonly before: FileState;
  readonly after: FileState;
}

function stateOf(version: VersionRecord | undefined, { contentOf }: TakeBackOptions, path = ''): FileState {
  if (!version) return { path, content: undefined };
  const { mode } = version;
  const content = version.kind === 'deleted' ? undefined : contentOf(version);
  return { path: version.path, content, ...(mode !== undefined && { mode }) };
}

/** Of each part of a file, what a change did, if it is still so; the rest as it is. */
async function takeChangeBack(present: FileState, { before, after }: Change, options: TakeBackOptions): Promise<Step> {
  if (!before.content) return after.content ? undoCreation(present, after, options) : {};
  if (!after.content) return undoDeletion(present, { ...before, content: before.content }, options);
  if (!present.content) return {};
  const moved = undoRename(present.path, before.path, after.path, options);
  if (moved.conflict && !moved.isAnswered) return moved;
  const content = await undoEdit(present.content, { before: before.content, after: after.content }, options);
  if (content.conflict && !content.isAnswered) return content;
  const mode = undoMode(present.mode, before.mode, after.mode);
  const state = { path: moved.path, content: content.content, ...(mode !== undefined && { mode }) };
  return { ...moved, ...content, isAnswered: moved.isAnswered || content.isAnswered === true, state };
}

function undoCreation(present: FileState, after: FileState, { onConflict }: TakeBackOptions): Step {
  const { content, path } = present;
  if (!content) return {};
  const state = { path, content: undefined };
  if (content.sha256 === after.content?.sha256 && path === after.path) return { state };
  if (onConflict === 'theirs') return { state, conflict: 'edited', isAnswered: true };
  return { conflict: 'edited', isAnswered: onConflict === 'ours' };
}

async function undoDeletion(
  present: FileState,
  before: FileState & { readonly content: KnownContent },
  options: TakeBackOptions,
): Promise<Step> {
  const { content } = before;
  if (!present.content) return { state: before };
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
  { before, after }: { readonly before: KnownContent; readonly after: KnownContent },
  options: TakeBackOptions,
): Promise<Step & { readonly content?: KnownContent }> {
  if (before.sha256 === after.sha256 || present.sha256 === before.sha256) return { content: present };
  return present.sha256 === after.sha256 ? { content: before } : mergedContent(present, { before, after }, options);
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

/** Whether the history lacks what was before, or a content in between, so that it is not known what was changed. */
function isUnstored({ before, after, versions }: UndoneRun): boolean {
  const hasContent = ({ sha256, unstored, kind }: VersionRecord): boolean =>
    kind === 'deleted' || (sha256 !== undefined && unstored === undefined);
  if (before && before.kind !== 'deleted' && (!hasContent(before) || !hasContent(after))) return true;
  // The version before one without counts was dropped.
  return versions.some(
    ({ kind, added, binary, unstored, previous }) =>
      kind !== 'created' && kind !== 'deleted' && previous !== undefined && !binary && !unstored && added === undefined,
  );
}
