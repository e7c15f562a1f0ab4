import * as l10n from '@vscode/l10n';
import type { Clock, Timers } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { messageOf, ObbyError } from '../base/errors';
import type { Log } from '../base/log';
import { ThrottledDelayer } from '../base/throttledDelayer';
import type { PathChange } from '../model/changeHint';
import type { HistoryStore } from '../model/historyStore';
import type { RuleProblem } from '../model/ruleSources';
import type { ScanReason, ScanResult } from '../model/scan';
import type { VersionRecord } from '../model/version';
import type { ScanProgress } from '../watch/scanQueue';
import { ChangePublisher } from './changePublisher';
import type { EngineEvent, FolderKey } from './engine';
import type { EngineStatus } from './engineStatus';
import type { FolderStatusTracker } from './folderStatusTracker';
import { toWire } from './rpc';

export interface FolderReporterDeps {
  readonly key: FolderKey;
  /** Absolute path of the workspace folder. */
  readonly root: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly tracker: FolderStatusTracker;
  readonly status: () => EngineStatus;
  readonly emit: (event: EngineEvent) => void;
}

/** Limits the statuses of a burst to a few per second. */
const statusEveryMs = 150;

/** Publishes the events of one folder, and its status whenever it changes. */
export class FolderReporter implements Disposable {
  private readonly changePublisher: ChangePublisher;
  private readonly statusPush: ThrottledDelayer;

  constructor(private readonly deps: FolderReporterDeps) {
    const { key, clock, timers, status, emit } = deps;
    this.changePublisher = new ChangePublisher(timers, (changes) => emit({ type: 'changes', folder: key, changes }));
    const push = (): Promise<void> => {
      emit({ type: 'status', folder: key, status: status() });
      return Promise.resolve();
    };
    this.statusPush = new ThrottledDelayer(push, this.folderProblem, clock, statusEveryMs);
  }

  /** The status has changed. */
  changed(): void {
    this.statusPush.request();
  }

  /** A watched path may have changed. */
  pathChanged(change: PathChange): void {
    this.changePublisher.add(change);
  }

  /** This window or another has recorded versions. */
  recorded(versions: readonly VersionRecord[]): void {
    const { key, tracker, emit } = this.deps;
    tracker.recorded(versions);
    this.changed();
    emit({ type: 'recorded', folder: key, versions });
  }

  scanProgress({ reason, done, total }: ScanProgress): void {
    const { key, tracker, emit } = this.deps;
    tracker.scanProgress(done, total);
    this.changed();
    emit({ type: 'scan', folder: key, reason, done, total });
  }

  scanned(reason: ScanReason, result: ScanResult): void {
    const { key, tracker, emit } = this.deps;
    tracker.scanned(result);
    this.changed();
    emit({ type: 'scanned', folder: key, reason, result });
  }

  storeChanged(error: ObbyError | undefined): void {
    const { key, tracker, emit } = this.deps;
    tracker.storeChanged(error);
    this.changed();
    emit({ type: 'store', folder: key, ...(error && { error: toWire(error) }) });
  }

  rulesChanged(problems: readonly RuleProblem[]): void {
    const { key, emit } = this.deps;
    this.changed();
    emit({ type: 'ruleProblems', folder: key, problems });
  }

  /** Counts the history again after other changes than recording. */
  async recount(store: Pick<HistoryStore, 'statistics'>): Promise<void> {
    const { root, tracker, log } = this.deps;
    try {
      await tracker.recount(() => store.statistics());
    } catch (error) {
      // The status is published with its previous numbers.
      log.debug(`${root} could not be counted: ${messageOf(error)}`);
    }
    this.changed();
  }

  /** A path could not be recorded, or a folder not be read. */
  readonly pathProblem = (path: string, error: unknown): void => {
    const { log, tracker } = this.deps;
    const { message } =
      error instanceof ObbyError ? error : new ObbyError('unreadable', unreadableText(path, messageOf(error)));
    log.warn(message);
    tracker.notRecorded(path, message);
    this.changed();
  };

  readonly folderProblem = (error: unknown): void => this.pathProblem('', error);

  dispose(): void {
    this.changePublisher.dispose();
    this.statusPush.dispose();
  }
}

/** An empty path is the folder itself. */
function unreadableText(path: string, why: string): string {
  if (path === '') return l10n.t('The folder could not be read: {0}', why);
  return l10n.t('{0} could not be read: {1}', path, why);
}
