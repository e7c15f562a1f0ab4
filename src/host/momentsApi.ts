import { Uri } from 'vscode';
import type { Loss, Moment, MomentQuery, ObbyApi } from '../api';
import type { MomentQuery as FolderQuery } from '../model/moment';
import type { Engine } from '../worker/contract';
import { aMomentPage, aMomentQuery, aVersionId } from './arguments';
import type { Sessions } from './sessions';
import { asVersion } from './versions';

const defaultLimit = 50;

/** The part of the history API that tells what happened together. */
export function momentsApi(
  sessions: Sessions,
  engine: Engine,
): Pick<ObbyApi['history'], 'moments' | 'together' | 'losses'> {
  return {
    async moments(query) {
      const { folder, ...asked } = aMomentQuery(query);
      await sessions.whenOpen();
      const all = sessions.all.map(({ key }) => key);
      const endOf = await endOfPage(engine, asked);
      const lists = await Promise.all(
        sessions.in(folder).map(async ({ key, folder: { uri } }) => {
          const records = await engine.moments(key, { ...asked, ...endOf(key, all) });
          return records.map((record): Moment => ({ ...record, folder: uri, newest: asVersion(uri, record.newest) }));
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
    async together(id, page) {
      await sessions.whenOpen();
      const version = aVersionId('id', id);
      const checked = aMomentPage(page);
      const { folder } = await engine.version(version);
      const uri = Uri.parse(folder, true);
      return (await engine.together(version, checked)).map((record) => asVersion(uri, record));
    },
  };
}

/** Where each folder goes on after a page that ended with a moment of one of them. */
async function endOfPage(
  engine: Engine,
  { before, until = Infinity }: MomentQuery,
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
