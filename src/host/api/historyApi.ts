import { Uri } from 'vscode';
import type { ObbyApi, Version, ChangeSet, ChangeSetQuery, Loss } from '../../api/api';
import type { VersionRecord } from '../../model/version';
import type { FolderSession } from '../session/folderSession';
import type { Sessions } from '../session/sessions';
import { expectedEncodings } from '../settings/fileEncodings';
import { eachFolder, inFolder, inHistory, asVersion, partsOfId, publicId } from './addresses';
import {
  aDiffOptions,
  anOptionalUri,
  aPage,
  aRecentQuery,
  aTime,
  aUri,
  aVersionId,
  aChangesPage,
  aChangeSetQuery,
  aText,
} from './arguments';
import type { ChangeSetRecord, FolderChangeSetQuery } from '../../model/changeSet';

const defaultLimit = 50;
const maxDeleted = 10_000;

/** The parts of the history API that other files have. */
type Others = 'all' | 'former' | 'search' | 'lineHistory' | 'lines' | 'folderAt' | 'compareTimes';

export function historyApi(sessions: Sessions): Omit<ObbyApi['history'], Others> {
  const versionOf = (name: string, value: unknown) => inHistory(sessions, aVersionId(name, value));
  return {
    async versions(uri, page) {
      const { session, path } = await inFolder(sessions, aUri('uri', uri));
      return inSession(session, await session.history.versions(path, localPage(aPage(page))));
    },
    async version(value) {
      const { session, id } = await versionOf('id', value);
      return asVersion(session.folder.uri, await session.history.version(id));
    },
    async fileOf(value) {
      const { session, id } = await versionOf('id', value);
      return Uri.joinPath(session.folder.uri, await session.history.pathOf(id));
    },
    async content(value) {
      const { session, id } = await versionOf('id', value);
      return session.history.content(id);
    },
    async text(value) {
      const { session, id } = await versionOf('id', value);
      return session.history.text(id, expectedEncodings(session.folder.uri));
    },
    async fileAt(uri, time) {
      const { session, path } = await inFolder(sessions, aUri('uri', uri));
      const record = await session.history.versionAt(path, aTime('time', time));
      return record && asVersion(session.folder.uri, record);
    },
    async recent(query) {
      const { folder, ...rest } = aRecentQuery(query);
      const lists = await ofEach(sessions, folder, ({ history }) => history.recent(rest));
      return newestFirst(lists).slice(0, rest.limit ?? defaultLimit);
    },
    async diff(value, options) {
      const checked = aDiffOptions(options);
      const { session, id } = await versionOf('id', value);
      return session.history.diff(id, { encodings: expectedEncodings(session.folder.uri), ...checked });
    },
    async deletedFiles(folder) {
      const chosen = anOptionalUri('folder', folder);
      return newestFirst(await ofEach(sessions, chosen, ({ history }) => history.deletedFiles(maxDeleted)));
    },
    async labels(folder) {
      const lists = await eachFolder(sessions, anOptionalUri('folder', folder), ({ history }) => history.labels());
      return lists
        .flatMap(({ uri, value }) => value.map((label) => ({ ...label, id: publicId(uri, label.id), folder: uri })))
        .sort((a, b) => b.time - a.time);
    },
    async storage(folder) {
      const facts = await eachFolder(sessions, anOptionalUri('folder', folder), ({ history }) => history.storage());
      return facts.map(({ uri, value }) => ({ ...value, folder: uri }));
    },
    ...changeSetsApi(sessions),
  };
}

/** A page with ids of its history. */
function localPage(page: ReturnType<typeof aPage>): ReturnType<typeof aPage> {
  return typeof page.before === 'string' ? { ...page, before: partsOfId(page.before).id } : page;
}

async function ofEach(
  sessions: Sessions,
  folder: Uri | undefined,
  list: (session: FolderSession) => Promise<VersionRecord[]>,
): Promise<Version[][]> {
  const lists = await eachFolder(sessions, folder, list);
  return lists.map(({ uri, value }) => value.map((record) => asVersion(uri, record)));
}

function inSession(session: FolderSession, records: readonly VersionRecord[]): Version[] {
  return records.map((record) => asVersion(session.folder.uri, record));
}

function newestFirst(lists: readonly Version[][]): Version[] {
  const [only, ...others] = lists;
  if (only && others.length === 0) return only;
  return lists.flat().sort((a, b) => b.time - a.time);
}

/** The part of the history API about change sets. */
function changeSetsApi(
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
      // At equal times the earlier folder comes first, which `endOfPage` relies on.
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

/** Where the next page begins in each folder, after one that ended with the change set `before`. */
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
