import { mask, type Span } from './span';

/** Three levels of quotes have seven. */
const maxBackslashes = 7;

/** A quoted part: what is between the quotes, and where it ends with them. */
interface Quoted extends Span {
  readonly next: number;
}

/**
 * The quoted part that begins at a position, up to `limit` where its end is missing. Within other quotes, quotes may have
 * backslashes before them; then those at the end have as many.
 */
export function quotedAt(text: string, from: number, limit: number, isNested: boolean): Quoted | undefined {
  let start = from;
  while (isNested && start < limit && start - from < maxBackslashes && text[start] === '\\') start++;
  const quote = text[start];
  if (start >= limit || (quote !== '"' && quote !== "'" && quote !== '`')) return undefined;
  const delimiter = text.slice(from, ++start);
  const hasEscapes = quote === '"' || isNested || text[from - 1] === '$';
  const end = endOf(text, start, limit, delimiter, hasEscapes);
  return { start, end, next: Math.min(limit, end + delimiter.length) };
}

function endOf(text: string, start: number, limit: number, delimiter: string, hasEscapes: boolean): number {
  for (let at = start; at < limit; at++) {
    const end = text.indexOf(delimiter, at);
    if (end < 0 || end >= limit) return limit;
    if (!hasEscapes || !isEscaped(text, start, end)) return end;
    at = end;
  }
  return limit;
}

/** Whether an odd number of backslashes comes before a position. */
function isEscaped(text: string, start: number, position: number): boolean {
  let first = position;
  while (first > start && text[first - 1] === '\\') first--;
  return (position - first) % 2 === 1;
}

/** What ends a value without quotes, in a shell, a URL, a connection string. */
const valueEnds = ' \t\r\n;&|<>';

/** Where a value ends, as a shell joins it from quoted and unquoted parts. */
export function valueEnd(text: string, from: number, limit: number, isNested: boolean): number {
  let at = from;
  while (at < limit) {
    const next = text.startsWith(mask, at) ? at + mask.length : quotedAt(text, at, limit, isNested)?.next;
    if (next !== undefined) {
      at = next;
      // Code and JSON go on behind the quotes.
      if (',)}]:'.includes(text[at] ?? ',')) return at;
    } else if (valueEnds.includes(text[at] ?? ' ')) return at;
    else at += text[at] === '\\' ? 2 : 1;
  }
  return Math.min(at, limit);
}

/** A value without the quotes around it. */
export function unquoted(value: string): string {
  return value.replace(/^\\*["'`]/, '').replace(/\\*["'`]$/, '');
}

/** A word of a command line, with the text that the program gets. */
export interface Word extends Span {
  readonly text: string;
  readonly quoted: readonly Quoted[];
}

/** A simple command, as shells separate them. */
export interface Command {
  readonly words: Word[];
  /** The targets of `>`. */
  readonly targets: Word[];
  readonly hereStrings: Word[];
  readonly hereDocs: Span[];
  /** Whether the next command reads what this one writes. */
  isPiped: boolean;
}

type Role = 'words' | 'targets' | 'hereStrings' | 'delimiter' | 'source';

/** Reads a part of a text as a shell does; whatever is no command line gives words too. */
export function shellCommands(text: string, { start, end }: Span, isNested: boolean): Command[] {
  return new Reader(text, start, end, isNested).read();
}

class Reader {
  private readonly commands: Command[] = [];
  private command = emptyCommand();
  private role: Role = 'words';
  /** The ends of here-documents that begin after this line. */
  private delimiters: { readonly delimiter: string; readonly command: Command }[] = [];

  constructor(
    private readonly text: string,
    private at: number,
    private readonly end: number,
    private readonly isNested: boolean,
  ) {}

  read(): Command[] {
    while (this.at < this.end) {
      const character = this.text[this.at] ?? '';
      if (character === '\\' && /[\r\n]/.test(this.text[this.at + 1] ?? '')) this.at += 2;
      else if (character === '\n') this.endLine();
      else if (/\s/.test(character)) this.at++;
      else if ('|&;()`'.includes(character) && !(character === '`' && this.isNested)) this.operator();
      else if (character === '<' || character === '>') this.redirection();
      else this.word();
    }
    this.endCommand();
    return this.commands;
  }

  private operator(): void {
    const [operator = ''] = /^(?:\|\||&&|\|&|&>>?|.)/.exec(this.text.slice(this.at, this.at + 3)) ?? [];
    this.at += operator.length;
    if (operator.startsWith('&>')) this.role = 'targets';
    else this.endCommand(operator === '|' || operator === '|&');
  }

  private redirection(): void {
    const [operator = ''] = /^(?:<<<|<<-?|<|>>|>\||>)&?/.exec(this.text.slice(this.at, this.at + 4)) ?? [];
    this.at += operator.length;
    if (operator === '<<<') this.role = 'hereStrings';
    else if (operator.startsWith('<<')) this.role = 'delimiter';
    else this.role = operator.startsWith('<') ? 'source' : 'targets';
  }

  private word(): void {
    const start = this.at;
    const quoted: Quoted[] = [];
    const pieces: string[] = [];
    while (this.at < this.end && !/[\s|&;()<>]/.test(this.text[this.at] ?? ' ')) {
      const part = quotedAt(this.text, this.at, this.end, this.isNested);
      if (part) {
        quoted.push(part);
        pieces.push(this.text.slice(part.start, part.end));
        this.at = part.next;
      } else pieces.push(this.character());
    }
    this.add({ start, end: this.at, text: pieces.join(''), quoted });
  }

  /** One character without quotes. A backslash stays before letters, as in the paths of Windows. */
  private character(): string {
    const character = this.text[this.at++] ?? '';
    if (character !== '\\' || this.at >= this.end) return character;
    const next = this.text[this.at] ?? '';
    if (/[\r\n]/.test(next)) return '';
    this.at++;
    return /\w/.test(next) ? character + next : next;
  }

  private add(word: Word): void {
    const role = this.role;
    this.role = 'words';
    if (role === 'delimiter') this.delimiters.push({ delimiter: word.text, command: this.command });
    else if (role !== 'source') this.command[role].push(word);
  }

  private endLine(): void {
    this.at++;
    for (const { delimiter, command } of this.delimiters) {
      const start = this.at;
      while (this.at < this.end) {
        const found = this.text.indexOf('\n', this.at);
        const lineEnd = found < 0 || found > this.end ? this.end : found;
        const isLast = this.text.slice(this.at, lineEnd).trim() === delimiter;
        const lineStart = this.at;
        this.at = Math.min(this.end, lineEnd + 1);
        if (isLast) {
          command.hereDocs.push({ start, end: Math.max(start, lineStart - 1) });
          break;
        }
        if (this.at >= this.end) command.hereDocs.push({ start, end: this.end });
      }
    }
    this.delimiters = [];
    this.endCommand();
  }

  private endCommand(isPiped = false): void {
    this.role = 'words';
    this.command.isPiped = isPiped;
    const { words, targets, hereStrings } = this.command;
    const isEmpty = words.length + targets.length + hereStrings.length === 0;
    if (isEmpty && this.delimiters.at(-1)?.command !== this.command) return;
    this.commands.push(this.command);
    this.command = emptyCommand();
  }
}

function emptyCommand(): Command {
  return { words: [], targets: [], hereStrings: [], hereDocs: [], isPiped: false };
}
