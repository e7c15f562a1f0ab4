import { messageOf } from '../model/errors';
import type { Catalog } from './catalog';
import type { CatalogEntry } from './catalogBatch';
import { removeSource } from './catalogRemoval';
import type { StoreProblem } from './contract';
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
    const replaces = new Map(unknown.map((id) => [id, this.replacesOf(id)]));
    catalog.noteReplaced([...replaces.values()].flatMap((others) => others ?? []));
    for (const [id, others] of replaces) {
      if (others !== undefined && !catalog.isReplaced(id)) await this.takeIn(id, others);
    }
    for (const id of catalog.sources().keys()) if (catalog.isReplaced(id)) await this.takeOut(id);
  }

  /** Takes a source out of the catalog. */
  async takeOut(id: string): Promise<void> {
    const { catalog } = this.parts;
    while (!catalog.change((sqlite) => removeSource(sqlite, id))) await breathe();
  }

  /** Undefined when the segment cannot be opened. */
  private replacesOf(id: string): readonly string[] | undefined {
    const { segments } = this.parts;
    try {
      return segments.open(id).meta.replaces;
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
