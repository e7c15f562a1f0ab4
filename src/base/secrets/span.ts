/** What is shown for a secret. */
export const mask = '•••';

/** A part of a text: from `start` up to `end`, exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What is known of a text while its secrets are looked for. Everything that adds to it reads the text once. */
export class Findings {
  private readonly spans: Span[] = [];
  /** Where people write prose: messages of commits, names of tests. */
  private readonly prose: Uint8Array;
  /** The end of the quotes around a position; 0 outside quotes. */
  private readonly quoteEnds: Int32Array;

  constructor(
    readonly text: string,
    isProse: boolean,
  ) {
    this.prose = new Uint8Array(text.length).fill(isProse ? 1 : 0);
    this.quoteEnds = new Int32Array(text.length);
  }

  addSecret(start: number, end: number): void {
    if (start < end) this.spans.push({ start, end });
  }

  markProse({ start, end }: Span): void {
    this.prose.fill(1, start, end);
  }

  markQuoted({ start, end }: Span): void {
    this.quoteEnds.fill(end, start, end);
  }

  isProse(position: number): boolean {
    return this.prose[position] === 1;
  }

  /** Where the quotes around a position end; undefined outside quotes. */
  quoteEnd(position: number): number | undefined {
    return this.quoteEnds[position] || undefined;
  }

  /** The text with a mask for each secret; secrets that touch share one. */
  masked(): string {
    let shown = '';
    let end = 0;
    for (const span of [...this.spans].sort((a, b) => a.start - b.start)) {
      if (span.start > end || (end === 0 && shown === '')) shown += this.text.slice(end, span.start) + mask;
      end = Math.max(end, span.end);
    }
    return shown + this.text.slice(end);
  }
}
