import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** Tell the suite runner, inside the extension host, where the launcher listens and which module to run. */
export const channelVariable = 'OBBY_HOST_CHANNEL';
export const suiteVariable = 'OBBY_HOST_SUITE';

/** What the suite runner tells the launcher: one JSON object a line. */
export type SuiteMessage =
  | { readonly type: 'output'; readonly stream: OutputStream; readonly text: string }
  | { readonly type: 'finished'; readonly passed: boolean };

export type OutputStream = 'stdout' | 'stderr';

/** The launcher's end of the channel to one suite. */
export interface SuiteChannel {
  /** The path of a socket, or the name of a pipe. */
  readonly address: string;
  /** Resolves when the extension host is about to run the suite. */
  readonly started: Promise<void>;
  /** Resolves with how the suite ended: `lost` when its extension host ended first. */
  readonly finished: Promise<'passed' | 'failed' | 'lost'>;
  /** Lets the suite runner return, and with it VS Code end. */
  close(): void;
}

/** Listens for the suite runner and hands on what the suite prints. */
export async function openSuiteChannel(
  folder: string,
  output: (stream: OutputStream, text: string) => void,
): Promise<SuiteChannel> {
  const address = process.platform === 'win32' ? `\\\\.\\pipe\\${path.basename(folder)}` : path.join(folder, 'suite');
  const server = createServer();
  server.listen(address);
  await once(server, 'listening');
  const connected = once(server, 'connection').then(([socket]) => socket as Socket);
  const finished = connected.then(
    (socket) =>
      new Promise<'passed' | 'failed' | 'lost'>((resolve) => {
        createInterface(socket).on('line', (line) => {
          const message = parseMessage(line);
          if (message.type === 'output') output(message.stream, message.text);
          else resolve(message.passed ? 'passed' : 'failed');
        });
        socket.once('error', () => socket.destroy());
        socket.once('close', () => resolve('lost'));
      }),
  );
  return {
    address,
    started: connected.then(() => undefined),
    finished,
    close: () => {
      server.close();
      void connected.then((socket) => socket.end());
    },
  };
}

/** Both ends are built together; what a suite prints is only ever inside `text`. */
function parseMessage(line: string): SuiteMessage {
  return JSON.parse(line) as SuiteMessage;
}
