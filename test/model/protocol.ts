/** What the model test, in a process of its own, asks of the window that runs Obby until it hangs up: one JSON object a line. */
import type { VersionRecord } from '../../src/model/version';

/** Tells the window where the model test listens. */
export const addressVariable = 'OBBY_MODEL_ADDRESS';

/** All that can be asked. Folders are absolute paths of workspace folders, paths are relative to them. */
export interface Calls {
  /** Resolves when VS Code reports what happens in the folder: some time after the window opened. */
  readonly eventsArrive: (folder: string) => Promise<void>;
  readonly engine: (folder: string) => Promise<string>;
  readonly flush: () => Promise<void>;
  /** Everything recorded in the folder, newest first. */
  readonly recorded: (folder: string) => Promise<VersionRecord[]>;
  /** The newest version of each path, if it has one. */
  readonly newest: (folder: string, paths: readonly string[]) => Promise<(VersionRecord | null)[]>;
  /** What each path was at a time. */
  readonly at: (
    folder: string,
    asked: readonly { readonly path: string; readonly time: number }[],
  ) => Promise<(VersionRecord | null)[]>;
  readonly deleted: (folder: string) => Promise<VersionRecord[]>;
  /** In base64. */
  readonly content: (id: string) => Promise<string>;
  /** Replaces the text of a file in an editor and saves it; resolves with whether that was done. */
  readonly save: (folder: string, path: string, text: string) => Promise<boolean>;
  readonly rename: (folder: string, from: string, to: string) => Promise<boolean>;
  readonly delete: (folder: string, path: string) => Promise<boolean>;
}

export type CallName = keyof Calls;

export interface Question {
  readonly id: number;
  readonly name: CallName;
  readonly args: readonly unknown[];
}

export type Answer =
  | { readonly type: 'answer'; readonly id: number; readonly value?: unknown; readonly error?: string }
  /** Versions became durable. */
  | { readonly type: 'versions'; readonly folder: string; readonly versions: readonly VersionRecord[] };
