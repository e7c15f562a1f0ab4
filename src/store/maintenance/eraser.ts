import { messageOf, ObbyError } from '../../base/errors';
import type { ForgetPlanRecord } from '../../model/historyMaintenance';
import type { VersionId } from '../../model/version';
import { readWhole } from '../disk/filePort';
import { removeTraces } from '../catalog/catalogRemoval';
import type { WalkedVersion } from '../catalog/catalogWalk';
import type { Selection } from '../../model/historyStore';
import type { JournalRequests } from '../sync/journalRequests';
import { eachEntry, readOrLost, type RewriteSource, type MaintenanceDeps } from './rewrite';
import type { Rewriter } from './rewriter';
import { TimeSlicer } from '../../base/timeSlicer';
import type { Annotation } from '../format/annotation';
import type { VersionRow } from '../format/versionRow';

const maxFiles = 1_000;
const noFiles: ReadonlySet<number> = new Set();
/** The name of a label that had the text in it. */
const forgottenName = '…';

/** What will be removed. */
interface Doomed {
  readonly ids: ReadonlySet<VersionId>;
  /** Those among them that leave no row: their file had the text in its path. */
  readonly named: ReadonlySet<VersionId>;
  /** Contents with the text; the rows of their versions stay. */
  readonly contents: ReadonlySet<string>;
  readonly plan: ForgetPlanRecord;
}

/** Removes versions, or the contents of versions, from every file of the store. */
export class Eraser {
  constructor(
    private readonly deps: MaintenanceDeps,
    private readonly rewriter: Rewriter,
    private readonly requests: JournalRequests,
  ) {}

  async plan(selection: Selection): Promise<ForgetPlanRecord> {
    return (await this.select(selection)).plan;
  }

  async forget(selection: Selection): Promise<ForgetPlanRecord> {
    await this.requests.rotateAll();
    await this.rewriter.sweep(true);
    const doomed = await this.select(selection);
    const texts = selection.bytes ?? [];
    const sources = await this.sourcesOf(doomed, texts);
    const now = this.deps.clock.now();
    const isText = selection.bytes !== undefined;
    const change = (row: VersionRow): VersionRow | undefined => {
      if (!doomed.ids.has(row.id)) return withoutText(row, texts);
      return isText && !doomed.named.has(row.id) ? forgotten(row, now) : undefined;
    };
    const annotate = (annotation: Annotation): Annotation => withoutName(annotation, texts);
    if (sources.length > 0) await this.rewriter.rewrite(sources, { change, annotate, forgotten: doomed.contents });
    await this.rewriter.sweep(true);
    await this.removeTraces();
    await this.verify(selection);
    return doomed.plan;
  }

  /** The versions that a selection means. */
  private async select(selection: Selection): Promise<Doomed> {
    const { bytes: texts } = selection;
    const contents = texts === undefined ? undefined : await this.contentsWith(texts);
    const files = new Map<string, number>();
    const isNamed = (name: string): boolean => texts !== undefined && hasAny(Buffer.from(name), texts);
    const namedFiles = texts === undefined ? noFiles : this.deps.walk.filesNamed(isNamed);
    const ids = new Set<VersionId>();
    const named = new Set<VersionId>();
    const slices = new TimeSlicer(this.deps.stop);
    for (const { id, file, path, sha256, unstored } of this.walk(selection)) {
      await slices.pause();
      if (selection.matches?.(path) === false) continue;
      if (namedFiles.has(file)) named.add(id);
      else if (contents !== undefined && (unstored || sha256 === undefined || !contents.has(sha256))) continue;
      ids.add(id);
      files.set(path, (files.get(path) ?? 0) + 1);
    }
    const list = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, versions]) => ({ path, versions }));
    const labels = this.deps.walk.labels().filter(({ name }) => isNamed(name)).length;
    const plan = {
      ...{ versions: ids.size, files: list.slice(0, maxFiles), isCut: list.length > maxFiles },
      ...(labels > 0 && { labels }),
    };
    return { ids, named, contents: await this.narrowed(contents, ids), plan };
  }

  /** The versions of the selected files, or of all, in the selected span of time. */
  private walk({ path, since, until }: Selection): Generator<WalkedVersion> {
    const { walk, queries } = this.deps;
    const span = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
    return walk.versions(path === undefined ? span : { ...span, files: queries.filesAt(path) });
  }

  /** If the selection has a path or a time besides the text, contents stay that other versions share. */
  private async narrowed(
    contents: ReadonlySet<string> | undefined,
    ids: ReadonlySet<VersionId>,
  ): Promise<ReadonlySet<string>> {
    const kept = new Set<string>();
    if (contents === undefined || contents.size === 0) return kept;
    const slices = new TimeSlicer(this.deps.stop);
    for (const { id, sha256 } of this.deps.walk.versions()) {
      if (sha256 !== undefined && !ids.has(id)) kept.add(sha256);
      await slices.pause();
    }
    return new Set([...contents].filter((sha256) => !kept.has(sha256)));
  }

  /** Contents with any of the texts. */
  private async contentsWith(texts: readonly Uint8Array[]): Promise<ReadonlySet<string>> {
    const slices = new TimeSlicer(this.deps.stop);
    const found = new Set<string>();
    for (const sha256 of this.deps.walk.contents()) {
      const bytes = await readOrLost(this.deps, sha256);
      if (bytes !== undefined && hasAny(bytes, texts)) found.add(sha256);
      await slices.pause();
    }
    return found;
  }

  /** Journals and segments with any of it, also where it is a second copy, and all damaged ones. */
  private async sourcesOf(doomed: Doomed, texts: readonly Uint8Array[]): Promise<RewriteSource[]> {
    const { catalog, journals, segments } = this.deps;
    const hashes = new Set(doomed.contents);
    for (const { id, sha256 } of this.deps.walk.versions()) if (sha256 && doomed.ids.has(id)) hashes.add(sha256);
    const found: RewriteSource[] = [];
    for (const [id, { kind }] of catalog.sources()) {
      const source = { id, kind };
      const isSetAside = kind === 'segment' ? segments.isSetAside(id) : journals.isSetAside(id);
      let isMeant = isSetAside;
      await eachEntry(this.deps, source, (entry) => {
        if (entry.type === 'content') isMeant ||= hashes.has(entry.sha256);
        else if (entry.type === 'version') {
          isMeant ||= doomed.ids.has(entry.row.id) || withoutText(entry.row, texts) !== entry.row;
        } else isMeant ||= withoutName(entry.annotation, texts) !== entry.annotation;
      });
      if (isMeant) found.push(source);
    }
    return found;
  }

  private async removeTraces(): Promise<void> {
    const { catalog, saver } = this.deps;
    catalog.erase(removeTraces);
    try {
      await saver.removeAndSave();
    } catch (error) {
      throw new ObbyError(
        'storeFailed',
        `The versions were forgotten, but their paths may still be in the saved list of versions, which cannot be removed (${messageOf(error)}). Try again.`,
        { cause: error },
      );
    }
  }

  /** Reads everything back; no file may contain the text, not even by chance. */
  private async verify(selection: Selection): Promise<void> {
    const { files, dir } = this.deps;
    const left = await this.select(selection);
    const raw: string[] = [];
    for (const name of selection.bytes === undefined ? [] : await files.list(dir)) {
      const bytes = await readWhole(files, `${dir}/${name}`);
      if (bytes !== undefined && hasAny(bytes, selection.bytes ?? [])) raw.push(name);
    }
    if (left.ids.size === 0 && !left.plan.labels && raw.length === 0) return;
    throw new ObbyError(
      'storeFailed',
      `Not everything could be forgotten: ${left.ids.size} versions are left${raw.length > 0 ? `, and traces in ${raw.join(', ')}` : ''}. Close other windows on this folder, then try again.`,
    );
  }
}

function hasAny(bytes: Uint8Array, texts: readonly Uint8Array[]): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return texts.some((text) => buffer.includes(Buffer.from(text)));
}

/** The row that is left of a forgotten version, with the time. */
function forgotten(row: VersionRow, now: number): VersionRow {
  const { sha256: _sha256, added: _added, removed: _removed, causeDetail: _causeDetail, ...rest } = row;
  return { ...rest, unstored: 'forgotten', causeDetail: { forgotten: now } };
}

/** A command line may contain the text too. */
function withoutText(row: VersionRow, texts: readonly Uint8Array[]): VersionRow {
  if (row.causeDetail === undefined || texts.length === 0) return row;
  if (!hasAny(Buffer.from(Object.values(row.causeDetail).join('\n')), texts)) return row;
  const { causeDetail: _causeDetail, ...rest } = row;
  return rest;
}

/** A label keeps the state that it stands for. */
function withoutName(annotation: Annotation, texts: readonly Uint8Array[]): Annotation {
  if (annotation.type !== 'label' || !hasAny(Buffer.from(annotation.name), texts)) return annotation;
  return { ...annotation, name: forgottenName };
}
