import type { Uri } from 'vscode';
import type { VersionRecord } from '../model/version';

/** One recorded state of one file. */
export interface Version extends VersionRecord {
  readonly uri: Uri;
}
