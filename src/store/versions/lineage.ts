import { isOtherMode, type VersionId, type VersionRecord } from '../../model/version';
import type { VersionDraft } from '../../model/historyStore';
import type { PathOccupant } from '../catalog/catalogRows';
import type { FileKey, VersionRow } from '../format/versionRow';
import type { VersionIds } from './versionIds';

/** The recorded state of paths. */
export interface LineageSource {
  occupant(path: string): PathOccupant | undefined;
  lastTimeAt(path: string): number;
  births(path: string): number;
}

/** Clocks of machines, and one that is adjusted, may differ by this much. */
const tolerableMs = 1_000;

/** A version with its place in a history. */
export interface PlacedVersion {
  readonly row: VersionRow;
  readonly previous?: VersionId;
  /** The mode of the previous version, if it is another. */
  readonly previousMode?: number;
  /** SHA-256 of the last content of the file before it. */
  readonly lastContent?: string;
  /** The deletion that ends the file that a rename replaced, recorded just before it. */
  readonly ended?: VersionRow;
}

interface FileState {
  readonly file: FileKey;
  isAlive: boolean;
  head?: VersionId;
  time: number;
  content?: string | undefined;
  mode?: number | undefined;
}

/**
 * Decides which file's history a draft continues, for drafts that build on each other before any of them is recorded:
 * - a rename continues the history at the old path, alive or deleted; a living file at the new path is ended by a
 *   deletion, so that `deletedFiles` and `versionAt` find it;
 * - renames of one call may exchange files: a living file at the new path that a later rename moves away is not ended,
 *   and the later rename moves this file;
 * - any other draft continues the history at its path, alive or deleted;
 * - at a path that was never used, or from which the file moved away, a new history begins.
 * The times in ids are strictly increasing within a file and at a path, also while the system's clock is set back.
 */
export class Lineage {
  private readonly states = new Map<string, FileState | undefined>();
  private readonly times = new Map<string, number>();
  private readonly births = new Map<string, number>();
  /** Living files whose path a rename took, until a later rename of the same call moves them. */
  private readonly displaced = new Map<string, FileState>();

  constructor(
    private readonly source: LineageSource,
    private readonly ids: Pick<VersionIds, 'now' | 'newest' | 'next'>,
  ) {}

  /** Places all drafts of one call, in order. */
  placeAll(drafts: readonly VersionDraft[]): PlacedVersion[] {
    const lastTaken = new Map<string, number>();
    drafts.forEach((draft, index) => {
      const source = sourceOf(draft);
      if (source !== undefined) lastTaken.set(source, index);
    });
    return drafts.map((draft, index) => this.place(draft, (lastTaken.get(draft.path) ?? 0) > index));
  }

  private place(draft: VersionDraft, isTakenLater: boolean): PlacedVersion {
    const moved = this.takeSource(draft);
    const ended = moved === undefined ? undefined : this.giveWay(draft, isTakenLater);
    const state = moved ?? this.at(draft.path) ?? this.begin(draft.path);
    const { head: previous, mode: previousMode, content: lastContent } = state;
    const row = this.row(state, draft);
    this.states.set(draft.path, state);
    return {
      row,
      ...(previous === undefined ? {} : { previous }),
      ...(isOtherMode(previousMode, row.mode) && { previousMode }),
      ...(lastContent === undefined ? {} : { lastContent }),
      ...(ended === undefined ? {} : { ended }),
    };
  }

  /** The file that a rename moves; it leaves its old path. */
  private takeSource(draft: VersionDraft): FileState | undefined {
    const source = sourceOf(draft);
    if (source === undefined) return undefined;
    const displaced = this.displaced.get(source);
    if (displaced !== undefined) {
      this.displaced.delete(source);
      return displaced;
    }
    const state = this.at(source);
    if (state !== undefined) this.states.set(source, undefined);
    return state;
  }

  /** Makes room for a file that moves to a path: the deletion of the living file there, unless that moves later. */
  private giveWay(draft: VersionDraft, isTakenLater: boolean): VersionRow | undefined {
    const there = this.at(draft.path);
    if (there?.isAlive !== true) return undefined;
    if (!isTakenLater || this.displaced.has(draft.path)) return this.end(there, draft);
    this.displaced.set(draft.path, there);
    return undefined;
  }

  private at(path: string): FileState | undefined {
    if (!this.states.has(path)) {
      const occupant = this.source.occupant(path);
      this.states.set(path, occupant === undefined ? undefined : { ...occupant });
      // The occupant's newest version is the newest at the path.
      if (occupant !== undefined && !this.times.has(path)) this.times.set(path, occupant.time);
    }
    return this.states.get(path);
  }

  private begin(path: string): FileState {
    const nth = this.births.get(path) ?? this.source.births(path);
    this.births.set(path, nth + 1);
    return { file: { originPath: path, generation: nth }, isAlive: false, time: 0 };
  }

  private end(state: FileState, { cause, causeDetail, confidence, changeSet, path, time }: VersionDraft): VersionRow {
    const detail = causeDetail === undefined ? {} : { causeDetail };
    const deletion = {
      path,
      kind: 'deleted',
      cause,
      ...detail,
      confidence: confidence,
      time,
      changeSet: changeSet,
    } as const;
    return this.row(state, { ...deletion, size: 0, eolOnly: false, binary: false });
  }

  /** The row of a draft that continues `state`, which is updated. */
  private row(state: FileState, draft: VersionDraft): VersionRow {
    const { content: _content, ...rest } = draft;
    const { now, newest } = this.ids;
    // While the clock is set back, new versions still come after the others.
    const least = draft.time <= now && now < newest - tolerableMs ? newest : 0;
    const time = Math.max(draft.time, state.time + 1, this.lastTimeAt(draft.path) + 1, least);
    const isAhead = time > now && time - draft.time > tolerableMs;
    const id = this.ids.next(time);
    this.times.set(draft.path, time);
    state.isAlive = draft.kind !== 'deleted';
    state.head = id;
    state.time = time;
    state.mode = draft.mode;
    if (draft.kind !== 'deleted') state.content = draft.sha256;
    return { ...rest, id, time: isAhead ? draft.time : time, file: state.file };
  }

  private lastTimeAt(path: string): number {
    return this.times.get(path) ?? this.source.lastTimeAt(path);
  }
}

/** A placed version as queries return it. */
export function placedRecord({ row, previous, previousMode }: PlacedVersion): VersionRecord {
  const { file: _file, stamp: _stamp, ...version } = row;
  return {
    ...version,
    pinned: false,
    ...(previous === undefined ? {} : { previous }),
    ...(previousMode === undefined ? {} : { previousMode }),
  };
}

function sourceOf({ kind, path, renamedFrom }: VersionDraft): string | undefined {
  return kind === 'renamed' && renamedFrom !== path ? renamedFrom : undefined;
}
