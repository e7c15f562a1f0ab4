import { Uri } from 'vscode';
import type { ObbyApi, Version } from '../../api/api';
import type { VersionRecord } from '../../model/version';
import type { FolderSession } from '../session/folderSession';
import type { Sessions } from '../session/sessions';
import { eachFolder, inFolder, inHistory } from './addresses';
import { aDiffOptions, anOptionalUri, aPage, aRecentQuery, aTime, aUri, aVersionId } from './arguments';
import { changeSetsApi } from './changeSetsApi';
import { asVersion, partsOfId, publicId } from './publicVersion';

const defaultRecent = 50;
const maxDeleted = 10_000;

export function historyApi(sessions: Sessions): ObbyApi['history'] {
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
      return session.history.text(id);
    },
    async fileAt(uri, time) {
      const { session, path } = await inFolder(sessions, aUri('uri', uri));
      const record = await session.history.versionAt(path, aTime('time', time));
      return record && asVersion(session.folder.uri, record);
    },
    async recent(query) {
      const { folder, ...rest } = aRecentQuery(query);
      const lists = await ofEach(sessions, folder, ({ history }) => history.recent(rest));
      return newestFirst(lists).slice(0, rest.limit ?? defaultRecent);
    },
    async diff(value, options) {
      const checked = aDiffOptions(options);
      const { session, id } = await versionOf('id', value);
      return session.history.diff(id, checked);
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

/** A page in the terms of the history. */
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
