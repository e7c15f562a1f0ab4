import { homedir } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { isAbsolute } from 'node:path';
import { realpathSync } from 'node:fs';
import type { CliIo } from '../cliIo';
import { Pager } from './pager';
import { writeTo } from './writing';

/** The largest plan that is read from standard input, in UTF-16 units. */
const maxInput = 64 << 20;

/** The real process around the command line. */
export class ProcessIo implements CliIo {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly home = homedir();
  readonly platform = process.platform;
  readonly isInputTerminal: boolean;
  readonly isOutputTerminal: boolean;
  readonly now = (): number => Date.now();
  private pager: Pager | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly process: NodeJS.Process,
    readonly engine: CliIo['engine'],
  ) {
    const { stdin, stdout, stderr, env } = process;
    this.env = env;
    this.cwd = logicalCwd(process);
    this.isInputTerminal = stdin.isTTY;
    this.isOutputTerminal = stdout.isTTY;
    // A reader that is gone is noticed by the write.
    for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  }

  page(command: string): void {
    this.pager ??= new Pager(command, this.env);
  }

  write(output: string | Uint8Array): Promise<void> {
    const written = this.last.then(() =>
      this.pager ? this.pager.write(output) : writeTo(this.process.stdout, output),
    );
    this.last = written.catch(() => undefined);
    return written;
  }

  tell(message: string): void {
    this.process.stderr.write(`${message}\n`);
  }

  async ask(question: string): Promise<string> {
    const { stdin: input, stderr: output } = this.process;
    const lines = createInterface({ input, output });
    try {
      return await lines.question(question);
    } finally {
      lines.close();
    }
  }

  async input(): Promise<string> {
    const { stdin } = this.process;
    let text = '';
    stdin.setEncoding('utf8');
    for await (const chunk of stdin) {
      text += String(chunk);
      if (text.length > maxInput) throw new Error('Standard input is too long.');
    }
    return text;
  }

  holdInterrupts(): AbortSignal {
    const stop = new AbortController();
    this.process.once('SIGINT', () => stop.abort());
    this.process.once('SIGTERM', () => stop.abort());
    return stop.signal;
  }

  async closed(): Promise<void> {
    await this.last;
    await this.pager?.closed(this.process.stdout);
  }
}

/** With links as the shell shows them, since an editor may have opened the folder by that path. */
function logicalCwd(process: NodeJS.Process): string {
  const physical = process.cwd();
  const logical = process.env['PWD'];
  if (logical === undefined || !isAbsolute(logical)) return physical;
  try {
    return realpathSync.native(logical) === realpathSync.native(physical) ? logical : physical;
  } catch {
    return physical;
  }
}
