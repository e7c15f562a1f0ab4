import type { Sqlite } from '../database/sqlite';

/** What is asked of a catalog's contents. */
interface Found {
  readonly n: number;
  /** Whether the row is this content's; else it is where the content would go. */
  readonly isThere: boolean;
}

const keyBits = 52;

/**
 * The row of a content: the first 52 bits of its hash, which a JavaScript number holds, or the next free number where
 * another content has it already (at a million contents the chance is one in ten thousand that any has).
 */
export function contentKey(sqlite: Sqlite, sha256: string): Found {
  const hash = Buffer.from(sha256, 'hex');
  for (let n = firstKey(sha256); ; n++) {
    const row = sqlite.get('SELECT sha256 FROM contents WHERE n = ?', n);
    if (row === undefined) return { n, isThere: false };
    if (row[0] instanceof Uint8Array && hash.equals(row[0])) return { n, isThere: true };
  }
}

/** Where a content is, unless another has that row. */
export function firstKey(sha256: string): number {
  return parseInt(sha256.slice(0, keyBits / 4), 16);
}
