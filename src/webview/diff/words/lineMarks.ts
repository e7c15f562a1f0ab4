import { wordDiff } from './wordDiff';
import type { Eol, LineText } from '../lineText';
import type { ChangeRow, SideName } from '../rowModel';
import type { TextRange } from './segments';

/** What is marked in a line of a change. */
export interface LineMarks {
  readonly marks: readonly TextRange[];
  /** The ending to show, where it is what changed. */
  readonly eol?: Eol;
  /** The line has no other form, or none that is like it. */
  readonly isWhole: boolean;
}

interface PairMarks {
  readonly old: readonly TextRange[];
  readonly new: readonly TextRange[];
}

const maxCachedPairs = 2000;
const none: PairMarks = { old: [], new: [] };

/** Compares changed lines word by word when they are shown, and not before. */
export class MarkFinder {
  private readonly cache = new Map<string, PairMarks>();

  constructor(
    private readonly left: LineText,
    private readonly right: LineText,
  ) {}

  /** The marks of a row's line on one side; undefined where it has none. */
  of(row: ChangeRow, side: SideName): LineMarks | undefined {
    const line = row[side];
    if (line === undefined) return undefined;
    const mate = side === 'old' ? row.oldMate : row.newMate;
    const [own, other] = side === 'old' ? [this.left, this.right] : [this.right, this.left];
    const eol = own.eol(line);
    if (mate === undefined) {
      const isOdd = eol === '' || (eol === '\r\n' && this.commonEol(other) === '\n');
      return { marks: [], isWhole: true, ...(isOdd && { eol }) };
    }
    const pair = side === 'old' ? this.pair(line, mate) : this.pair(mate, line);
    const isWhole = pair.old.length + pair.new.length === 0 && own.line(line) !== other.line(mate);
    return { marks: pair[side], isWhole, ...(eol !== other.eol(mate) && { eol }) };
  }

  private pair(oldLine: number, newLine: number): PairMarks {
    const key = `${oldLine}:${newLine}`;
    let found = this.cache.get(key);
    if (!found) {
      if (this.cache.size === maxCachedPairs) this.cache.clear();
      const [before, after] = [this.left.line(oldLine), this.right.line(newLine)];
      found = before === after ? none : wordDiff(before, after);
      this.cache.set(key, found);
    }
    return found;
  }

  private readonly commonEols = new Map<LineText, Eol>();
  private commonEol(text: LineText): Eol {
    let eol = this.commonEols.get(text);
    if (eol === undefined) this.commonEols.set(text, (eol = text.commonEol()));
    return eol;
  }
}
