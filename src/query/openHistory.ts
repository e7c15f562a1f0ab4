import type { OptionalWork } from '../base/optionalWork';
import type { HistoryStore } from '../model/historyStore';
import type { Rules } from '../rules/rules';
import type { Observation } from '../track/disk/disk';
import type { GitFiles } from '../track/git/gitFiles';

/** An open history, and the folder that it is of. */
export interface OpenHistory {
  readonly store: HistoryStore;
  /** Absolute path of the workspace folder. */
  readonly root: string;
  /** Work of this history that may fail without harm. */
  readonly optional: OptionalWork;
  readonly gitFiles: GitFiles;
  /** The rules as the rule files are now. */
  readRules(): Promise<Rules>;
  observe(path: string): Promise<Observation>;
}
