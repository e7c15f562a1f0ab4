/** A reason as a code and the arguments of its message; the client has the text. */
export interface Reason<Code extends string = string> {
  readonly code: Code;
  readonly args: readonly string[];
}

/**
 * Why a folder is polled: the setting; its file system (args: the type); changes without events; no more folders can be
 * watched (args: the system's error code, none for the engine's own limit).
 */
export type PollingReason = Reason<'setting' | 'eventless file system' | 'no events' | 'watch limit'>;

/** Why changes could not be seen as they happened. */
export const gapKinds = [
  /** Obby did not run on the folder. */
  'closed',
  'paused',
  /** The history could not be written. */
  'failed',
  /** The folder is polled, because no events come from it. */
  'polling',
  /** Files changed without an event. */
  'no events',
  /** The system's limit of watched folders is reached. */
  'watch limit',
  /** Files could not be read. */
  'unreadable',
  /** Files were over the size limit: their changes are noted without content. */
  'too large',
] as const;
export type GapKind = (typeof gapKinds)[number];

/** A span of time, in ms since the epoch, in which single changes could not be noticed or kept. */
export interface GapRecord {
  readonly kind: GapKind;
  readonly from: number;
  /** Absent while it lasts. */
  readonly to?: number;
  /** Set for `polling`, `watch limit` and `failed`. */
  readonly reason?: Reason;
  /**
   * `unreadable`: the most files at a time; `too large`: changes noted without content; `closed`, `paused`, `failed`,
   * `no events`: changes that a scan found afterwards; else 0.
   */
  readonly count: number;
}
