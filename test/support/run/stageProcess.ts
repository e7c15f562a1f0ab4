import { fork } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { factor } from '../chance';
import { describeFailure } from '../host/hostError';
import { supportProgram } from '../host/project';
import { oneFailed, type Outcome } from './outcome';
import type { Stage } from './stages';

/** Names, in the environment of a process, the stage that it runs. */
const stageVariable = 'OBBY_TEST_STAGE';
/** Far more than the slowest stage takes on a busy machine. */
const timeoutMs = 30 * 60_000;

/** The stage that this process is to run, if it is to run one. */
export const stageOfThisProcess = process.env[stageVariable];

/** Runs a stage in a process of its own, since what stages use prints as it likes. */
export async function runStage(stage: Stage, write: (text: string) => void): Promise<Outcome> {
  const limitMs = timeoutMs * Math.max(1, factor());
  const child = fork(supportProgram('testMain'), {
    env: { ...process.env, [stageVariable]: stage.name },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  // Who waits for a window waits for nothing else.
  if (stage.opensWindow !== true && child.pid !== undefined)
    setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', write);
  let outcome: Outcome | undefined;
  // Both ends are built together.
  child.on('message', (message) => (outcome = message as Outcome));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  const fail = (failure: string): Outcome => {
    write(`${failure}\n`);
    return oneFailed(failure);
  };
  if (outcome === undefined) {
    const late = signal === 'SIGKILL' ? `; it may take ${limitMs / 60_000} minutes` : '';
    return fail(`The stage ended with ${code ?? signal ?? 'nothing'}${late}.`);
  }
  return outcome.passed + outcome.failures.length > 0 ? outcome : fail('No test ran.');
}

/** Runs a stage in this very process, which then ends, and tells the process that started it. A stage that breaks down has failed. */
export async function runStageHere(stage: Stage): Promise<void> {
  process.once('disconnect', () => process.exit(1));
  const outcome = await stage.run().catch((error: unknown) => {
    const failure = describeFailure(error);
    process.stdout.write(`${failure}\n`);
    return oneFailed(failure);
  });
  process.send?.(outcome, () => process.exit());
}
