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

/** Why changes could not be seen as they happened. */
export const gapKinds = [
  /** Nobody ran Obby on the folder. */
  'closed',
  'paused',
  /** The history could not be written. */
  'failed',
  /** The folder is looked at again and again, since no events come from it. */
  'polling',
  /** Files changed, and no event told of it. */
  'no events',
  /** The machine watches no more folders. */
  'watch limit',
  /** Files could not be read. */
  'unreadable',
  /** Files were over the size limit: their changes are noted without content. */
  'too large',
] as const;
export type GapKind = (typeof gapKinds)[number];

/** A span of time, in ms since the epoch, in which changes could not be seen one by one or not be kept. */
export interface GapRecord {
  readonly kind: GapKind;
  readonly from: number;
  /** Absent while it goes on. */
  readonly to?: number;
  /** More than the kind says: of `polling`, `watch limit` and `failed`. */
  readonly reason?: Reason;
  /**
   * `unreadable`: the most files at a time; `too large`: changes noted without content; `closed`, `paused`, `failed`,
   * `no events`: changes that a scan found afterwards; else 0.
   */
  readonly count: number;
}
