import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

const maxTailBytes = 4_000;

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The command is killed and fails when it takes longer. */
  readonly timeoutMs: number;
}

/** Runs a command to its end; rejects with the end of what it printed when it fails or takes too long. */
export async function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const output = new Tail();
  const code = await new Promise<number | string>((resolve, reject) => {
    const child = spawn(command, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
    });
    child.stdout.on('data', (chunk: Buffer) => output.add(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.add(chunk));
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve(exitCode ?? signal ?? 'unknown'));
  });
  if (code === 0) return output.text();
  const late = code === 'SIGKILL' ? ` (it may take ${options.timeoutMs / 1000} seconds)` : '';
  throw new Error(`${command} ${args.join(' ')} ended with ${code}${late}:\n${output.text()}`);
}

/** Waits for work to end, but not longer than that. */
export async function atMost(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work, delay(timeoutMs, undefined, { ref: false })]);
}

/** The last few thousand bytes of a stream: enough to explain a failure, bounded however long it runs. */
export class Tail {
  private kept = '';

  add(chunk: Buffer | string): void {
    this.kept = (this.kept + chunk.toString()).slice(-maxTailBytes);
  }

  text(): string {
    return this.kept.trim();
  }
}
