/** Numbers that follow from a seed, so that a failure can be seen again. */
export class Random {
  constructor(private state: number) {}

  /** From 0 to below `bound`. */
  below(bound: number): number {
    // The 32-bit mixer known as mulberry32: short, and good enough to choose with.
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound;
  }

  integer(from: number, to: number): number {
    return from + Math.floor(this.below(to - from + 1));
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(this.below(from.length))];
    if (picked === undefined) throw new Error('There is nothing to pick from.');
    return picked;
  }

  /** Bytes that nothing makes smaller. */
  bytes(length: number): Buffer {
    const bytes = Buffer.alloc(length);
    for (let at = 0; at < length; at++) bytes[at] = this.below(256);
    return bytes;
  }

  /** Picks by weight. */
  weighted<T>(from: readonly (readonly [weight: number, value: T])[]): T {
    let at = this.below(from.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, value] of from) {
      at -= weight;
      if (at < 0) return value;
    }
    throw new Error('There is nothing to pick from.');
  }
}
