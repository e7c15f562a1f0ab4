import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { VersionRecord } from '../../src/model/version';
import { supportProgram } from '../support/host/project';
import type { Settings } from '../support/host/settings';
import { runSuite } from '../support/host/suite';
import { addressVariable, type Answer, type CallName, type Calls, type Question } from './protocol';

/** Far longer than anything takes, on a busy machine too. */
const answerTimeoutMs = 120_000;

export interface ModelWindowOptions {
  /** A `.code-workspace` file. */
  readonly workspace: string;
  /** Kept from window to window, and with it the histories. */
  readonly profileDir: string;
  readonly settings: Settings;
  readonly onVersions: (folder: string, versions: readonly VersionRecord[]) => void;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** An open window of a real VS Code, and all that can be asked of Obby in it. */
export class ModelWindow {
  private readonly waiting = new Map<number, Waiting>();
  private count = 0;

  private constructor(
    private readonly socket: Socket,
    private readonly server: Server,
    private readonly ended: Promise<string>,
    options: ModelWindowOptions,
  ) {
    createInterface(socket).on('line', (line) => this.heard(JSON.parse(line) as Answer, options));
    socket.once('close', () => {
      for (const { reject } of this.waiting.values()) reject(new Error('The window has ended.'));
    });
  }

  /** Resolves when Obby is active. */
  static async open(options: ModelWindowOptions): Promise<ModelWindow> {
    const address =
      process.platform === 'win32'
        ? `\\\\.\\pipe\\${path.basename(options.profileDir)}`
        : path.join(options.profileDir, 'model');
    const server = createServer().listen(address);
    await once(server, 'listening');
    const { workspace, profileDir, settings } = options;
    let output = '';
    const ended = runSuite({
      ...{ workspace, profileDir, settings },
      suite: supportProgram('modelWindowMain'),
      env: { [addressVariable]: address },
      output: (_stream, text) => (output += text),
    }).then(
      (passed) => (passed ? '' : `The suite in the window failed.\n${output}`),
      (error: unknown) => `${String(error)}\n${output}`,
    );
    const connected = once(server, 'connection').then(([socket]) => socket as Socket);
    const socket = await Promise.race([connected, ended]);
    if (typeof socket === 'string') throw new Error(`The window ended before Obby was active. ${socket}`);
    return new ModelWindow(socket, server, ended, options);
  }

  ask<Name extends CallName>(name: Name, ...args: Parameters<Calls[Name]>): ReturnType<Calls[Name]> {
    const id = ++this.count;
    const question: Question = { id, name, args };
    const answered = new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    this.socket.write(`${JSON.stringify(question)}\n`);
    const late = delay(answerTimeoutMs, undefined, { ref: false }).then(() => {
      throw new Error(`The window has not answered ${name} in ${answerTimeoutMs / 1000} seconds.`);
    });
    return Promise.race([answered, late]) as ReturnType<Calls[Name]>;
  }

  /** Closes the window; rejects when something had gone wrong in it. */
  async close(): Promise<void> {
    this.socket.end();
    const problem = await this.ended;
    this.server.close();
    if (problem !== '') throw new Error(problem);
  }

  private heard(answer: Answer, { onVersions }: ModelWindowOptions): void {
    if (answer.type === 'versions') {
      onVersions(answer.folder, answer.versions);
      return;
    }
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (answer.error === undefined) waiting?.resolve(answer.value);
    else waiting?.reject(new Error(answer.error));
  }
}
