import { errnoOf, messageOf } from '../../base/errors';
import type { Catalog } from '../catalog/catalog';
import type { CatalogEntry } from '../catalog/catalogBatch';
import { CatalogDamage } from '../disk/sqlite';
import { removeSource, removeTraces } from '../catalog/catalogRemoval';
import type { StoreProblem } from '../../model/historyStore';
import { unreadableMeta, UnknownSegmentFormat, type SegmentMeta } from '../segment/segment';
import type { SegmentSet } from '../segment/segmentSet';
import { breathe } from '../../base/timeSlicer';

/** Entries that are applied together: a transaction of a few milliseconds. */
const batchEntries = 400;

export interface IntakeDeps {
  readonly catalog: Catalog;
  readonly segments: SegmentSet;
  readonly onProblem: (problem: StoreProblem) => void;
}

/** `readTo` of a source that could not be read completely. */
const incomplete = -1;

/** Takes segments into the catalog. */
export class SegmentIntake {
  constructor(private readonly deps: IntakeDeps) {}

  /**
   * Takes in the segments that the catalog does not have, and takes out the sources that they replace. Contents of `gone`
   * sources may be in them too, if those were rewritten several times meanwhile. Returns the segments that could not be
   * read completely: they are tried again the next time, and replace nothing until then.
   */
  async run(ids: readonly string[], gone: readonly string[] = []): Promise<readonly string[]> {
    const { catalog } = this.deps;
    const known = catalog.sources();
    const unknown = ids.filter((id) => (known.get(id)?.readTo ?? incomplete) === incomplete);
    const metas = new Map(unknown.map((id) => [id, this.metaOf(id)]));
    const replaced = new Set([...metas.values()].flatMap((meta) => meta?.replaces ?? []));
    const whole = new Set<string>();
    // A replaced segment is read only if its replacement is damaged.
    for (const id of [
      ...unknown.filter((each) => !replaced.has(each)),
      ...unknown.filter((each) => replaced.has(each)),
    ]) {
      const meta = metas.get(id);
      if (catalog.isReplaced(id)) whole.add(id);
      else if (meta !== undefined && (await this.takeIn(meta, gone))) {
        whole.add(id);
        catalog.noteReplaced(meta.replaces);
      }
    }
    for (const id of catalog.sources().keys()) if (catalog.isReplaced(id)) await this.takeOut(id);
    if ([...metas].some(([id, meta]) => meta?.forgets === true && whole.has(id))) catalog.erase(removeTraces);
    return unknown.filter((id) => !whole.has(id));
  }

  async takeOut(id: string): Promise<void> {
    const { catalog } = this.deps;
    while (!catalog.erase((sqlite) => removeSource(sqlite, id))) await breathe();
  }

  /** The `meta` of a segment, or a substitute when it is damaged; undefined when it is gone or of another format. */
  private metaOf(id: string): SegmentMeta | undefined {
    try {
      return this.deps.segments.open(id).meta;
    } catch (error) {
      if (error instanceof UnknownSegmentFormat) this.reportFormat(id, error);
      else if (errnoOf(error) !== 'ENOENT') return unreadableMeta(id);
      else this.report(id, messageOf(error));
      return undefined;
    }
  }

  /** Returns false when a part could not be read; the rest is in the catalog then. */
  private async takeIn(
    { id, replaces, forgets, isMetaUnreadable }: SegmentMeta,
    gone: readonly string[],
  ): Promise<boolean> {
    const { catalog, segments } = this.deps;
    let batch: CatalogEntry[] = [];
    let count = 0;
    const source = { id, kind: 'segment', replaces: [...replaces, ...gone], forgets } as const;
    const put = (readTo: number): void => {
      catalog.apply(batch, source, readTo);
      batch = [];
    };
    try {
      await segments.use(id, async (segment) => {
        for (const entry of segment.entries()) {
          count++;
          batch.push(entry);
          if (batch.length < batchEntries) continue;
          put(incomplete);
          await breathe();
        }
      });
      // What it replaces is unknown, so it is not whole.
      if (isMetaUnreadable) throw new Error('its table meta cannot be read');
      put(count);
      return true;
    } catch (error) {
      if (error instanceof CatalogDamage) throw error;
      this.report(id, messageOf(error));
      put(incomplete);
      return false;
    }
  }

  /** A window that was updated may share the folder with this one: another format is no damage, and is left as it is. */
  private reportFormat(id: string, { message }: UnknownSegmentFormat): void {
    const file = this.deps.segments.fileName(id);
    this.deps.onProblem({
      file,
      message: `${file} is not shown: ${message}. The file is left as it is, nothing is lost. Update Obby, then reload the window.`,
    });
  }

  private report(id: string, what: string): void {
    const file = this.deps.segments.fileName(id);
    this.deps.onProblem({
      file,
      message: `${file} is damaged (${what}). All that can be read of it is used; run “Obby: Check History” to put it in order.`,
    });
  }
}
