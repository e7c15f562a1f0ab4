import { Uri } from 'vscode';
import type { Version } from '../../api/api';
import { sha256Of } from '../../base/sha256';
import type { FolderKey } from '../../engine/engine';
import type { VersionRecord } from '../../model/version';

const separator = '@';
const tags = new Map<FolderKey, string>();

/** A short name of a workspace folder. */
export function folderTag(folder: FolderKey): string {
  let tag = tags.get(folder);
  if (tag === undefined) tags.set(folder, (tag = sha256Of(Buffer.from(folder)).slice(0, 12)));
  return tag;
}

/** The id of a version, change set or label as the public API gives it, which knows the folder: `<id>@<tag>`. */
export function publicId(folder: Uri, id: string): string {
  return `${id}${separator}${folderTag(folder.toString())}`;
}

/** The parts of a {@link publicId}. */
export function partsOfId(id: string): { readonly id: string; readonly tag: string } {
  const at = id.lastIndexOf(separator);
  return { id: id.slice(0, at), tag: id.slice(at + 1) };
}

/** A version as the public API gives it, from the folder it belongs to. */
export function asVersion(folder: Uri, record: VersionRecord): Version {
  const name = (id: string): string => publicId(folder, id);
  const { id, previous, changeSet, causeDetail, path } = record;
  return {
    ...record,
    ...{ id: name(id), changeSet: name(changeSet), uri: Uri.joinPath(folder, path) },
    ...(previous !== undefined && { previous: name(previous) }),
    ...(causeDetail?.restored !== undefined && {
      causeDetail: { ...causeDetail, restored: name(causeDetail.restored) },
    }),
  };
}
