import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeTo } from './writing';

/** What `sh` ends with when it finds no such program, or may not run it. */
const notRun: readonly (number | null)[] = [126, 127];

/** A program that shows text page by page, as `less` does. */
export class Pager {
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | null>;
  private readonly chunks: (string | Uint8Array)[] = [];

  constructor(command: string, env: NodeJS.ProcessEnv) {
    const options = { LESS: 'FRX', LV: '-c', ...env };
    this.child = spawn(command, { shell: true, stdio: ['pipe', 'inherit', 'inherit'], env: options });
    this.ended = new Promise((resolve) => {
      this.child.once('exit', resolve);
      this.child.once('error', () => resolve(127));
    });
  }

  async write(output: string | Uint8Array): Promise<void> {
    this.chunks.push(output);
    const { stdin } = this.child;
    if (stdin) await writeTo(stdin, output);
  }

  /** Resolves when the user has seen enough. What a missing program could not show goes to `stdout`. */
  async closed(stdout: NodeJS.WritableStream): Promise<void> {
    const { stdin } = this.child;
    // Ctrl+C is for the pager.
    const ignore = (): void => undefined;
    process.on('SIGINT', ignore);
    stdin?.end();
    const code = await this.ended;
    process.off('SIGINT', ignore);
    if (notRun.includes(code)) for (const chunk of this.chunks) await writeTo(stdout, chunk);
    else if (stdin && !stdin.closed) await once(stdin, 'close');
  }
}
