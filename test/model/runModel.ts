import type { Outcome } from '../support/run/outcome';
import { runBatch, type EngineName, type SequenceResult } from './batch';
import { generate } from './generate';
import { shrink } from './shrink';
import { describeStep, type Step } from './step';

export interface ModelOptions {
  readonly sequences: number;
  /** Of the first sequence; each next one has the next number. */
  readonly seed: number;
  readonly engine: EngineName;
  readonly mayShrink: boolean;
}

/** Sequences side by side in one window: more would only wait for each other. */
const batchSize = 30;
/** A failing sequence is made shorter in so many rounds, of half a minute each. */
const maxShrinkRounds = 6;
/** Failing sequences that are made shorter: they often fail alike. */
const maxShrunk = 2;

/** Runs sequences, prints what it did, each failing one with its seed and a shorter one that fails too. */
export async function runModel(options: ModelOptions): Promise<Outcome> {
  const seeds = Array.from({ length: options.sequences }, (_, index) => options.seed + index);
  const results: SequenceResult[] = [];
  const failures: string[] = [];
  for (let start = 0; start < seeds.length; start += batchSize) {
    const batch = seeds.slice(start, start + batchSize);
    const began = Date.now();
    const done = await runBatch(batch.map(generate), options.engine);
    results.push(...done);
    console.log(summary(`Seeds ${batch[0] ?? 0} to ${batch.at(-1) ?? 0}`, done, Date.now() - began));
    const failed = done.flatMap((result, index) =>
      result.problems.length > 0 ? [`Seed ${batch[index] ?? 0}, ${options.engine}:\n${described(result)}`] : [],
    );
    failures.push(...failed);
    failed.forEach((failure) => console.log(failure));
  }
  const failing = results.filter(({ problems }) => problems.length > 0);
  if (options.mayShrink) {
    for (const result of failing.slice(0, maxShrunk)) await printShorter(result, options.engine);
  }
  return { passed: results.length - failing.length, failures };
}

async function printShorter(result: SequenceResult, engine: EngineName): Promise<void> {
  const run = async (lists: readonly (readonly Step[])[]): Promise<(SequenceResult | undefined)[]> => {
    const done = await runBatch(lists, engine);
    return done.map((each) => (each.problems.length > 0 ? each : undefined));
  };
  const shortest = await shrink({ items: result.steps, failure: result }, run, maxShrinkRounds);
  console.log(`This fails as well:\n${described(shortest.failure)}`);
}

function described({ steps, problems }: SequenceResult): string {
  return [...steps.map((step) => `    ${describeStep(step)}`), ...problems.map((problem) => `  ✗ ${problem}`)].join(
    '\n',
  );
}

function summary(what: string, results: readonly SequenceResult[], ms: number): string {
  const sum = (of: (result: SequenceResult) => number) => results.reduce((total, each) => total + of(each), 0);
  const longest = Math.max(...results.map(({ longestWaitMs }) => longestWaitMs));
  return (
    `${what}: ${sum(({ applied }) => applied)} changes, ${sum(({ versions }) => versions)} versions, ` +
    `${sum(({ settled }) => settled)} states waited for (at most ${longest} ms), ` +
    `${sum(({ unsettled }) => unsettled)} taken back, ` +
    `${results.filter(({ problems }) => problems.length > 0).length} failed, ${Math.round(ms / 1000)} s`
  );
}
