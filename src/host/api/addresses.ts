import { Uri } from 'vscode';
import type { Version } from '../../api/api';
import { sha256Of } from '../../base/sha256';
import type { FolderKey } from '../../engine/engine';
import type { VersionRecord } from '../../model/version';
import * as l10n from '@vscode/l10n';
import { ObbyError } from '../../base/errors';
import type { FolderSession } from '../session/folderSession';
import type { Sessions } from '../session/sessions';

const separator = '@';
const tags = new Map<FolderKey, string>();

/** A short hash that identifies a workspace folder. */
function folderTag(folder: FolderKey): string {
  let tag = tags.get(folder);
  if (tag === undefined) tags.set(folder, (tag = sha256Of(Buffer.from(folder)).slice(0, 12)));
  return tag;
}

/** The id of a version, change set or label in the public API: `<id>@<folder>`. */
export function publicId(folder: Uri, id: string): string {
  return `${id}${separator}${folderTag(folder.toString())}`;
}

/** The parts of a {@link publicId}. */
export function partsOfId(id: string): { readonly id: string; readonly tag: string } {
  const at = id.lastIndexOf(separator);
  return { id: id.slice(0, at), tag: id.slice(at + 1) };
}

/** A version of a folder as the public API returns it. */
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

/** An id within one history. */
export interface InHistory {
  readonly session: FolderSession;
  readonly id: string;
}

/** The open session of a URI, and the path in its folder. Rejects `noFolder` outside every folder. */
export async function inFolder(sessions: Sessions, uri: Uri): Promise<{ session: FolderSession; path: string }> {
  const found = sessions.find(uri);
  if (!found) throw new ObbyError('noFolder', l10n.t('{0} is not in a workspace folder on disk.', uri.toString()));
  await found.session.whenOpen();
  return found;
}

/** The open session of a public id. Rejects `notFound` when its folder is not open. */
export async function inHistory(sessions: Sessions, publicId: string): Promise<InHistory> {
  const { id, tag } = partsOfId(publicId);
  const session = sessions.all.find(({ key }) => folderTag(key) === tag);
  if (!session) throw new ObbyError('notFound', l10n.t('No open folder has {0}.', publicId));
  await session.whenOpen();
  return { session, id };
}

/** Runs a query in every history that can be opened, or in that of one folder. */
export async function eachFolder<T>(
  sessions: Sessions,
  folder: Uri | undefined,
  ask: (session: FolderSession) => Promise<T>,
): Promise<{ readonly uri: Uri; readonly value: T }[]> {
  await sessions.whenOpen();
  return Promise.all(
    sessions.in(folder).map(async (session) => ({ uri: session.folder.uri, value: await ask(session) })),
  );
}

/** The open session of a workspace folder; rejects `noFolder`. */
export async function sessionOf(sessions: Sessions, folder: Uri): Promise<FolderSession> {
  const [session] = sessions.in(folder);
  if (!session) throw new ObbyError('noFolder', l10n.t('{0} is not a workspace folder on disk.', folder.toString()));
  await session.whenOpen();
  return session;
}

/** A workspace folder itself (`''`), or something in one. */
export async function inOrBelow(sessions: Sessions, uri: Uri): Promise<{ session: FolderSession; path: string }> {
  const isRoot = sessions.all.some(({ key }) => key === uri.toString());
  return isRoot ? { session: await sessionOf(sessions, uri), path: '' } : inFolder(sessions, uri);
}
