import { ObbyError } from '../../base/errors';
import { writeAll, type AppendFile, type FilePort } from '../disk/filePort';
import { encodeHeader, encodeRecord, saltOf } from './journalFormat';
import type { RecordPlace } from './journalScan';

/** Records are written to the file when this much is buffered. */
const bufferBytes = 4 << 20;

/** The file of a journal; see journalSet.ts. */
export interface JournalTarget {
  readonly id: string;
  readonly path: string;
  /** Whether the owner's name is still this store's. */
  readonly isKept?: () => Promise<boolean>;
}

/** Another window took this store for dead, and ended its journal. */
export class Overtaken extends ObbyError {
  constructor() {
    super(
      'storeFailed',
      'Another window went on with the history of this folder, because this one did not respond for a minute: what was under way is not done. Try again.',
    );
  }
}

/**
 * Appends records to one journal file. Records since the last `commit` become durable with the next one, or are removed
 * by `undo`. A broken writer must not be used again: what its file holds after `committed` is unknown.
 */
export class JournalWriter {
  private readonly salt: number;
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private written: number;
  private broken = false;

  private constructor(
    private readonly files: FilePort,
    private readonly target: JournalTarget,
    private readonly file: AppendFile,
    private committedBytes: number,
  ) {
    this.salt = saltOf(target.id);
    this.written = committedBytes;
  }

  /** Creates a journal; its first `commit` makes its name durable too. */
  static async create(files: FilePort, target: JournalTarget): Promise<JournalWriter> {
    const file = await files.create(target.path);
    const writer = new JournalWriter(files, target, file, 0);
    writer.push(encodeHeader(target.id));
    return writer;
  }

  /** Continues after the last whole record of a journal that no other window writes. */
  static async resume(files: FilePort, target: JournalTarget, size: number): Promise<JournalWriter> {
    return new JournalWriter(files, target, await files.openAppend(target.path), size);
  }

  get id(): string {
    return this.target.id;
  }

  get path(): string {
    return this.target.path;
  }

  get isBroken(): boolean {
    return this.broken;
  }

  /** Bytes of the file that are durable. */
  get committed(): number {
    return this.committedBytes;
  }

  /** Adds a record to the buffer, which is written to the file when it is full. */
  async add(type: number, meta: Uint8Array, body: Uint8Array): Promise<RecordPlace> {
    const position = this.written + this.waitingBytes;
    const record = encodeRecord(type, meta, body, { salt: this.salt, position });
    this.push(record);
    if (this.waitingBytes >= bufferBytes) await this.writeOut();
    return { position, length: record.length };
  }

  /** Makes all records durable. Rejects with {@link Overtaken} when another window may have read the file without them. */
  async commit(): Promise<void> {
    await this.writeOut();
    try {
      await this.file.sync();
      if (this.committedBytes === 0) await this.files.syncDir(parentOf(this.path));
      await this.assertKept();
    } catch (error) {
      // The system may have dropped the pages that it failed to write, and would report success the next time.
      this.broken = true;
      throw error;
    }
    this.committedBytes = this.written;
  }

  /** Removes the records since the last `commit`; removes a journal that is empty then. */
  async undo(): Promise<void> {
    this.waiting = [];
    this.waitingBytes = 0;
    try {
      if (this.committedBytes === 0) {
        this.broken = true;
        await this.files.remove(this.path);
      } else {
        await this.files.truncate(this.path, this.committedBytes);
      }
      this.written = this.committedBytes;
    } catch {
      this.broken = true;
    }
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  /**
   * Another window removes the owner's name first and reads the journal then: if the name still exists after the sync,
   * it will read these records. So this process may be stopped at any point, for any time.
   */
  private async assertKept(): Promise<void> {
    const size = (await this.files.stat(this.path))?.size;
    const isKept = await (this.target.isKept?.() ?? Promise.resolve(true));
    if (size !== this.written || !isKept) throw new Overtaken();
  }

  private push(bytes: Buffer): void {
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
  }

  private async writeOut(): Promise<void> {
    const bytes =
      this.waiting.length === 1 && this.waiting[0] !== undefined ? this.waiting[0] : Buffer.concat(this.waiting);
    await writeAll(this.file, bytes);
    this.written += bytes.length;
    this.waiting = [];
    this.waitingBytes = 0;
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
