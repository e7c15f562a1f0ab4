/** Why something is as it is: a code and what its sentence names. The client puts it into words. */
export interface Reason<Code extends string = string> {
  readonly code: Code;
  readonly args: readonly string[];
}

/**
 * Why a folder is polled: the setting; its file system (args: its kind); changes of which no event came; no more
 * folders can be watched (args: the system's code, none for the engine's own bound).
 */
export type PollingReason = Reason<'setting' | 'eventless file system' | 'no events' | 'watch limit'>;
