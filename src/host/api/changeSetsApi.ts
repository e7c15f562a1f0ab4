import type { Uri } from 'vscode';
import type { ChangeSet, ChangeSetQuery, Loss, ObbyApi } from '../../api/api';
import type { ChangeSetRecord, FolderChangeSetQuery } from '../../model/changeSet';
import type { FolderSession } from '../session/folderSession';
import type { Sessions } from '../session/sessions';
import { inHistory } from './addresses';
import { aChangesPage, aChangeSetQuery, aText, aVersionId } from './arguments';
import { asVersion, publicId } from './publicVersion';

const defaultLimit = 50;

/** The part of the history API that tells what happened together. */
export function changeSetsApi(
  sessions: Sessions,
): Pick<ObbyApi['history'], 'changeSets' | 'changeSet' | 'changes' | 'losses'> {
  return {
    async changeSets(query) {
      const { folder, ...asked } = aChangeSetQuery(query);
      await sessions.whenOpen();
      const endOf = await endOfPage(sessions, asked);
      const lists = await Promise.all(
        sessions.in(folder).map(async (session) => {
          const records = await session.history.changeSets({ ...asked, ...endOf(session) });
          return records.map((record) => asChangeSet(session.folder.uri, record));
        }),
      );
      // Of equal times those of the earlier folder come first, on which the end of a page relies.
      return lists
        .flat()
        .sort((a, b) => b.newest.time - a.newest.time)
        .slice(0, asked.limit ?? defaultLimit);
    },
    async changeSet(value) {
      const { session, id } = await inHistory(sessions, aText('id', value));
      return asChangeSet(session.folder.uri, await session.history.changeSet(id));
    },
    async losses(value) {
      const { session, id } = await inHistory(sessions, aVersionId('id', value));
      const { files, ...counts } = await session.history.losses(id);
      const { uri } = session.folder;
      const asLoss = (loss: (typeof files)[number]): Loss => ({
        ...loss,
        lost: publicId(uri, loss.lost),
        version: asVersion(uri, loss.version),
      });
      return { ...counts, files: files.map(asLoss) };
    },
    async changes(value, page) {
      const version = aVersionId('id', value);
      const checked = aChangesPage(page);
      const { session, id } = await inHistory(sessions, version);
      return (await session.history.changes(id, checked)).map((record) => asVersion(session.folder.uri, record));
    },
  };
}

function asChangeSet(folder: Uri, record: ChangeSetRecord): ChangeSet {
  return { ...record, id: publicId(folder, record.id), folder, newest: asVersion(folder, record.newest) };
}

/** Where each folder goes on after a page that ended with a change set of one of them. */
async function endOfPage(
  sessions: Sessions,
  { before, until = Infinity }: ChangeSetQuery,
): Promise<(session: FolderSession) => Pick<FolderChangeSetQuery, 'before' | 'until'>> {
  const bounded = (end: number) => (end === Infinity ? {} : { until: end });
  if (before === undefined) return () => bounded(until);
  const { session, id } = await inHistory(sessions, before);
  const { time } = await session.history.version(id);
  const { all } = sessions;
  return (each) => {
    if (each === session) return { before: id, ...bounded(until) };
    const isListed = all.indexOf(each) < all.indexOf(session);
    return bounded(Math.min(until, isListed ? time : time + 1));
  };
}
