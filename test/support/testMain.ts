/**
 * `npm test`: every stage, those side by side that do not disturb each other, each under its heading, and a last line that
 * counts, below what failed. Names of stages as arguments run only those; `--long` with many times as many random cases.
 */
import { availableParallelism } from 'node:os';
import { seed } from './chance';
import { HostError } from './host/hostError';
import { interruptedExitCode } from './host/interruption';
import { runProgram } from './host/program';
import { describeOutcome, oneFailed, sum, type Outcome } from './run/outcome';
import { runJobs } from './run/schedule';
import { StageOutputs } from './run/stageOutput';
import { runStage, runStageHere, stageOfThisProcess } from './run/stageProcess';
import { stages, type Stage } from './run/stages';
import { zoneAtNoon } from './run/timeZone';

/** How many times as many random cases `--long` tries. */
const longTimes = '10';

async function runStages(selected: readonly Stage[]): Promise<Outcome> {
  const cores = availableParallelism();
  const outputs = new StageOutputs((text) => process.stdout.write(text));
  const all: Outcome[] = [];
  const run = async (stage: Stage): Promise<boolean> => {
    const startedAt = Date.now();
    const output = outputs.begin(stage.heading);
    const outcome = await runStage(stage, (text) => output.write(text));
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    output.write(`${stage.heading}: ${describeOutcome(outcome)} (${seconds} s)\n`);
    output.end();
    all.push(headed(stage, outcome));
    return outcome.failures.length === 0;
  };
  const skip = (stage: Stage, because: string): void => {
    const output = outputs.begin(stage.heading);
    const why = `Not run, because "${stageNamed(because).heading}" failed.`;
    output.write(`${why}\n`);
    output.end();
    all.push(headed(stage, oneFailed(why)));
  };
  // A window keeps a core busy, and what waits for it must not wait for others.
  await runJobs(selected, { jobs: cores, windows: Math.max(1, cores - 1) }, run, skip);
  return sum(all);
}

function stageNamed(name: string): Stage {
  const stage = stages.find((each) => each.name === name);
  if (!stage)
    throw new HostError(`There is no stage ${name}; there are ${stages.map((each) => each.name).join(', ')}.`);
  return stage;
}

function headed({ heading }: Stage, { passed, failures }: Outcome): Outcome {
  return { passed, failures: failures.map((failure) => `${heading}: ${failure}`) };
}

async function main(args: readonly string[]): Promise<boolean> {
  const names = args.filter((arg) => arg !== '--long');
  process.env['OBBY_SEED'] = String(seed);
  process.env['TZ'] = zoneAtNoon(new Date());
  const isLong = args.includes('--long');
  if (isLong) process.env['OBBY_TIMES'] ??= longTimes;
  const all = stages.filter((stage) => isLong || stage.isLong !== true);
  const outcome = await runStages(names.length === 0 ? all : names.map(stageNamed));
  // Where a reader who sees only the end of a long output finds it.
  for (const failure of outcome.failures) process.stdout.write(`\n✖ ${failure}\n`);
  process.stdout.write(`\n${describeOutcome(outcome)}\n`);
  return outcome.failures.length === 0;
}

if (stageOfThisProcess !== undefined) void runStageHere(stageNamed(stageOfThisProcess));
else {
  runProgram((interrupted) => {
    // Whatever runs then ends with this process.
    void interrupted.then(() => process.exit(interruptedExitCode));
    return main(process.argv.slice(2));
  });
}
