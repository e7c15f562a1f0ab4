import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { atMost } from './command';
import { endProcesses, reaperProgram } from './processes';

/** Holds the ids of the runs, the outermost first, that a process and so its descendants belong to. */
const runVariable = 'OBBY_HOST_RUN';
const reaperTimeoutMs = 10_000;

/**
 * A set of processes with a folder for temporary files, which end together: when the run is finished, and also when
 * the process that started it is killed. Runs nest; ending the outer one ends the inner ones.
 */
export class ProcessRun {
  private constructor(
    private readonly id: string,
    /** For temporary files; deleted at the end. */
    readonly folder: string,
    private readonly reaper: ChildProcessByStdio<Writable, null, null>,
  ) {}

  static async start(): Promise<ProcessRun> {
    const id = randomUUID();
    // A short name: sockets are made below it, and the path of a socket may have about a hundred characters.
    const folder = await mkdtemp(path.join(tmpdir(), 'obby-'));
    const reaper = spawn(process.execPath, [reaperProgram, id, folder], {
      stdio: ['pipe', 'ignore', 'inherit'],
      detached: true,
    });
    // The end of its input tells the reaper that this process is gone; neither may keep this process alive.
    reaper.unref();
    if (reaper.stdin instanceof Socket) reaper.stdin.unref();
    return new ProcessRun(id, folder, reaper);
  }

  /** The environment for processes that belong to the run. */
  environment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    const outer = process.env[runVariable];
    if (outer !== undefined) return { ...process.env, ...extra, [runVariable]: `${outer},${this.id}` };
    return { ...process.env, TMPDIR: this.folder, ...extra, [runVariable]: this.id };
  }

  /** Makes everything that this process starts from now on belong to the run. */
  enter(): void {
    Object.assign(process.env, this.environment());
  }

  /** Kills the run's processes and keeps its folder. */
  endProcesses(): Promise<void> {
    return endProcesses(this.id);
  }

  /** Kills what still runs, deletes the folder, and resolves when both is done. */
  async finish(): Promise<void> {
    if (this.reaper.exitCode !== null) return;
    const exited = once(this.reaper, 'exit');
    this.reaper.ref();
    this.reaper.stdin.end();
    await atMost(reaperTimeoutMs, exited);
  }
}
