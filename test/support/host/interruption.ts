import { parentOf } from './processes';

/** The exit code of a program that was interrupted, by convention of the shells. */
export const interruptedExitCode = 130;

/** Closing a window takes a second or two; one that does not close is killed by its reaper when this process ends. */
const closeTimeoutMs = 10_000;
const parentPollMs = 500;

/**
 * Resolves when this process is told to end: Ctrl+C, a signal, or the end of the npm that started it.
 * The process then has ten seconds to close what it opened.
 */
export function whenInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.on('SIGINT', () => {
      resolve();
      setTimeout(() => process.exit(interruptedExitCode), closeTimeoutMs).unref();
    });
    // One way to end: `runTests`, too, closes its VS Code on SIGINT alone.
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.emit('SIGINT'));
    if (process.env['npm_lifecycle_event'] !== undefined) watchNpm(() => process.emit('SIGINT'));
  });
}

/** Calls back when the shell that npm started this process with, or npm itself, is gone: a shell passes no signal on. */
function watchNpm(onEnd: () => void): void {
  const shell = process.ppid;
  const npm = parentOf(shell);
  const timer = setInterval(() => {
    if (process.ppid === shell && parentOf(shell) === npm) return;
    clearInterval(timer);
    onEnd();
  }, parentPollMs);
  timer.unref();
}
