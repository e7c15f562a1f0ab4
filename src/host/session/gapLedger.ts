import type { Memento } from 'vscode';
import { messageOf } from '../../base/errors';
import { gapKinds, type Gap, type GapKind } from '../../model/gap';
import type { Log } from '../../base/log';

const maxGaps = 50;

/** The spans in which a folder could not be watched, the newest few; they survive a reload of the window. */
export class GapLedger {
  private readonly key: string;
  private gaps: readonly Gap[];
  private saving: Promise<void> | undefined;
  private isUnsaved = false;

  constructor(
    private readonly state: Pick<Memento, 'get' | 'update'>,
    folder: string,
    private readonly log: Log,
  ) {
    this.key = `gaps ${folder}`;
    this.gaps = parsed(state.get(this.key));
  }

  /** In the order in which they began to be noted. */
  get all(): readonly Gap[] {
    return this.gaps;
  }

  newest(isMeant: (gap: Gap) => boolean): Gap | undefined {
    return [...this.gaps].reverse().find(isMeant);
  }

  /** Notes a span that is over. */
  add(gap: Gap): void {
    this.change([...this.gaps, gap]);
  }

  /** A span begins, unless one of its kind goes on, of which it tells the newest. */
  begin(kind: GapKind, from: number, { why, count = 0 }: { readonly why: string; readonly count?: number }): void {
    const open = this.gaps.find((gap) => gap.kind === kind && gap.to === undefined);
    if (!open) this.add({ kind, from, why, count });
    else if (open.why !== why || open.count < count) {
      this.replace(open, { ...open, why, count: Math.max(open.count, count) });
    }
  }

  /** The spans of these kinds that go on end. */
  end(kinds: readonly GapKind[], time: number): void {
    const ended = (gap: Gap): Gap =>
      gap.to === undefined && kinds.includes(gap.kind) ? { ...gap, to: Math.max(gap.from, time) } : gap;
    const gaps = this.gaps.map(ended);
    if (gaps.some((gap, index) => gap !== this.gaps[index])) this.change(gaps);
  }

  /** So many more belong to a span. */
  count(gap: Gap, more: number, to = gap.to): void {
    this.replace(gap, { ...gap, ...(to !== undefined && { to }), count: gap.count + more });
  }

  private replace(old: Gap, by: Gap): void {
    this.change(this.gaps.map((gap) => (gap === old ? by : gap)));
  }

  private change(gaps: readonly Gap[]): void {
    this.gaps = gaps.slice(-maxGaps);
    this.isUnsaved = true;
    this.saving ??= this.save();
  }

  /** What changes meanwhile is saved once more, together. */
  private async save(): Promise<void> {
    try {
      while (this.isUnsaved) {
        this.isUnsaved = false;
        await this.state.update(this.key, this.gaps);
      }
    } catch (error) {
      this.log.warn(`A gap was not noted for good: ${messageOf(error)}`);
    } finally {
      this.saving = undefined;
    }
  }
}

/** What another version of Obby left is parsed, not trusted. */
function parsed(value: unknown): Gap[] {
  return Array.isArray(value) ? value.flatMap((each) => gapOf(each) ?? []).slice(-maxGaps) : [];
}

function gapOf(value: unknown): Gap | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, from, to, why, count } = value as Partial<Record<keyof Gap, unknown>>;
  const known = gapKinds.find((each) => each === kind);
  if (known === undefined || !isTime(from) || typeof why !== 'string' || !isTime(count)) return undefined;
  if (to === undefined) return { kind: known, from, why, count };
  return isTime(to) && to >= from ? { kind: known, from, to, why, count } : undefined;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
