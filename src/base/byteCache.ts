/** The share of a full cache that stays. Dropping one entry at a time would skip over all deleted entries each time. */
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

  /** Does not keep what is larger than the whole cache. */
  set(key: string, value: Uint8Array): void {
    this.delete(key);
    if (value.length > this.maxBytes) return;
    // A view of a larger buffer would keep all of it in memory.
    const isPart = value.length * 2 < value.buffer.byteLength;
    this.entries.set(key, isPart ? new Uint8Array(value) : value);
    this.total += value.length;
    if (this.total > this.maxBytes) this.makeRoom(Math.max(value.length, this.maxBytes * keptPart));
  }

  clear(): void {
    this.entries.clear();
    this.total = 0;
  }

  /** Drops the oldest entries until at most this many bytes are left. */
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
