import { once, EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { VersionRecord } from '../../src/model/version';
import type { ModelWindow } from './modelWindow';
import { Place, type Editor } from './place';
import type { DiskStep, ProgramStep, Step } from './step';
import { clockLagMs, Timeline } from './timeline';
import type { Watched } from './watched';

/** A save that VS Code has confirmed. */
export interface Save {
  readonly path: string;
  readonly sha256: string;
  /** Of the moment after it. */
  readonly index: number;
}

/** One sequence of steps, done in one workspace folder. */
export class SequenceRun {
  readonly timeline: Timeline;
  readonly saves: Save[] = [];
  readonly problems: string[] = [];
  /** Steps that found what they are about. */
  applied = 0;
  /** How long the slowest change was on disk before it was heard of, in ms. */
  longestWaitMs = 0;
  private readonly place: Place;
  private readonly changes = new EventEmitter();
  private window: ModelWindow | undefined;

  constructor(
    readonly root: string,
    watched: Watched,
    private readonly patienceMs: number,
  ) {
    this.timeline = new Timeline(root, watched);
    this.place = new Place(root, this.editor());
  }

  /** Makes the folder as it is before anyone looks. */
  async begin(steps: readonly DiskStep[]): Promise<void> {
    for (const step of steps) await this.place.perform(step);
    await this.place.initialize();
    this.timeline.add(undefined, Date.now());
  }

  /** The window has opened: what is on disk is recorded after a flush. */
  async opened(window: ModelWindow): Promise<void> {
    this.window = window;
    const recorded = await window.ask('recorded', this.root);
    for (const together of byMoment(recorded)) this.timeline.heard(together);
    const began = Date.now();
    this.timeline.add(undefined, began);
    await this.settle('after the window opened');
  }

  closed(): void {
    this.window = undefined;
  }

  heard(versions: readonly VersionRecord[]): void {
    this.timeline.unsettle(versions);
    this.timeline.heard(versions);
    this.changes.emit('change');
  }

  async perform(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (step.do === 'pause') await delay(step.ms);
      else if (step.do === 'settle') await this.settle(`after step ${this.timeline.moments.length}`);
      else if (step.do !== 'reload') await this.change(step);
    }
  }

  private async change(step: DiskStep | ProgramStep): Promise<void> {
    const began = Date.now();
    const isDone = await this.place.perform(step);
    if (isDone) this.applied++;
    this.timeline.add(isDone ? step : undefined, began);
    const sha256 = step.do === 'save' ? this.timeline.last.files.get(step.path) : undefined;
    if (step.do === 'save' && isDone && sha256 !== undefined) {
      this.saves.push({ path: step.path, sha256, index: this.timeline.moments.length - 1 });
    }
  }

  /** Waits until all that must be recorded was heard of, and nothing follows that was on its way. */
  private async settle(when: string): Promise<void> {
    const began = this.timeline.last.ended;
    const giveUpAt = Date.now() + this.patienceMs;
    do {
      const differences = this.timeline.differences();
      const left = giveUpAt - Date.now();
      if (left <= 0) {
        const what = differences.length > 0 ? differences : ['What is recorded does not come to rest'];
        this.problems.push(...what.map((each) => `${each}, ${this.patienceMs} ms ${when}.`));
        return;
      }
      if (differences.length === 0) {
        this.timeline.settle();
        // What comes next has a later time, also by the clock of files.
        await delay(clockLagMs);
      } else {
        await Promise.race([once(this.changes, 'change'), delay(left)]);
        this.longestWaitMs = Math.max(this.longestWaitMs, Date.now() - began);
      }
    } while (!this.timeline.isSettled);
  }

  private editor(): Editor {
    const { root } = this;
    const window = (): ModelWindow => {
      if (!this.window) throw new Error('No window is open.');
      return this.window;
    };
    return {
      save: (file, text) => window().ask('save', root, file, text),
      rename: (from, to) => window().ask('rename', root, from, to),
      delete: (file) => window().ask('delete', root, file),
    };
  }
}

/** Versions, given newest first, as they became durable: those of a moment together. */
function byMoment(recorded: readonly VersionRecord[]): VersionRecord[][] {
  const groups: VersionRecord[][] = [];
  for (const version of [...recorded].reverse()) {
    const group = groups.at(-1);
    if (group?.[0]?.changeSet === version.changeSet) group.push(version);
    else groups.push([version]);
  }
  return groups;
}
