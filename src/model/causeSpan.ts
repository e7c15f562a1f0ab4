import type { Cause, CauseDetail } from './version';

/** A time in which something ran that may write files: a command, a task, a debug session, a git operation. */
export interface CauseSpan {
  /** Unique in this window; letters and digits. */
  readonly id: string;
  readonly cause: Extract<Cause, 'terminal' | 'task' | 'debug' | 'git'>;
  readonly causeDetail: CauseDetail;
  /** When it began, in ms since the epoch. */
  readonly from: number;
  /** When it ended; absent while it runs. */
  readonly to?: number;
}
