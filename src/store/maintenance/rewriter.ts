import type { Clock } from '../../base/clock';
import { ObbyError } from '../../base/errors';
import type { FilePort } from '../disk/filePort';
import type { SegmentIntake } from '../sync/segmentIntake';
import type { Ownership } from '../sync/ownership';
import { fill, gather, isSetAside, type Gathered, type RewriteDeps, type RewriteSource } from './rewrite';
import { SegmentBuilder } from '../segment/segmentBuilder';
import { TimeSlicer } from '../../base/timeSlicer';
import { randomName } from '../format/versionKey';
import type { VersionRow } from '../format/versionRow';

export interface RewriterDeps extends RewriteDeps {
  readonly dir: string;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly ownership: Ownership;
  /** Makes a segment durable, under its name; rejects when another window has taken over what this one does. */
  readonly publish: (id: string, bytes: Uint8Array) => Promise<void>;
  readonly intake: SegmentIntake;
  /** Runs work while nobody records, in this window or another, and the catalog knows all that was recorded. */
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>;
}

/** What becomes of a version when its source is written anew: it stays, is changed, or is left out. */
type VersionRewrite = (row: VersionRow) => VersionRow | undefined;

export interface RewriteOptions {
  /** Without it, all stays. */
  readonly change?: VersionRewrite;
  /** Contents that go although versions refer to them. */
  readonly forgotten?: ReadonlySet<string>;
  /** Asked at last, while nobody records: false calls it off. */
  readonly isStillMeant?: () => boolean;
}

const nothing: ReadonlySet<string> = new Set();

/** What a rewrite drops must not be referred to meanwhile; if it is, all is done again, this often at most. */
const maxTries = 5;

/**
 * The one way in which the store changes what it holds: some sources are written anew as one segment that takes their
 * place. Sealing, merging, dropping, forgetting and mending are all that. The new segment is durable, under its name, before
 * anything is removed, and names what it replaces: whenever it is interrupted, one of both is whole.
 */
export class Rewriter {
  constructor(private readonly deps: RewriterDeps) {}

  /** Returns whether it was done: not when what is to go is needed after all, or a source was still written to. */
  async rewrite(
    sources: readonly RewriteSource[],
    { change, forgotten, isStillMeant = () => true }: RewriteOptions = {},
  ): Promise<boolean> {
    const gathered = await gather(this.deps, sources);
    if (change === undefined) {
      return this.replace(sources, gathered, nothing, undefined);
    }
    const rows = gathered.rows.flatMap((row) => change(row) ?? []);
    for (let tries = 0; tries < maxTries && isStillMeant(); tries++) {
      const dropped = await this.unused(sources, gathered, rows, forgotten);
      const contents = new Set([...gathered.contents].filter((sha256) => !dropped.has(sha256)));
      const wanted = { ...gathered, rows, contents };
      if (await this.replace(sources, wanted, dropped, forgotten, isStillMeant)) return true;
    }
    return false;
  }

  /** False when something that is to be dropped is needed after all, or a source has grown. */
  private async replace(
    sources: readonly RewriteSource[],
    gathered: Gathered,
    dropped: ReadonlySet<string>,
    forgotten: ReadonlySet<string> | undefined,
    isStillMeant?: () => boolean,
  ): Promise<boolean> {
    const { segments, intake } = this.deps;
    const id = newSourceId(this.deps.clock);
    const bytes = await this.build(id, sources, gathered, forgotten !== undefined);
    const isDone = await this.exclusivelyIf(isStillMeant !== undefined, async () => {
      if (isStillMeant?.() === false || (await this.isNeeded(sources, dropped, forgotten))) return false;
      if (await this.haveGrown(gathered)) return false;
      await this.deps.publish(id, bytes);
      this.deps.catalog.removeContents(dropped);
      return true;
    });
    if (!isDone) return false;
    if ((await intake.run([id])).length > 0) {
      // What they hold counts again.
      await gather(this.deps, sources);
      throw notReadBack(segments.fileName(id));
    }
    for (const source of sources) await intake.takeOut(source.id);
    await this.removeFiles(sources, forgotten !== undefined);
    if (isEmpty(gathered)) await this.removeEmpty(id, sources);
    return true;
  }

  /** A segment without anything in it is there for the files that it replaces. */
  private async removeEmpty(id: string, sources: readonly RewriteSource[]): Promise<void> {
    const left = await this.idsInFolder();
    if (sources.some((source) => left.has(source.id))) return;
    await this.deps.segments.remove(id);
    await this.deps.intake.takeOut(id);
  }

  private exclusivelyIf<T>(isNeeded: boolean, work: () => Promise<T>): Promise<T> {
    return isNeeded ? this.deps.exclusively(work) : work();
  }

  private async build(
    id: string,
    sources: readonly RewriteSource[],
    gathered: Gathered,
    forgets: boolean,
  ): Promise<Uint8Array> {
    const { sql, codec, clock } = this.deps;
    const builder = new SegmentBuilder(sql, codec);
    try {
      await fill(builder, this.deps, gathered);
      const replaces = [...sources.map((source) => source.id), ...(await this.stillReplaced(sources))];
      return builder.finish({ id, made: clock.now(), replaces, forgets });
    } finally {
      builder.close();
    }
  }

  /** What these segments replaced and is there all the same: it was set aside, or could not be removed. */
  private async stillReplaced(sources: readonly RewriteSource[]): Promise<string[]> {
    const { segments } = this.deps;
    const replaced = sources.flatMap(({ id, kind }) => (kind === 'segment' ? segments.replacedBy(id) : []));
    const left = await this.idsInFolder();
    return [...new Set(replaced)].filter((id) => left.has(id));
  }

  private async idsInFolder(): Promise<ReadonlySet<string>> {
    const names = await this.deps.files.list(this.deps.dir);
    return new Set(names.filter(isSourceName).map((name) => name.slice(0, name.indexOf('.'))));
  }

  /** Contents of the sources that no version will refer to. */
  private async unused(
    sources: readonly RewriteSource[],
    { contents }: Gathered,
    rows: readonly VersionRow[],
    forgotten: ReadonlySet<string> | undefined,
  ): Promise<ReadonlySet<string>> {
    const used = new Set(rows.flatMap(({ sha256, unstored }) => (unstored === undefined ? (sha256 ?? []) : [])));
    const candidates = [...contents].filter((sha256) => !used.has(sha256));
    const elsewhere = await this.referredTo(candidates, sources);
    return new Set(candidates.filter((sha256) => forgotten?.has(sha256) === true || !elsewhere.has(sha256)));
  }

  /** Whether a journal was still written by a window that was taken for dead. */
  private async haveGrown({ journalBytes }: Gathered): Promise<boolean> {
    for (const [id, bytes] of journalBytes) if ((await this.deps.journals.sizeOf(id)) !== bytes) return true;
    return false;
  }

  private async isNeeded(
    sources: readonly RewriteSource[],
    dropped: ReadonlySet<string>,
    forgotten: ReadonlySet<string> | undefined,
  ): Promise<boolean> {
    const candidates = [...dropped].filter((sha256) => forgotten?.has(sha256) !== true);
    return (await this.referredTo(candidates, sources)).size > 0;
  }

  /** Which of these contents versions of other sources refer to. */
  private async referredTo(
    candidates: readonly string[],
    sources: readonly RewriteSource[],
  ): Promise<ReadonlySet<string>> {
    const { catalog, stop } = this.deps;
    const slices = new TimeSlicer(stop);
    const found = new Set<string>();
    if (candidates.length === 0) return found;
    const keys = catalog.keysOf(candidates);
    for (const key of catalog.contentsReferredTo(sources.map(({ id }) => id))) {
      const sha256 = key === undefined ? undefined : keys.get(key);
      if (sha256 !== undefined) found.add(sha256);
      await slices.pause();
    }
    return found;
  }

  /** Removes files whose content stands elsewhere, which somebody did not come to remove; when forgetting, damaged ones too. */
  async sweep(isForgetting = false): Promise<void> {
    const { catalog, dir, files, journals, segments } = this.deps;
    const names = await files.list(dir);
    const listed = [
      ...(await journals.refresh(names)).map(({ id }): RewriteSource => ({ id, kind: 'journal' })),
      ...segments.refresh(names).map((id): RewriteSource => ({ id, kind: 'segment' })),
    ].filter((source) => catalog.isReplaced(source.id) && (isForgetting || !isSetAside(this.deps, source)));
    for (const source of listed) await this.remove(source);
    if (listed.length > 0) await files.syncDir(dir);
  }

  private async remove({ id, kind }: RewriteSource): Promise<void> {
    const { journals, segments } = this.deps;
    await (kind === 'segment' ? segments.remove(id) : journals.remove(id));
  }

  /** What was set aside as damaged stays, for whoever knows to read more of it; but not what was to be forgotten. */
  private async removeFiles(sources: readonly RewriteSource[], isForgotten: boolean): Promise<void> {
    const { dir, files, journals } = this.deps;
    await journals.refresh();
    for (const source of sources) {
      if (isForgotten || !isSetAside(this.deps, source)) await this.remove(source);
    }
    // What was dropped or forgotten shall not come back when the power goes.
    await files.syncDir(dir);
  }
}

function isEmpty({ rows, contents, marks }: Gathered): boolean {
  return rows.length === 0 && contents.size === 0 && marks.length === 0;
}

function isSourceName(name: string): boolean {
  return name.endsWith('.segment') || name.endsWith('.journal');
}

function notReadBack(fileName: string): ObbyError {
  return new ObbyError('storeFailed', `${fileName} was written but could not be read back: nothing was removed.`);
}

/** Sorts by time. */
export function newSourceId(clock: Clock): string {
  return clock.now().toString(36).padStart(9, '0').slice(-10) + randomName(6);
}
