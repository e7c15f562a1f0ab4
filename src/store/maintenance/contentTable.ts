import type { Catalog } from '../catalog/catalog';
import { placeInBlock } from '../segment/segmentBlocks';
import { TimeSlicer } from '../../base/timeSlicer';

const rowsAtOnce = 2_000;

/**
 * Where all contents of a store are, read in one pass: a query for each one reads a page of the disk, since their numbers
 * are hashes. In columns instead of objects, since there may be a million.
 */
export class ContentTable {
  private readonly numbers: number[] = [];
  private readonly sources: number[] = [];
  private readonly blocks: number[] = [];
  private readonly depths: number[] = [];
  private readonly lengths: number[] = [];

  static async read(catalog: Catalog): Promise<ContentTable> {
    const slices = new TimeSlicer();
    const table = new ContentTable();
    for (let after = -1; ;) {
      const rows = catalog.sqlite.all(
        `SELECT c.n, s.n, c.position, c.depth, c.length FROM contents c JOIN sources s ON s.n = c.source
         WHERE c.n > ? ORDER BY c.n LIMIT ${rowsAtOnce}`,
        after,
      );
      for (const row of rows) table.add(row.map(Number));
      if (rows.length < rowsAtOnce) return table;
      after = Number(rows.at(-1)?.[0]);
      await slices.pause();
    }
  }

  get size(): number {
    return this.numbers.length;
  }

  /** The row of a content by its number in the catalog; -1 when it is not stored. */
  rowOf(content: number): number {
    const row = firstFrom(this.numbers, content);
    return this.numbers[row] === content ? row : -1;
  }

  /** The number of the source that holds it. */
  sourceOf(row: number): number {
    return this.sources[row] ?? -1;
  }

  /** Stored bytes of the content. */
  lengthOf(row: number): number {
    return this.lengths[row] ?? 0;
  }

  /** Whether `next`, the content after `row` in a file, is stored as a delta of `row`, which is stored whole. */
  isBaseOf(row: number, next: number): boolean {
    if (row === -1 || next === -1 || this.depths[row] !== 0 || this.sources[row] !== this.sources[next]) return false;
    return this.depths[next] !== 0 || this.blocks[row] === this.blocks[next];
  }

  private add([number = 0, source = 0, position = 0, depth = 0, length = 0]: readonly number[]): void {
    this.numbers.push(number);
    this.sources.push(source);
    this.blocks.push(placeInBlock(position).block);
    this.depths.push(depth);
    this.lengths.push(length);
  }
}

/** The index of the first number that is at least `from`. */
export function firstFrom(sorted: readonly number[], from: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
