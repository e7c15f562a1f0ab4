import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import { messageOf } from '../base/errors';
import type { Log } from '../base/log';
import type { ChangeHint, PathChange, ClientEvent } from '../model/changeHint';
import type { WatchSettings } from '../model/folderSettings';
import type { ScanReason, ScanResult } from '../model/scan';
import type { Rules } from '../rules/rules';
import type { Recorded } from '../track/candidate';
import { ChangeFeed, type ChangeFeedDeps } from '../watch/changeFeed';
import { ChangeQueue, type ChangeQueueDeps } from '../watch/changeQueue';
import { eventlessFileSystemOf, WatchMode } from '../watch/watchMode';
import type { Differences } from '../watch/folderScanner';
import type { FolderDifferences } from '../watch/folderSnapshot';
import { LinkTargets } from '../watch/linkTargets';
import { ScanScheduler } from '../watch/scanScheduler';
import type { EngineStatus } from './engineStatus';
import type { FolderStatusTracker } from './folderStatusTracker';

export interface FolderChangesDeps {
  readonly root: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: WatchSettings;
  readonly rules: () => Rules;
  readonly tracker: Pick<FolderStatusTracker, 'lastScan' | 'watched' | 'limitReached' | 'eventsMissed'>;
  readonly record: ChangeQueueDeps<Recorded>['record'];
  readonly poll: () => Promise<Differences>;
  readonly optional: ChangeFeedDeps['optional'];
  readonly gitDir: ChangeFeedDeps['gitDir'];
  readonly scan: (reason: ScanReason) => void;
  /** Scans with every folder treated as new. */
  readonly onRewatch: () => void;
  /** A rule file may have changed. */
  readonly onRuleFile: () => void;
  /** A watched path may have changed. */
  readonly onChange: (change: PathChange) => void;
  /** The watch mode or the number of waiting paths changed. */
  readonly onDidChange: () => void;
  readonly maxWatches?: number;
}

/** With more paths at once, events may have been lost; a scan finds what they missed. */
const manyPaths = 1_000;
const burstPauseMs = 2_000;
/** The client's watcher starts some time after it was requested. */
const startPauseMs = 5_000;

/** All sources of changes of one folder, and the queue that they feed. */
export class FolderChanges implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly mode: WatchMode;
  private readonly feed: ChangeFeed;
  private readonly queue: ChangeQueue<Recorded>;
  private readonly scheduler: ScanScheduler;
  private readonly links: LinkTargets;
  private isOn = false;
  /** The first scan since the start has not ended. */
  private isStarting = false;

  constructor(private readonly deps: FolderChangesDeps) {
    const { root, clock, log, settings, tracker, scan } = deps;
    this.mode = new WatchMode({
      settings,
      eventlessFileSystem: eventlessFileSystemOf(root),
      onMissed: (missed) => {
        log.warn(`${root}: no event came for ${missed.count} changes.`);
        tracker.eventsMissed(missed);
      },
      onDidChange: () => {
        this.apply();
        // A scan finds the folders to watch.
        if (this.isOn) deps.onRewatch();
      },
    });
    this.links = new LinkTargets(root);
    this.scheduler = this.disposables.add(new ScanScheduler(clock, () => tracker.lastScan, scan));
    this.queue = this.disposables.add(this.newQueue());
    this.feed = this.disposables.add(this.newFeed());
  }

  get status(): Pick<EngineStatus, 'engine' | 'engineReason' | 'queue'> {
    const queue = this.queue.size;
    if (!this.isOn) return { engine: 'none', queue };
    const { pollsBecause: engineReason } = this.mode;
    return engineReason ? { engine: 'polling', engineReason, queue } : { engine: 'events', queue };
  }

  start(): void {
    this.isOn = this.isStarting = true;
    this.apply();
  }

  /** Waiting paths are still recorded. */
  stop(): void {
    this.isOn = false;
    this.scheduler.dispose();
    this.apply();
  }

  configure(settings: WatchSettings): void {
    this.mode.configure(settings);
  }

  notify(events: readonly ClientEvent[]): void {
    if (!this.isOn) return;
    for (const event of events) this.handle(event);
    this.afterChanges(events.flatMap(pathsOf));
  }

  /** Adds paths that may have changed. */
  add(changes: readonly PathChange[]): void {
    for (const change of changes) this.addChange(change);
    this.afterChanges(changes.map(({ path }) => path));
  }

  record(hints: readonly ChangeHint[]): Promise<readonly Recorded[]> {
    return this.queue.record(hints);
  }

  /** Resolves when everything that is waiting now is recorded. */
  drain(): Promise<void> {
    return this.queue.drain();
  }

  scanStarts(): void {
    this.scheduler.scanStarts();
  }

  scanEnds(): void {
    if (!this.isOn) return;
    this.scheduler.scanEnds();
    if (this.isStarting && this.mode.settings.events === 'client') this.scheduler.soon('watched', startPauseMs);
    this.isStarting = false;
  }

  /** Called before the tracker counts the scan. */
  scanned(result: ScanResult): void {
    if (this.isOn) this.mode.scanned(result, this.deps.tracker.lastScan?.time);
  }

  folderFound(differences: FolderDifferences, isFirst: boolean): void {
    for (const { path, isLink } of differences.found) if (isLink) this.links.note(path);
    this.feed.folderFound(differences, isFirst);
  }

  folderChanged(folder: string): void {
    this.feed.folderChanged(folder);
  }

  rulesChanged(): void {
    this.feed.rulesChanged();
  }

  dispose(): void {
    this.isOn = false;
    this.disposables.dispose();
  }

  private newQueue(): ChangeQueue<Recorded> {
    const { clock, rules, record, onChange, onDidChange, root, log } = this.deps;
    return new ChangeQueue({
      clock,
      rules,
      record,
      onChange,
      onDidChange,
      onFlush: (count) => {
        if (count > manyPaths && this.isOn) this.scheduler.soon('burst', burstPauseMs);
      },
      onFail: (count, error) => log.error(`${root}: ${count} changed paths were not recorded: ${messageOf(error)}`),
    });
  }

  private newFeed(): ChangeFeed {
    const { root, clock, log, rules, poll, tracker, optional, gitDir, maxWatches } = this.deps;
    return new ChangeFeed({
      ...{ root, clock, log, rules, poll, optional, gitDir, ...(maxWatches !== undefined && { maxWatches }) },
      onChanges: (changes, areEvents) => {
        if (areEvents) this.mode.handleEvent();
        this.add(changes);
      },
      onGitHead: () => this.scheduler.soon('git', 0),
      onLimit: (code) => {
        log.warn(`${root}: no more folders can be watched (${code ?? 'limit of Obby'}).`);
        tracker.limitReached(code);
        this.mode.limitReached(code);
      },
      // A scan finds what changed before its folder was watched.
      onFollowed: () => this.scheduler.soon('watched', 0),
    });
  }

  private handle(event: ClientEvent): void {
    switch (event.type) {
      case 'change':
        this.mode.handleEvent();
        this.addChange(event);
        break;
      case 'will save':
        this.queue.willSave(event.path);
        break;
      case 'save': {
        const { type: _type, ...hint } = event;
        this.queue.saved(hint);
        break;
      }
      case 'move':
        this.queue.moved(event.from, event.to);
        break;
      case 'move across':
        this.queue.movedAcross(event.path, event.other);
        break;
      case 'focus':
        if (this.scheduler.isDueOnFocus()) this.deps.scan('focus');
        break;
    }
  }

  private addChange(change: PathChange): void {
    this.queue.add(change);
    if (change.kind === 'created') this.links.note(change.path);
    for (const path of this.links.to(change.path)) this.queue.add({ path, kind: 'changed' });
  }

  private afterChanges(paths: readonly string[]): void {
    if (paths.some((path) => this.deps.rules().isRuleFile(path))) this.deps.onRuleFile();
  }

  /** Applies the present watch mode. */
  private apply(): void {
    const { pollsBecause, settings } = this.mode;
    const { tracker, onDidChange } = this.deps;
    tracker.watched(this.isOn ? pollsBecause : undefined);
    onDidChange();
    const { engine, isSafeMode, watcherExclude, events } = settings;
    // Elsewhere VS Code reports nested new folders, and on Windows a watched folder locks those above it.
    const followsEventless = !isSafeMode && process.platform === 'linux';
    this.feed.use(
      this.isOn
        ? {
            polls: pollsBecause !== undefined,
            follows: events === 'own' ? 'all' : followsEventless ? 'eventless' : 'none',
            watcherExclude,
            // With `polling` there are no watches, not even of git's HEAD.
            followsGit: !isSafeMode && engine !== 'polling',
          }
        : undefined,
    );
  }
}

function pathsOf(event: ClientEvent): readonly string[] {
  if ('path' in event) return [event.path];
  return event.type === 'move' ? [event.from, event.to] : [];
}
