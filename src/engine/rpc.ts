import type { Disposable } from '../base/disposable';
import { messageOf, ObbyError, type ErrorCode } from '../base/errors';
import type { Engine, EngineEvent, WireError } from './engine';
import { callsTo } from './historyCalls';

type Method = keyof Engine;

interface Request {
  readonly type: 'request';
  readonly id: number;
  readonly method: Method;
  readonly args: readonly unknown[];
}

type Reply =
  | { readonly type: 'reply'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly type: 'reply'; readonly id: number; readonly ok: false; readonly error: WireError };

/** Posted by the worker thread. */
export type WorkerMessage = Reply | { readonly type: 'event'; readonly event: EngineEvent };
/** Posted by the host thread. */
export type HostMessage = Request;

/** What the worker thread starts with. */
export interface WorkerData {
  /** Texts in the client's language by their English ones; absent for English. */
  readonly words: Readonly<Record<string, string>> | undefined;
  /** Former threads of the engine in this process. */
  readonly endedThreads: readonly number[];
}

export function toWire(error: unknown): WireError {
  const code: ErrorCode = error instanceof ObbyError ? error.code : 'unexpected';
  const stack = error instanceof Error ? error.stack : undefined;
  return { code, message: messageOf(error), ...(stack === undefined ? {} : { stack }) };
}

export function fromWire(wire: WireError): ObbyError {
  // The code was written by `toWire` in the same build.
  const error = new ObbyError(wire.code as ErrorCode, wire.message);
  if (wire.stack !== undefined) error.stack = wire.stack;
  return error;
}

/** Answers requests with an engine; a request that fails is answered too. */
export async function answer(engine: Engine, request: HostMessage): Promise<Reply> {
  const { id, method, args } = request;
  try {
    // The arguments were typed by the client's proxy, the only sender.
    const methods = engine as unknown as Record<Method, (...args: readonly unknown[]) => Promise<unknown>>;
    return { type: 'reply', id, ok: true, value: await methods[method](...args) };
  } catch (error) {
    return { type: 'reply', id, ok: false, error: toWire(error) };
  }
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The host's end: an {@link Engine} whose calls are messages. */
export class RpcClient implements Disposable {
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private closed: Error | undefined;

  readonly engine: Engine;

  constructor(
    private readonly post: (message: HostMessage) => void,
    private readonly onEvent: (event: EngineEvent) => void,
  ) {
    this.engine = callsTo<Engine>((method, args) => this.call(method, args));
  }

  private call(method: Method, args: readonly unknown[]): Promise<unknown> {
    if (this.closed) return Promise.reject(this.closed);
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      // First, since what cannot be posted rejects here and gets no reply.
      this.post({ type: 'request', id, method, args });
      this.pending.set(id, { resolve, reject });
    });
  }

  receive(message: WorkerMessage): void {
    if (message.type === 'event') {
      this.onEvent(message.event);
      return;
    }
    const waiting = this.pending.get(message.id);
    this.pending.delete(message.id);
    if (message.ok) waiting?.resolve(message.value);
    else waiting?.reject(fromWire(message.error));
  }

  /** The number of calls without a reply. */
  get pendingCount(): number {
    return this.pending.size;
  }

  /** Rejects what is pending: it gets no reply any more. */
  interrupt(reason: Error): void {
    for (const { reject } of this.pending.values()) reject(reason);
    this.pending.clear();
  }

  /** Rejects what is pending and every later call. */
  close(reason: Error): void {
    this.closed ??= reason;
    this.interrupt(this.closed);
  }

  dispose(): void {
    this.close(new ObbyError('closed', 'Obby is shutting down.'));
  }
}
