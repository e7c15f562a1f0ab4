import { messageOf } from '../model/errors';
import type { Catalog } from './catalog';
import type { CatalogEntry } from './catalogBatch';
import { removeSource, removeTraces } from './catalogRemoval';
import type { StoreProblem } from './contract';
import type { SegmentMeta } from './segment';
import type { SegmentSet } from './segmentSet';
import { breathe } from './slices';

/** Entries that are put into the catalog together: a transaction of a few milliseconds. */
const batchEntries = 400;

export interface IntakeParts {
  readonly catalog: Catalog;
  readonly segments: SegmentSet;
  readonly onProblem: (problem: StoreProblem) => void;
}

/** Brings segments into the catalog. */
export class SegmentIntake {
  constructor(private readonly parts: IntakeParts) {}

  /** Takes in the segments that the catalog does not know, and takes out the sources that they replace. */
  async run(ids: readonly string[]): Promise<void> {
    const { catalog } = this.parts;
    const known = catalog.sources();
    const unknown = ids.filter((id) => !known.has(id));
    const metas = unknown.flatMap((id) => this.metaOf(id) ?? []);
    catalog.noteReplaced(metas.flatMap(({ replaces }) => replaces));
    for (const { id, replaces } of metas) if (!catalog.isReplaced(id)) await this.takeIn(id, replaces);
    for (const id of catalog.sources().keys()) if (catalog.isReplaced(id)) await this.takeOut(id);
    if (metas.some(({ forgets }) => forgets)) catalog.change(removeTraces);
  }

  /** Takes a source out of the catalog. */
  async takeOut(id: string): Promise<void> {
    const { catalog } = this.parts;
    while (!catalog.change((sqlite) => removeSource(sqlite, id))) await breathe();
  }

  /** Undefined when the segment cannot be opened. */
  private metaOf(id: string): SegmentMeta | undefined {
    const { segments } = this.parts;
    try {
      return segments.open(id).meta;
    } catch (error) {
      this.report(id, messageOf(error));
      return undefined;
    }
  }

  private async takeIn(id: string, replaces: readonly string[]): Promise<void> {
    const { catalog, segments } = this.parts;
    const source = { id, kind: 'segment', replaces } as const;
    let batch: CatalogEntry[] = [];
    let count = 0;
    const put = (): void => {
      catalog.apply(batch, source, count);
      batch = [];
    };
    try {
      await segments.use(id, async (segment) => {
        for (const entry of segment.entries()) {
          count++;
          batch.push(entry);
          if (batch.length < batchEntries) continue;
          put();
          await breathe();
        }
      });
    } catch (error) {
      this.report(id, messageOf(error));
    }
    put();
  }

  private report(id: string, what: string): void {
    const file = this.parts.segments.fileName(id);
    this.parts.onProblem({
      file,
      message: `${file} is damaged (${what}). All that can be read of it is used; run “Obby: Check History” to put it in order.`,
    });
  }
}
