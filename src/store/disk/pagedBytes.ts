import { messageOf } from '../../base/errors';
import { crc32 } from '../../base/crc32';
import type { SyncReadFile } from './filePort';
import { addTo, mend, pageBytes, parseTrailer, sumsOf, trailerBytes } from './pageSums';

type Pages = Map<number, Buffer>;

/** The pages of a file. Each is checked by its checksum when it is read, if there are checksums. */
interface Base {
  readonly file: SyncReadFile;
  readonly pages: number;
  readonly sums?: Uint32Array;
}

/** Offset of the number of pages in a SQLite file, u32, big-endian. */
const pageCountAt = 28;
/** More than any segment has: bounds a damaged count. */
const maxUncheckedPages = 1 << 20;

/**
 * The bytes of a SQLite file for sql.js, which keeps them in one object and uses only these members of it. So a database
 * of any size opens at once, and takes no more memory than SQLite's cache and the changed pages. These are kept here
 * until they are saved; the file itself is never written.
 */
export class PagedBytes {
  private changed: Pages = new Map();
  /** Changed pages that are being saved. */
  private saving: Pages = new Map();
  private isGiven = false;
  private pages: number;
  private problem: string | undefined;
  private mended = 0;

  private constructor(private base: Base) {
    this.pages = base.pages;
  }

  /** Undefined when the file does not end with the checksums of its pages. */
  static open(file: SyncReadFile): PagedBytes | undefined {
    const length = trailerBytes(file.size);
    const trailer = length === undefined ? undefined : readQuietly(file, file.size - length, length);
    const parsed = trailer && parseTrailer(trailer);
    if (parsed === undefined) return undefined;
    const { sums, isMended } = parsed;
    const pages = new PagedBytes({ file, sums, pages: parsed.pages });
    if (isMended) pages.mended++;
    return pages;
  }

  /**
   * A file whose checksums are damaged or cut off: what is read of it must be checked by other means.
   */
  static unchecked(file: SyncReadFile): PagedBytes {
    const head = readQuietly(file, 0, pageBytes);
    const pages = head?.length === pageBytes ? head.readUInt32BE(pageCountAt) : 0;
    return new PagedBytes({ file, pages: Math.min(pages, maxUncheckedPages) });
  }

  /** A database in memory, until it is saved. */
  static of(database: Uint8Array): PagedBytes {
    const sums = sumsOf(database);
    return new PagedBytes({ file: memoryFile(database), sums, pages: sums.length });
  }

  get isUnchecked(): boolean {
    return this.base.sums === undefined;
  }

  /** The damage that was read since the last call. What SQLite answered meanwhile is not valid. */
  takeDamage(): string | undefined {
    const { problem } = this;
    this.problem = undefined;
    return problem;
  }

  /** Whether a damaged page was read since `takeDamage`. */
  get isDamaged(): boolean {
    return this.problem !== undefined;
  }

  /** How many damaged pages were corrected; the checksums count as one more. */
  get mendedPages(): number {
    return this.mended;
  }

  /** Bytes of pages that are not saved. */
  get changedBytes(): number {
    return this.changed.size * pageBytes;
  }

  get pageCount(): number {
    return this.pages;
  }

  /** For sql.js: the size until it has taken the bytes; then more than it ever needs, so that it never copies them. */
  get length(): number {
    return this.isGiven ? Number.MAX_SAFE_INTEGER : this.pages * pageBytes;
  }

  /** For sql.js: takes the bytes. */
  slice(): this {
    this.isGiven = true;
    return this;
  }

  /** For sql.js: reads. */
  subarray(from: number, to: number): Uint8Array {
    const page = Math.floor(from / pageBytes);
    return this.page(page).subarray(from - page * pageBytes, to - page * pageBytes);
  }

  /** For sql.js: writes, never across the end of a page. */
  set(bytes: Uint8Array, at: number): void {
    const n = Math.floor(at / pageBytes);
    let page = this.changed.get(n);
    if (page === undefined) {
      page = n < this.pages ? Buffer.from(this.page(n)) : Buffer.alloc(pageBytes);
      this.changed.set(n, page);
      this.pages = Math.max(this.pages, n + 1);
    }
    page.set(bytes, at - n * pageBytes);
  }

  /** Reads every page. Returns what is wrong with the first damaged one. */
  check(): string | undefined {
    for (let n = 0; n < this.pages; n++) this.page(n);
    // A damaged parity page costs nothing yet.
    for (let n = this.base.pages; n < this.base.pages + this.parity; n++) {
      if (this.wholePage(n) === undefined) this.mended++;
    }
    return this.takeDamage();
  }

  /**
   * The pages as they are now; later changes are not in it. Must be ended by `saved` or `notSaved`. `read` throws for a
   * damaged page, which must not be saved with a valid checksum.
   */
  snapshot(): { readonly pages: number; read(n: number): Uint8Array } {
    this.saving = this.changed;
    this.changed = new Map();
    const { saving } = this;
    return { pages: this.pages, read: (n) => saving.get(n) ?? this.undamagedPage(n) };
  }

  /** The snapshot was saved in this file, from which pages are read now. */
  saved(file: SyncReadFile, sums: Uint32Array): void {
    this.base.file.close();
    this.base = { file, sums, pages: sums.length };
    this.saving = new Map();
  }

  notSaved(): void {
    for (const [n, page] of this.changed) this.saving.set(n, page);
    this.changed = this.saving;
    this.saving = new Map();
  }

  close(): void {
    this.base.file.close();
  }

  private page(n: number): Buffer {
    return this.changed.get(n) ?? this.saving.get(n) ?? this.basePage(n);
  }

  private undamagedPage(n: number): Buffer {
    const page = this.basePage(n);
    if (this.problem !== undefined) throw new Error(this.problem);
    return page;
  }

  private basePage(n: number): Buffer {
    if (n >= this.base.pages) return Buffer.alloc(pageBytes);
    let problem = `page ${n + 1} is damaged`;
    try {
      const page = this.wholePage(n);
      if (page !== undefined) return page;
    } catch (error) {
      problem = `page ${n + 1} cannot be read: ${messageOf(error)}`;
    }
    const page = this.rebuiltPage(n);
    if (page !== undefined) return page;
    this.problem ??= problem;
    // SQLite recognizes this as damage.
    return Buffer.alloc(pageBytes, 0xff);
  }

  /** Undefined when it is damaged. */
  private wholePage(n: number): Buffer | undefined {
    const page = this.base.file.read(n * pageBytes, pageBytes);
    return page.length === pageBytes && this.isWhole(page, this.base.sums?.[n]) ? page : undefined;
  }

  private get parity(): number {
    return (this.base.sums?.length ?? this.base.pages) - this.base.pages;
  }

  /** A page, rebuilt from its parity page and the others that share it; undefined when one of these is damaged too. */
  private rebuiltPage(n: number): Buffer | undefined {
    const { parity, base } = this;
    if (parity === 0) return undefined;
    const page = Buffer.alloc(pageBytes);
    try {
      for (let other = n % parity; other < base.pages + parity; other += parity) {
        // The last one is the parity page.
        const at = other < base.pages ? other : base.pages + (n % parity);
        const whole = at === n ? undefined : this.wholePage(at);
        if (whole !== undefined) addTo(page, whole);
        else if (at !== n) return undefined;
      }
    } catch {
      return undefined;
    }
    if (crc32(page) !== base.sums?.[n]) return undefined;
    this.mended++;
    return page;
  }

  private isWhole(page: Buffer, sum: number | undefined): boolean {
    if (sum === undefined || crc32(page) === sum) return true;
    const isMended = mend(page, sum);
    if (isMended) this.mended++;
    return isMended;
  }
}

/** Bytes in memory as a file. */
export function memoryFile(bytes: Uint8Array): SyncReadFile {
  return {
    size: bytes.length,
    read: (position, length) => Buffer.from(bytes.subarray(position, position + length)),
    close: () => undefined,
  };
}

/** Reads again after a failure: what is read without checksums because of it would count as damaged. */
function readQuietly(file: SyncReadFile, position: number, length: number): Buffer | undefined {
  for (let attempt = 1; attempt <= 2; attempt++) {
    try {
      return file.read(position, length);
    } catch {
      // Without this part, the rest of the file can still be read.
    }
  }
  return undefined;
}
