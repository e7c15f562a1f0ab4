import type { Memento } from 'vscode';
import type { Gap } from '../api';
import { messageOf } from '../model/errors';
import type { Log } from '../model/log';

const maxGaps = 20;

/** The spans in which a folder could not be watched, the newest few; they survive a reload of the window. */
export class GapLedger {
  private readonly key: string;
  private gaps: readonly Gap[];

  constructor(
    private readonly state: Memento,
    folder: string,
    private readonly log: Log,
  ) {
    this.key = `gaps ${folder}`;
    this.gaps = parsed(state.get(this.key));
  }

  /** Oldest first. */
  get all(): readonly Gap[] {
    return this.gaps;
  }

  add(gap: Gap): void {
    this.gaps = [...this.gaps, gap].slice(-maxGaps);
    void this.save();
  }

  private async save(): Promise<void> {
    try {
      await this.state.update(this.key, this.gaps);
    } catch (error) {
      this.log.warn(`A gap was not noted for good: ${messageOf(error)}`);
    }
  }
}

/** What another version of Obby left is parsed, not trusted. */
function parsed(value: unknown): Gap[] {
  return Array.isArray(value) ? value.filter(isGap).slice(-maxGaps) : [];
}

function isGap(value: unknown): value is Gap {
  if (typeof value !== 'object' || value === null) return false;
  const { from, to, why } = value as Partial<Record<keyof Gap, unknown>>;
  return typeof from === 'number' && typeof to === 'number' && typeof why === 'string';
}
