import type { Sqlite } from '../database/sqlite';

/** The result of {@link contentKey}. */
interface Found {
  readonly n: number;
  /** Whether the content has this row; if not, it is where the row would go. */
  readonly isThere: boolean;
}

const keyBits = 52;

/**
 * The row number of a content: the first 52 bits of its hash, which fit a JavaScript number, or the next free number if
 * another content has it (at a million contents, the chance of any collision is one in ten thousand).
 */
export function contentKey(sqlite: Sqlite, sha256: string): Found {
  const hash = Buffer.from(sha256, 'hex');
  for (let n = firstKey(sha256); ; n++) {
    const row = sqlite.get('SELECT sha256 FROM contents WHERE n = ?', n);
    if (row === undefined) return { n, isThere: false };
    if (row[0] instanceof Uint8Array && hash.equals(row[0])) return { n, isThere: true };
  }
}

/** The first number to try for a content. */
export function firstKey(sha256: string): number {
  return parseInt(sha256.slice(0, keyBits / 4), 16);
}
