import { ObbyError } from '../../base/errors';
import { decode } from '../../diff/text';
import { normalizeEol } from '../../diff/lines';
import type { SearchPattern } from '../../model/search';
import { compile, matchesIn, narrowing, type CompiledPattern, type LineMatch } from './lineMatches';
import type { PatternThread } from './patternThread';

/** The longest pattern, in UTF-16 units. */
const maxPattern = 10_000;

/** Finds the matching lines of contents. */
export class ContentMatcher {
  private readonly pattern: CompiledPattern;
  private readonly narrowed: CompiledPattern;

  /** Throws `badArgument` for a pattern that cannot be used. Regular expressions run in `thread`, which may be ended. */
  constructor(
    pattern: SearchPattern,
    private readonly thread: PatternThread,
    private readonly encodings: readonly string[] = [],
  ) {
    this.pattern = compiled(pattern);
    this.narrowed = narrowing(pattern, this.pattern);
  }

  /** Whether indexed lines are those that this search sees: every text in UTF-8 is decoded as such. */
  get canUseIndex(): boolean {
    return this.encodings.every((encoding) => encoding === 'utf8' || encoding === 'utf8bom');
  }

  /** None for binary content. Rejects `badArgument` when a regular expression takes too long. */
  async matches(bytes: Uint8Array): Promise<readonly LineMatch[]> {
    const decoded = decode(bytes, this.encodings);
    if (decoded === undefined) return [];
    return this.run(normalizeEol(decoded.text), this.pattern);
  }

  /** The numbers of those of some lines that a text must have one of, in order that it can match. */
  async linesToHave(lines: string): Promise<readonly number[]> {
    return (await this.run(lines, this.narrowed)).map(({ line }) => line);
  }

  private run(text: string, pattern: CompiledPattern): Promise<readonly LineMatch[]> | readonly LineMatch[] {
    return pattern.isWhole ? matchesIn(text, pattern) : this.thread.matches(text, pattern);
  }
}

function compiled(pattern: SearchPattern): CompiledPattern {
  const { text, regex } = pattern;
  if ((text === undefined) === (regex === undefined)) {
    throw new ObbyError('badArgument', 'query: give either a text or a regex.');
  }
  const [name, value] = text === undefined ? ['regex', regex ?? ''] : ['text', text];
  if (value === '' || /^[\r\n]*$/.test(value))
    throw new ObbyError('badArgument', `${name}: there is nothing to search for.`);
  if (value.length > maxPattern) {
    throw new ObbyError('badArgument', `${name}: at most ${maxPattern} characters can be searched for.`);
  }
  try {
    return compile(pattern);
  } catch (error) {
    throw new ObbyError('badArgument', `${name}: ${error instanceof Error ? error.message : 'it cannot be used.'}`);
  }
}
