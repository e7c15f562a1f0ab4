import { describeFailure } from './hostError';
import { interruptedExitCode, whenInterrupted } from './interruption';
import { ProcessRun } from './processRun';

/**
 * Runs a whole program: everything it starts ends with it, it prints why it failed, and its exit code says how it
 * ended. `main` resolves with whether it succeeded, and gets a promise that resolves when the program shall end.
 */
export function runProgram(main: (interrupted: Promise<void>) => Promise<boolean>): void {
  let isInterrupted = false;
  const interrupted = whenInterrupted().then(() => {
    isInterrupted = true;
  });
  void runGuarded(() => main(interrupted))
    .then((succeeded) => (succeeded ? 0 : 1))
    .catch((error: unknown) => {
      // What the interruption has cut short fails, and that is no news.
      if (isInterrupted) return interruptedExitCode;
      process.stderr.write(`${describeFailure(error)}\n`);
      return 1;
    })
    .then((code) => process.exit(code));
}

async function runGuarded(main: () => Promise<boolean>): Promise<boolean> {
  const run = await ProcessRun.start();
  run.enter();
  try {
    return await main();
  } finally {
    await run.finish();
  }
}
