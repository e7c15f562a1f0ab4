/** What of a full cache stays: begun anew for each entry, the search for the oldest would go over the places of all that left. */
const keptPart = 7 / 8;

/** Keeps the most recently used byte arrays, together at most `maxBytes`. */
export class ByteCache {
  private readonly entries = new Map<string, Uint8Array>();
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
    // A small part of something larger would keep all of that.
    const isPart = value.length * 2 < value.buffer.byteLength;
    this.entries.set(key, isPart ? new Uint8Array(value) : value);
    this.total += value.length;
    if (this.total > this.maxBytes) this.makeRoom(Math.max(value.length, this.maxBytes * keptPart));
  }

  clear(): void {
    this.entries.clear();
    this.total = 0;
  }

  /** Drops the oldest until no more than so many bytes are left. */
  private makeRoom(bytes: number): void {
    for (const key of this.entries.keys()) {
      if (this.total <= bytes) return;
      this.delete(key);
    }
  }

  private delete(key: string): void {
    this.total -= this.entries.get(key)?.length ?? 0;
    this.entries.delete(key);
  }
}
