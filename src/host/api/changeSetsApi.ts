import { Uri } from 'vscode';
import type { Loss, ChangeSet, ChangeSetQuery, ObbyApi } from '../../api/api';
import type { FolderChangeSetQuery as FolderQuery } from '../../model/changeSet';
import type { Engine } from '../../engine/engine';
import { aChangesPage, aChangeSetQuery, aVersionId } from './arguments';
import type { Sessions } from '../session/sessions';
import { asVersion } from './asVersion';

const defaultLimit = 50;

/** The part of the history API that tells what happened together. */
export function changeSetsApi(
  sessions: Sessions,
  engine: Engine,
): Pick<ObbyApi['history'], 'changeSets' | 'changes' | 'losses'> {
  return {
    async changeSets(query) {
      const { folder, ...asked } = aChangeSetQuery(query);
      await sessions.whenOpen();
      const all = sessions.all.map(({ key }) => key);
      const endOf = await endOfPage(engine, asked);
      const lists = await Promise.all(
        sessions.in(folder).map(async ({ key, folder: { uri } }) => {
          const records = await engine.changeSets(key, { ...asked, ...endOf(key, all) });
          return records.map((record): ChangeSet => ({
            ...record,
            folder: uri,
            newest: asVersion(uri, record.newest),
          }));
        }),
      );
      // Of equal times those of the earlier folder come first, on which the end of a page relies.
      return lists
        .flat()
        .sort((a, b) => b.newest.time - a.newest.time)
        .slice(0, asked.limit ?? defaultLimit);
    },
    async losses(id) {
      await sessions.whenOpen();
      const version = aVersionId('id', id);
      const uri = Uri.parse((await engine.version(version)).folder, true);
      const { files, ...counts } = await engine.losses(version);
      return { ...counts, files: files.map((loss): Loss => ({ ...loss, version: asVersion(uri, loss.version) })) };
    },
    async changes(id, page) {
      await sessions.whenOpen();
      const version = aVersionId('id', id);
      const checked = aChangesPage(page);
      const { folder } = await engine.version(version);
      const uri = Uri.parse(folder, true);
      return (await engine.changes(version, checked)).map((record) => asVersion(uri, record));
    },
  };
}

/** Where each folder goes on after a page that ended with a moment of one of them. */
async function endOfPage(
  engine: Engine,
  { before, until = Infinity }: ChangeSetQuery,
): Promise<(key: string, all: readonly string[]) => Pick<FolderQuery, 'before' | 'until'>> {
  const bounded = (end: number) => (end === Infinity ? {} : { until: end });
  if (before === undefined) return () => bounded(until);
  const { folder, record } = await engine.version(before);
  return (key, all) => {
    if (key === folder) return { before, ...bounded(until) };
    const isListed = all.indexOf(key) < all.indexOf(folder);
    return bounded(Math.min(until, isListed ? record.time : record.time + 1));
  };
}
