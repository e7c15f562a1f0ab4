import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProblems } from './checks';
import { initialFiles } from './generate';
import { ModelWindow } from './modelWindow';
import { SequenceRun } from './sequenceRun';
import type { DiskStep, Step } from './step';
import { Watched } from './watched';

/** How Obby hears of changes. */
export type EngineName = 'events' | 'polling';

export function isEngineName(name: string): name is EngineName {
  return name === 'events' || name === 'polling';
}

/** A change that Obby has not recorded by itself after so long was missed: its window, and a margin for a busy machine. */
const patienceMs: Readonly<Record<EngineName, number>> = { events: 10_000, polling: 20_000 };

/** What became of one sequence. */
export interface SequenceResult {
  readonly steps: readonly Step[];
  readonly problems: readonly string[];
  readonly applied: number;
  readonly versions: number;
  readonly settled: number;
  readonly unsettled: number;
  readonly longestWaitMs: number;
}

/** Runs sequences side by side, each in a workspace folder of its own, in one window that they reload together. */
export async function runBatch(sequences: readonly (readonly Step[])[], engine: EngineName): Promise<SequenceResult[]> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'obby-model-')));
  const watched = new Watched();
  try {
    const batch = new Batch(folder, sequences, engine, watched);
    return await batch.run();
  } finally {
    watched.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

class Batch {
  private readonly runs: readonly SequenceRun[];
  private readonly rounds: number;
  private readonly parts: readonly (readonly Round[])[];

  constructor(
    private readonly folder: string,
    private readonly sequences: readonly (readonly Step[])[],
    private readonly engine: EngineName,
    private readonly watched: Watched,
  ) {
    this.runs = sequences.map(
      (_, index) => new SequenceRun(path.join(folder, `${index + 1}`), watched, patienceMs[engine]),
    );
    this.parts = sequences.map(roundsOf);
    this.rounds = Math.max(...this.parts.map(({ length }) => length));
  }

  async run(): Promise<SequenceResult[]> {
    await mkdir(path.join(this.folder, 'profile'));
    const workspace = path.join(this.folder, 'model.code-workspace');
    await writeFile(workspace, JSON.stringify({ folders: this.runs.map(({ root }) => ({ path: root })) }));
    for (const run of this.runs) await mkdir(run.root);
    await this.each((run) => run.begin(initialFiles()));
    for (let round = 0; ; round++) {
      await this.each((run, index) => run.perform(this.parts[index]?.[round]?.meanwhile ?? []));
      const window = await this.openWindow(workspace);
      await this.each((run, index) => run.perform(this.parts[index]?.[round]?.steps ?? []));
      const isLast = round === this.rounds - 1;
      const results = isLast ? await this.results(window) : [];
      this.runs.forEach((run) => run.closed());
      await window.close();
      if (isLast) return results;
    }
  }

  private async openWindow(workspace: string): Promise<ModelWindow> {
    const byRoot = new Map(this.runs.map((run) => [run.root, run]));
    const window = await ModelWindow.open({
      workspace,
      profileDir: path.join(this.folder, 'profile'),
      settings: { 'obby.watcher.engine': this.engine },
      onVersions: (root, versions) => byRoot.get(root)?.heard(versions),
    });
    await this.each(({ root }) => window.ask('eventsArrive', root));
    await window.ask('flush');
    await this.each(async ({ root }) => {
      const engine = await window.ask('engine', root);
      if (engine !== this.engine) throw new Error(`Obby uses the engine ${engine}, not ${this.engine}.`);
    });
    await this.each((run) => run.opened(window));
    return window;
  }

  private async results(window: ModelWindow): Promise<SequenceResult[]> {
    await window.ask('flush');
    return this.each(async (run, index) => ({
      steps: this.sequences[index] ?? [],
      problems: await findProblems(run, window, this.watched),
      applied: run.applied,
      versions: (await window.ask('recorded', run.root)).length,
      settled: run.timeline.settled.length,
      unsettled: run.timeline.unsettled,
      longestWaitMs: run.longestWaitMs,
    }));
  }

  private each<T>(act: (run: SequenceRun, index: number) => Promise<T>): Promise<T[]> {
    return Promise.all(this.runs.map(act));
  }
}

interface Round {
  /** Done before the window opens. */
  readonly meanwhile: readonly DiskStep[];
  readonly steps: readonly Step[];
}

/** The steps from one opening of the window to the next. */
function roundsOf(steps: readonly Step[]): Round[] {
  const rounds: { meanwhile: readonly DiskStep[]; steps: Step[] }[] = [{ meanwhile: [], steps: [] }];
  for (const step of steps) {
    if (step.do === 'reload') rounds.push({ meanwhile: step.meanwhile, steps: [] });
    else rounds.at(-1)?.steps.push(step);
  }
  return rounds;
}
