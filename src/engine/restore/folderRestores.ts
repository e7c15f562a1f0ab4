import * as l10n from '@vscode/l10n';
import { messageOf, ObbyError } from '../../base/errors';
import type { Log } from '../../base/log';
import { Sequencer } from '../../base/sequencer';
import type { HistoryStore } from '../../model/historyStore';
import { systemProcesses } from '../../store/sync/owner';
import type { Restoration, RestoreOutcome } from '../../track/candidate';
import type { UndoSummary } from '../engineStatus';
import type { FolderRestore, UndoItem, UndoableRestore } from '../engine';
import type { FolderRecorder } from '../folderRecorder';
import { rulesFirst } from '../folderRules';
import type { LastRestore } from './lastRestore';
import { toWire } from '../rpc';
import type { OpenJournal, UndoJournal } from './undoJournal';

export interface FolderRestoresDeps {
  readonly journal: UndoJournal;
  readonly recorder: Pick<FolderRecorder, 'restore' | 'endStep'>;
  readonly store: Pick<HistoryStore, 'version' | 'versions'>;
  readonly log: Log;
  /** {@link FolderRestores.toUndo} may have changed. */
  readonly onChange: () => void;
}

/** Restores files of one folder, and undoes the last restore, also one that was killed. One call at a time. */
export class FolderRestores {
  private readonly sequencer = new Sequencer();
  private cancelled: string | undefined;

  constructor(private readonly deps: FolderRestoresDeps) {}

  get toUndo(): UndoSummary | undefined {
    return this.deps.journal.toUndo;
  }

  /** Reads the journal of earlier windows, and ends what was interrupted. Never rejects. */
  recover(): Promise<void> {
    return this.sequencer.run(async () => {
      const { journal, log } = this.deps;
      try {
        const last = await journal.read();
        if (last && last.interrupted.length > 0 && !isOfAnother(last.writer)) await this.end(last);
      } catch (error) {
        log.warn(`The end of a restore that was interrupted failed: ${messageOf(error)}`);
      }
      this.deps.onChange();
    });
  }

  restore(items: readonly Restoration[], id: string): Promise<FolderRestore> {
    return this.sequencer.run(async () => this.carryOut(items, await this.deps.journal.restore(id), id));
  }

  /** Files that the restore with this id, running or waiting, has not changed yet stay as they are. */
  cancel(id: string): void {
    this.cancelled = id;
  }

  /** What the next undo concerns. */
  last(): Promise<UndoableRestore | undefined> {
    return this.sequencer.run(async () => {
      const last = await this.deps.journal.read();
      if (!last) return undefined;
      const { id, time, isUndone } = last;
      return { id, time, isUndone, remaining: targetsOf(last) };
    });
  }

  /** Undoes what remains of a restore, for the given files. */
  undo(id: string, items: readonly UndoItem[]): Promise<FolderRestore> {
    return this.sequencer.run(async () => {
      const last = await this.deps.journal.read();
      if (last?.id !== id) throw new ObbyError('notFound', l10n.t('There is no restore to undo.'));
      const asked = new Map(items.map((item) => [item.path, item]));
      const wanted = targetsOf(last).filter(({ path }) => asked.has(path));
      const known = await filtered(wanted, ({ path }) => this.isKnown(path));
      const targets = known.map((target) => ({ ...target, ...unsavedOf(asked.get(target.path)) }));
      return this.carryOut(targets, this.deps.journal.undo(last));
    });
  }

  /** Versions were deleted, which no undo can bring back, or a text, which no path may contain. */
  forgot(texts: readonly Uint8Array[] = []): Promise<void> {
    const isKept = async ({ path, version, folders = [] }: Restoration): Promise<boolean> => {
      const names = Buffer.from([path, ...folders].join('\n'));
      if (texts.some((text) => names.includes(Buffer.from(text)))) return false;
      if (version === undefined) return this.isKnown(path);
      return this.deps.store.version(version).then(
        () => true,
        (error: unknown) => !(error instanceof ObbyError && error.code === 'notFound'),
      );
    };
    return this.sequencer.run(async () => {
      await this.deps.journal.keepOnly(isKept);
      this.deps.onChange();
    });
  }

  /** The journal may have been edited by hand; what Obby never recorded is neither read nor changed. */
  private async isKnown(path: string): Promise<boolean> {
    const { store } = this.deps;
    const versions = await store.versions(path, { limit: 1 });
    // Of files that moved away, too.
    return versions.length > 0 || (await store.versions(path, { limit: 1, earlier: true })).length > 0;
  }

  private async carryOut(items: readonly Restoration[], journal: OpenJournal, id?: string): Promise<FolderRestore> {
    let settled: RestoreOutcome['restored'] = [];
    try {
      const { restored, failed, undo } = await this.deps.recorder.restore(
        rulesFirst(items),
        journal,
        () => id !== undefined && this.cancelled === id,
      );
      settled = restored;
      return { restored, failed: failed.map(({ path, error }) => ({ path, problem: toWire(error) })), undo };
    } finally {
      await journal.close(settled.map(({ path }) => path));
      await this.deps.journal.read();
      this.deps.onChange();
    }
  }

  private async end(last: LastRestore): Promise<void> {
    const { journal, recorder, log } = this.deps;
    const made = new Set<string>();
    for (const { entry } of last.interrupted) {
      try {
        const undo = entry.undone ?? entry.undo ?? { path: entry.path };
        const folders = entry.undone && entry.undo?.folders;
        if (await recorder.endStep({ undo, ...entry.change, ...(folders && { folders }) })) made.add(entry.path);
      } catch (error) {
        log.warn(`Whether ${entry.path} was restored is unknown: ${messageOf(error)}`);
        made.add(entry.path);
      }
    }
    await journal.settle(last, (path) => made.has(path));
    log.info(`A restore was interrupted; ${journal.toUndo?.files ?? 0} files of it can be undone.`);
  }
}

function targetsOf({ entries }: LastRestore): Restoration[] {
  return [...entries.values()].flatMap(({ undo }) => undo ?? []);
}

async function filtered<T>(items: readonly T[], isMeant: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept: T[] = [];
  for (const item of items) if (await isMeant(item)) kept.push(item);
  return kept;
}

function unsavedOf({ unsavedText, unsavedEncoding }: Partial<UndoItem> = {}): Partial<Restoration> {
  return {
    ...(unsavedText !== undefined && { unsavedText }),
    ...(unsavedEncoding !== undefined && { unsavedEncoding }),
  };
}

/** Whether another process that may be running wrote the journal. */
function isOfAnother({ pid, start }: LastRestore['writer']): boolean {
  return pid !== systemProcesses.pid && systemProcesses.isRunning(pid, start);
}
