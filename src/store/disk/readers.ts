import type { ReadFile } from './filePort';

interface Reader {
  readonly file: Promise<ReadFile>;
  users: number;
}

/** Keeps files open for reading: all that are in use, and of the others the most recently used ones up to a bound. */
export class Readers {
  private readonly readers = new Map<string, Reader>();

  constructor(
    private readonly open: (key: string) => Promise<ReadFile>,
    private readonly maxOpen = 16,
  ) {}

  async use<T>(key: string, work: (file: ReadFile) => Promise<T>): Promise<T> {
    const reader = this.readers.get(key) ?? { file: this.open(key), users: 0 };
    this.readers.delete(key);
    this.readers.set(key, reader);
    reader.users++;
    try {
      return await work(await reader.file);
    } catch (error) {
      // After any failure, the next reader opens the file again.
      if (this.readers.get(key) === reader) this.readers.delete(key);
      throw error;
    } finally {
      reader.users--;
      if (this.readers.get(key) !== reader && reader.users === 0) await closeQuietly(reader);
      await this.closeSurplus();
    }
  }

  /** Closes the file of a key as soon as it is not in use. */
  async forget(key: string): Promise<void> {
    const reader = this.readers.get(key);
    this.readers.delete(key);
    if (reader?.users === 0) await closeQuietly(reader);
  }

  /** Closes all files; those in use as soon as they are released. */
  async close(): Promise<void> {
    const idle = [...this.readers.values()].filter(({ users }) => users === 0);
    this.readers.clear();
    await Promise.all(idle.map(closeQuietly));
  }

  private async closeSurplus(): Promise<void> {
    for (const [key, reader] of this.readers) {
      if (this.readers.size <= this.maxOpen) return;
      if (reader.users > 0) continue;
      this.readers.delete(key);
      await closeQuietly(reader);
    }
  }
}

async function closeQuietly({ file }: Reader): Promise<void> {
  await file.then(
    (opened) => opened.close(),
    () => undefined,
  );
}
