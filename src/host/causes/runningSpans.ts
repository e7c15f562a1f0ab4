import type { CauseSpan } from '../../model/changeHint';
import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';

type Began = Pick<CauseSpan, 'cause' | 'causeDetail'>;

/** Reports when things that may write files begin and end; `Key` identifies them. */
export class RunningSpans<Key extends object> implements Disposable {
  private readonly running = new Map<Key, CauseSpan>();
  private count = 0;

  constructor(
    /** The first letters of every id. */
    private readonly prefix: string,
    private readonly note: (span: CauseSpan) => void,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  begin(key: Key, began: Began): void {
    const span = { ...began, id: `${this.prefix}${(++this.count).toString(36)}`, from: this.clock.now() };
    this.running.set(key, span);
    this.note(span);
  }

  end(key: Key): void {
    const span = this.running.get(key);
    if (!span) return;
    this.running.delete(key);
    this.note({ ...span, to: this.clock.now() });
  }

  /** Ends those whose own end event will never come. */
  endWhere(isGone: (key: Key) => boolean): void {
    for (const key of [...this.running.keys()]) if (isGone(key)) this.end(key);
  }

  /** Ends all: no further events come. */
  dispose(): void {
    this.endWhere(() => true);
  }
}
