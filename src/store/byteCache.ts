import { OldestKeys } from '../model/oldestKeys';

/** Keeps the most recently used byte arrays, together at most `maxBytes`. */
export class ByteCache {
  private readonly entries = new Map<string, Uint8Array>();
  private readonly oldest = new OldestKeys(this.entries);
  private total = 0;

  constructor(private readonly maxBytes: number) {}

  get bytes(): number {
    return this.total;
  }

  get(key: string): Uint8Array | undefined {
    const value = this.entries.get(key);
    if (value !== undefined) {
      this.entries.delete(key);
      this.entries.set(key, value);
    }
    return value;
  }

  /** What is larger than the whole cache is not kept. */
  set(key: string, value: Uint8Array): void {
    this.delete(key);
    if (value.length > this.maxBytes) return;
    this.entries.set(key, value);
    this.total += value.length;
    while (this.total > this.maxBytes) this.delete(this.oldest.next() as string);
  }

  clear(): void {
    this.entries.clear();
    this.total = 0;
  }

  private delete(key: string): void {
    this.total -= this.entries.get(key)?.length ?? 0;
    this.entries.delete(key);
  }
}
