import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { atMost, runCommand, Tail } from './command';
import { HostError } from './hostError';
import type { ServerInstall } from './install';

const startTimeoutMs = 60_000;
const stopTimeoutMs = 5_000;
/** What extensions get for their `deactivate` when the window closes. */
const deactivateTimeoutMs = 5_000;
const installExtensionTimeoutMs = 60_000;

export interface ServerOptions {
  /** Holds settings, extensions and what extensions store. */
  readonly dataDir: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** A file with the secret that the window's address must carry. */
  readonly tokenFile: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A running VS Code server. */
export interface Server {
  /** Such as `127.0.0.1:4500`. */
  readonly authority: string;
  /** Resolves when the process has ended, for whatever reason. */
  readonly exited: Promise<void>;
  /** The end of what the server printed. */
  log(): string;
  /** Resolves when no extension host runs any more, or when that takes too long. */
  extensionHostsExited(): Promise<void>;
  stop(): Promise<void>;
}

type ServerProcess = ChildProcessByStdio<null, Readable, Readable>;

/** Starts the server and waits until it listens. */
export async function startServer(install: ServerInstall, options: ServerOptions): Promise<Server> {
  const child = spawn(install.node, [install.serverMain, ...serverArguments(options)], {
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl+C in a terminal must reach the window before its server.
    detached: true,
  });
  const log = new Tail();
  const extensionHosts = new RunningExtensionHosts();
  const exited = once(child, 'exit').then(() => undefined);
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => {
    log.add(`${line}\n`);
    extensionHosts.read(line);
  });
  child.stderr.on('data', (chunk: Buffer) => log.add(chunk));
  try {
    const port = await listeningPort(child, lines);
    return {
      authority: `127.0.0.1:${port}`,
      exited,
      log: () => log.text(),
      extensionHostsExited: () => Promise.race([extensionHosts.allExited(), exited]),
      stop: () => stop(child, exited),
    };
  } catch (error) {
    await stop(child, exited);
    throw new HostError(`The VS Code server did not start: ${String(error)}\n${log.text()}`);
  }
}

function serverArguments(options: ServerOptions): string[] {
  return [
    ...['--host', '127.0.0.1', '--port', String(options.port), '--connection-token-file', options.tokenFile],
    ...['--server-data-dir', options.dataDir, '--accept-server-license-terms', '--disable-telemetry'],
    // Without the driver the built workbench ignores extension-development arguments.
    '--enable-smoke-test-driver',
  ];
}

function listeningPort(child: ServerProcess, lines: NodeJS.EventEmitter): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (what: string): void => reject(new Error(what));
    const timer = setTimeout(fail, startTimeoutMs, `it does not listen after ${startTimeoutMs / 1000} seconds`);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      fail(`it ended with ${code ?? signal ?? 'nothing'}`);
    });
    lines.on('line', (line: string) => {
      const listening = /^Extension host agent listening on (\d+)/.exec(line);
      if (!listening) return;
      clearTimeout(timer);
      resolve(Number(listening[1]));
    });
  });
}

async function stop(child: ServerProcess, exited: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill('SIGTERM');
  await atMost(stopTimeoutMs, exited);
  child.kill('SIGKILL');
}

/** Installs a packaged extension as a user would; rejects when VS Code does not take it. */
export async function installExtension(
  install: ServerInstall,
  vsix: string,
  dataDir: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const args = [install.serverMain, '--install-extension', vsix, '--force', '--server-data-dir', dataDir];
  await runCommand(install.node, [...args, '--accept-server-license-terms'], {
    env,
    timeoutMs: installExtensionTimeoutMs,
  }).catch((error: unknown) => {
    throw new HostError(`VS Code did not install ${vsix}. ${String(error)}`);
  });
}

/** Knows from the server's log which extension hosts run. */
class RunningExtensionHosts {
  private readonly running = new Set<string>();
  private readonly waiting: (() => void)[] = [];

  read(line: string): void {
    const started = /<(\d+)> Launched Extension Host Process/.exec(line)?.[1];
    if (started !== undefined) this.running.add(started);
    const ended = /<(\d+)> Extension Host Process exited/.exec(line)?.[1];
    if (ended !== undefined) this.running.delete(ended);
    if (this.running.size === 0) this.waiting.splice(0).forEach((resolve) => resolve());
  }

  async allExited(): Promise<void> {
    if (this.running.size === 0) return;
    const exited = new Promise<void>((resolve) => this.waiting.push(resolve));
    await atMost(deactivateTimeoutMs, exited);
  }
}
