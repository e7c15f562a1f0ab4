import type { Log } from '../base/log';
import type { Engine, EngineEvent } from '../engine/engine';

/** The process around a command: tests give their own. */
export interface CliIo {
  /** Absolute path. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the user's folder. */
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly isInputTerminal: boolean;
  readonly isOutputTerminal: boolean;
  /** ms since the epoch. */
  readonly now: () => number;
  /** Resolves when it is written; nothing happens when the reader is gone. */
  write(output: string | Uint8Array): Promise<void>;
  /** Begins to show what is written page by page. Ends with {@link CliIo.closed}. */
  page(command: string): void;
  /** To standard error. */
  tell(message: string): void;
  /** A line that the user types. */
  ask(question: string): Promise<string>;
  /** All of standard input. */
  input(): Promise<string>;
  /** From now on, Ctrl+C aborts the signal instead of ending the process; a second one ends it. */
  holdInterrupts(): AbortSignal;
  /** Resolves when what was written is shown. */
  closed(): Promise<void>;
  /** Starts an engine. */
  engine(emit: (event: EngineEvent) => void, log: Log): Engine;
}
