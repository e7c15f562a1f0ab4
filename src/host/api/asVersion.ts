import { Uri } from 'vscode';
import type { Version } from '../../api/api';
import type { VersionRecord } from '../../model/version';

/** A version as the public API gives it, from the folder it belongs to. */
export function asVersion(folder: Uri, record: VersionRecord): Version {
  return { ...record, uri: Uri.joinPath(folder, record.path) };
}
