/** Where a part says what it does; the host's is an output channel, a test's a list. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string | Error): void;
}
