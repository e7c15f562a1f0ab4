/**
 * What VS Code loads as its test module in every host: runs the suite that the launcher names and sends what it
 * prints to the launcher, so that VS Code's own log lines are not among it.
 */
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect, type Socket } from 'node:net';
import { format } from 'node:util';
import * as vscode from 'vscode';
import { describeFailure } from './host/hostError';
import { channelVariable, suiteVariable, type SuiteMessage } from './host/suiteChannel';

interface Suite {
  run(): Promise<void> | void;
}

/** The contract of VS Code's test modules: rejects when the suite fails. */
export async function run(): Promise<void> {
  const channel = connect(environmentVariable(channelVariable));
  await once(channel, 'connect');
  const restore = redirectOutput(channel);
  try {
    await runSuite(environmentVariable(suiteVariable));
    send(channel, { type: 'finished', passed: true });
  } catch (error) {
    send(channel, { type: 'output', stream: 'stderr', text: `${describeFailure(error)}\n` });
    send(channel, { type: 'finished', passed: false });
    throw error;
  } finally {
    restore();
    // The launcher may want to keep the window: VS Code closes it as soon as this function returns.
    if (!channel.closed) await once(channel.resume(), 'close');
  }
}

async function runSuite(file: string): Promise<void> {
  const suite = createRequire(file)(file) as Partial<Suite>;
  if (typeof suite.run !== 'function') throw new Error(`${file} does not export a function run().`);
  await suite.run();
}

/** Sends what is printed to the launcher, except what VS Code itself prints; returns how to undo that. */
function redirectOutput(channel: Socket): () => void {
  const undo = (['log', 'info', 'debug', 'warn', 'error'] as const).map((method) => {
    const original = console[method].bind(console);
    const stream = method === 'warn' || method === 'error' ? 'stderr' : 'stdout';
    return replace(console, method, (...values: unknown[]) => {
      if (isCalledByVSCode()) original(...values);
      else send(channel, { type: 'output', stream, text: `${format(...values)}\n` });
    });
  });
  for (const stream of ['stdout', 'stderr'] as const) {
    // Not `write`, which VS Code has replaced for good.
    undo.push(
      replace(process[stream], '_write', (chunk: Buffer | string, _encoding: string, done: () => void) => {
        send(channel, { type: 'output', stream, text: chunk.toString() });
        done();
      }),
    );
  }
  return () => undo.forEach((restore) => restore());
}

/** Replaces a method by definition: VS Code has made plain assignments to the console's methods do nothing. */
function replace(owner: object, method: string, replacement: (...values: never[]) => void): () => void {
  const original = Object.getOwnPropertyDescriptor(owner, method);
  Object.defineProperty(owner, method, { configurable: true, value: replacement });
  return () => {
    if (original) Object.defineProperty(owner, method, original);
    else Reflect.deleteProperty(owner, method);
  };
}

/** Whether the one who prints is a file of VS Code or of an extension that ships with it. */
function isCalledByVSCode(): boolean {
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  const caller = frames.find((frame) => !frame.includes(__filename) && !frame.includes('node:'));
  return caller?.includes(vscode.env.appRoot) ?? true;
}

function send(channel: Socket, message: SuiteMessage): boolean {
  return channel.write(`${JSON.stringify(message)}\n`);
}

function environmentVariable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: start the suite with "npm run host".`);
  return value;
}
