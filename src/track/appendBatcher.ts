import { ObbyError } from '../base/errors';
import type { VersionRecord } from '../model/version';
import type { HistoryStore, VersionDraft } from '../model/historyStore';

export interface AppendBatcherDeps {
  readonly store: Pick<HistoryStore, 'append'>;
  /** Called with durable versions, each made from the draft at the same index. */
  readonly onStored: (versions: readonly VersionRecord[], drafts: readonly VersionDraft[]) => void;
  readonly onFailed: (drafts: readonly VersionDraft[], error: unknown) => void;
}

/** The size of a batch: large enough that the store's check for other windows costs nothing per file. */
const batch = { drafts: 200, bytes: 4 << 20 };
/** The most batches in flight, which the store makes durable together. */
const maxUnderWay = 3;

/** Appends drafts to the store in batches, in their order. The bounds limit the contents held in memory. */
export class AppendBatcher {
  private waiting: VersionDraft[] = [];
  private waitingBytes = 0;
  private underWay: Promise<void>[] = [];

  constructor(private readonly deps: AppendBatcherDeps) {}

  /** Resolves early while little is in flight. */
  async add(drafts: readonly VersionDraft[]): Promise<void> {
    for (const draft of drafts) {
      this.waiting.push(draft);
      this.waitingBytes += draft.content?.length ?? 0;
    }
    if (this.waiting.length < batch.drafts && this.waitingBytes < batch.bytes) return;
    this.start();
    if (this.underWay.length >= maxUnderWay) await this.underWay.shift();
  }

  /** Resolves when everything added before is durable or has failed. */
  async settle(): Promise<void> {
    this.start();
    const { underWay } = this;
    // Other callers may add meanwhile; their batches must be kept.
    this.underWay = [];
    await Promise.all(underWay);
  }

  private start(): void {
    const drafts = this.waiting;
    if (drafts.length === 0) return;
    this.waiting = [];
    this.waitingBytes = 0;
    this.underWay.push(this.store(drafts));
  }

  private async store(drafts: readonly VersionDraft[]): Promise<void> {
    const { store, onStored, onFailed } = this.deps;
    let versions: readonly VersionRecord[];
    try {
      versions = await store.append(drafts);
    } catch (error) {
      if (drafts.length === 1 || !isOfOneDraft(error)) onFailed(drafts, error);
      // A draft that cannot be stored must not take others with it.
      else for (const draft of drafts) await this.store([draft]);
      return;
    }
    onStored(versions, storedOf(drafts, versions));
  }
}

/** The drafts that became these versions, in their order; another window had recorded the others. */
function storedOf(drafts: readonly VersionDraft[], versions: readonly VersionRecord[]): VersionDraft[] {
  const rest = versions.map(({ path }) => path).reverse();
  return drafts.filter(({ path }) => path === rest.at(-1) && rest.pop() !== undefined);
}

/** Whether the store rejected a draft, so that nothing of the batch was stored. */
function isOfOneDraft(error: unknown): boolean {
  return error instanceof ObbyError && (error.code === 'badArgument' || error.code === 'tooLarge');
}
