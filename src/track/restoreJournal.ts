import type { VersionId } from '../model/version';
import type { Restoration } from './candidate';

/** The change of one file that a restore is about to make. */
export interface JournaledStep {
  /** Brings back the present state. */
  readonly undo: Restoration;
  /** The recorded version that is on disk; absent when there is no file. */
  readonly from?: VersionId;
  /** The version that is restored; absent when the file is deleted. */
  readonly to?: VersionId;
  /** Instead of a version: the content that is written. */
  readonly bytes?: Uint8Array;
  /** To delete once the file is gone: the restore that is being undone created them. */
  readonly folders?: readonly string[];
}

/** Notes durably what undoes a change, so that a restore that is killed halfway can be undone. */
export interface RestoreJournal {
  /** Called before a file is changed; if it rejects, the file stays as it was. */
  begin(step: JournaledStep): Promise<void>;
  /** Called after it; `undo` brings back what was replaced, and is undefined if the file stayed as it was. */
  end(path: string, undo: Restoration | undefined): Promise<void>;
}

/** For what is not to be undone. */
export const noJournal: RestoreJournal = { begin: () => Promise.resolve(), end: () => Promise.resolve() };
