import * as l10n from '@vscode/l10n';
import type { Uri } from 'vscode';
import { ObbyError } from '../../base/errors';
import type { FolderSession } from '../session/folderSession';
import type { Sessions } from '../session/sessions';
import { folderTag, partsOfId } from './publicVersion';

/** Something of one history: by its id there. */
export interface InHistory {
  readonly session: FolderSession;
  readonly id: string;
}

/** The session of a URI, once its history can be asked, and the path in it; rejects URIs outside of every folder. */
export async function inFolder(sessions: Sessions, uri: Uri): Promise<{ session: FolderSession; path: string }> {
  const found = sessions.find(uri);
  if (!found) throw new ObbyError('noFolder', l10n.t('{0} is not in a workspace folder on disk.', uri.toString()));
  await found.session.whenOpen();
  return found;
}

/** The session of a public id, once its history can be asked. Rejects `notFound` when its folder is not open. */
export async function inHistory(sessions: Sessions, publicId: string): Promise<InHistory> {
  const { id, tag } = partsOfId(publicId);
  const session = sessions.all.find(({ key }) => folderTag(key) === tag);
  if (!session) throw new ObbyError('notFound', l10n.t('No open folder has {0}.', publicId));
  await session.whenOpen();
  return { session, id };
}

/** Asks for something of every history that can be opened, or of one folder's. */
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
