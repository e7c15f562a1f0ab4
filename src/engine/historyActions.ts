import { ObbyError } from '../base/errors';
import type {
  CheckReport,
  FolderForgetRequest,
  FolderForgetResult,
  ForgetPreview,
  LabelRecord,
  Transfer,
} from '../model/historyMaintenance';
import type { Selection } from '../model/historyStore';
import type { VersionId, VersionRecord } from '../model/version';
import { repairFromDisk } from './repairFromDisk';
import { previewForget, selectionOf } from '../query/forget';
import type { OpenHistory } from '../query/openHistory';

/** A history that can be changed, and its folder. */
export interface ChangeableHistory extends OpenHistory {
  forget(selection: Selection): Promise<FolderForgetResult>;
  /** Updates the counts that the status shows. */
  recount(): Promise<void>;
  readonly checkProgress: (done: number, total: number) => void;
}

/** What can be done to one history besides recording. Arguments are plain data. A new action is one entry here. */
export const historyActions = {
  /** Names a time (ms), the present one by default. */
  label({ store }: ChangeableHistory, name: string, time?: number): Promise<LabelRecord> {
    return store.label(name, time);
  },

  removeLabel({ store }: ChangeableHistory, id: string): Promise<void> {
    return store.removeLabel(id);
  },

  /** A pinned version is never dropped; `false` takes the pin away. */
  pin({ store }: ChangeableHistory, id: VersionId, pinned: boolean): Promise<VersionRecord> {
    return store.pin(id, pinned);
  },

  async planForget(history: ChangeableHistory, request: FolderForgetRequest): Promise<ForgetPreview> {
    return previewForget(history, selectionOf(await spelledRequest(history, request)));
  },

  /** Resolves when no byte of the selection is left in the store. */
  async forget(history: ChangeableHistory, request: FolderForgetRequest): Promise<FolderForgetResult> {
    return history.forget(selectionOf(await spelledRequest(history, request)));
  },

  /** Reads everything back and repairs what it can, also from the folder; `check` events report progress. */
  async check(history: ChangeableHistory): Promise<CheckReport> {
    const report = await history.store.check(history.checkProgress);
    const repairs = report.damagedCount === 0 ? [] : await repaired(history, report);
    const checked = repairs.length === 0 ? report : await history.store.check(history.checkProgress);
    await history.recount();
    return repairs.length === 0 ? report : { ...checked, repairs: [...report.repairs, ...repairs, ...checked.repairs] };
  },

  /** Writes the history of a file, or of all below a folder (`''`: everything), to one portable file. */
  async exportTo(history: ChangeableHistory, asked: string, target: string): Promise<Transfer> {
    const path = await history.spelled(asked);
    return history.store.exportTo(target, (each) => path === '' || each === path || each.startsWith(`${path}/`));
  },

  async importFrom(history: ChangeableHistory, source: string): Promise<Transfer> {
    const result = await history.store.importFrom(source);
    await history.recount();
    return result;
  },
};

async function spelledRequest(history: OpenHistory, request: FolderForgetRequest): Promise<FolderForgetRequest> {
  return request.path === undefined ? request : { ...request, path: await history.spelled(request.path) };
}

/** A history that is open for reading stays as it is. */
async function repaired(history: ChangeableHistory, report: CheckReport): Promise<string[]> {
  try {
    return await repairFromDisk(history, report);
  } catch (error) {
    if (error instanceof ObbyError && error.code === 'storeReadOnly') return [];
    throw error;
  }
}
