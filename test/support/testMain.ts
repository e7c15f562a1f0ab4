/**
 * `npm test`: every stage in turn, each under its heading, and a last line that counts. Names of stages as
 * arguments run only those.
 */
import path from 'node:path';
import { describeFailure, HostError } from './host/hostError';
import { interruptedExitCode } from './host/interruption';
import { runProgram } from './host/program';
import { projectRoot } from './host/project';
import { oneFailed, sum, type Counts } from './run/counts';
import { runIntegrationTests } from './run/integrationTests';
import { runModelTests } from './run/modelTests';
import { runNodeTests } from './run/nodeTests';
import { runScript } from './run/script';

interface StageResult {
  readonly counts: Counts;
  /** What the stage has not printed itself. */
  readonly output?: string;
}

interface Stage {
  readonly heading: string;
  /** Only reads what is there, so that it may run beside others like it. */
  readonly isReading?: boolean;
  run(): Promise<StageResult>;
}

const out = path.join(projectRoot, 'out');

const stages = new Map<string, Stage>([
  ['types', { heading: 'Type check', isReading: true, run: () => runScript('types') }],
  ['lint', { heading: 'Lint', isReading: true, run: () => runScript('lint') }],
  ['format', { heading: 'Format check', isReading: true, run: () => runScript('format:check') }],
  ['build', { heading: 'Build', run: () => runScript('build:tests') }],
  ['unit', { heading: 'Unit tests', run: () => runNodeTests(path.join(out, 'unit'), 2) }],
  ['package', { heading: 'Package', run: () => runScript('package') }],
  ['host', { heading: 'Tests of package, launcher and format', run: () => runNodeTests(path.join(out, 'host'), 1) }],
  ['integration', { heading: 'Integration tests in VS Code', run: runIntegrationTests }],
  ['model', { heading: 'Model test in VS Code', run: runModelTests }],
  // One at a time: each opens a window, which keeps both cores of a small machine busy.
  ['ui', { heading: 'UI tests in a browser', run: () => runNodeTests(path.join(out, 'ui'), 1) }],
]);

async function runStages(names: readonly string[]): Promise<Counts> {
  const selected = names.length === 0 ? [...stages.values()] : names.map(stageNamed);
  const reading = new Map(selected.filter((stage) => stage.isReading).map((stage) => [stage, runStage(stage)]));
  const all: Counts[] = [];
  for (const stage of selected) {
    const startedAt = Date.now();
    process.stdout.write(`\n== ${stage.heading} ==\n`);
    const { counts, output } = await (reading.get(stage) ?? runStage(stage));
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    process.stdout.write(`${output ?? ''}${stage.heading}: ${describeCounts(counts)} (${seconds} s)\n`);
    all.push(counts);
  }
  return sum(all);
}

function stageNamed(name: string): Stage {
  const stage = stages.get(name);
  if (!stage) throw new HostError(`There is no stage ${name}; there are ${[...stages.keys()].join(', ')}.`);
  return stage;
}

/** A stage that breaks down, or in which no test ran, has failed. */
async function runStage(stage: Stage): Promise<StageResult> {
  try {
    const result = await stage.run();
    if (result.counts.passed + result.counts.failed > 0) return result;
    return { counts: oneFailed, output: 'No test ran.\n' };
  } catch (error) {
    return { counts: oneFailed, output: `${describeFailure(error)}\n` };
  }
}

function describeCounts({ passed, failed }: Counts): string {
  return `${passed} passed, ${failed} failed`;
}

runProgram(async (interrupted) => {
  // Whatever runs then ends with this process.
  void interrupted.then(() => process.exit(interruptedExitCode));
  const counts = await runStages(process.argv.slice(2));
  process.stdout.write(`\n${describeCounts(counts)}\n`);
  return counts.failed === 0;
});
