import { Uri } from 'vscode';
import type { ObbyApi, Version } from '../../api/api';
import type { VersionRecord } from '../../model/version';
import type { Engine } from '../../engine/engine';
import { aDiffOptions, anOptionalUri, aPage, aRecentQuery, aTime, aUri, aVersionId } from './arguments';
import { notAvailable, notAvailableEach } from './notAvailable';
import type { FolderSession } from '../session/folderSession';
import type { Sessions } from '../session/sessions';
import { changeSetsApi } from './changeSetsApi';
import { inFolder } from './trackingApi';
import { asVersion } from './asVersion';

const defaultRecent = 50;
const maxDeleted = 10_000;

export function historyApi(sessions: Sessions, engine: Engine): ObbyApi['history'] {
  const find = async (id: string): Promise<Version> => {
    await sessions.whenOpen();
    const { folder, record } = await engine.version(id);
    return asVersion(Uri.parse(folder, true), record);
  };
  return {
    async versions(uri, page) {
      const { session, path } = await inFolder(sessions, aUri('uri', uri));
      return inSession(session, await engine.versions(session.key, path, aPage(page)));
    },
    version: async (id) => find(aVersionId('id', id)),
    async fileOf(id) {
      await sessions.whenOpen();
      const { folder } = await engine.version(aVersionId('id', id));
      return Uri.joinPath(Uri.parse(folder, true), await engine.pathOf(id));
    },
    async content(id) {
      await sessions.whenOpen();
      return engine.content(aVersionId('id', id));
    },
    async text(id) {
      await sessions.whenOpen();
      return engine.text(aVersionId('id', id));
    },
    async fileAt(uri, time) {
      const { session, path } = await inFolder(sessions, aUri('uri', uri));
      const record = await engine.versionAt(session.key, path, aTime('time', time));
      return record && asVersion(session.folder.uri, record);
    },
    async recent(query) {
      const { folder, ...rest } = aRecentQuery(query);
      const lists = await ofEach(sessions, folder, (session) => engine.recent(session.key, rest));
      return newestFirst(lists).slice(0, rest.limit ?? defaultRecent);
    },
    async diff(id, options) {
      const checked = aDiffOptions(options);
      const version = await find(aVersionId('id', id));
      const before = version.previous;
      return engine.diff(
        before === undefined ? { nothing: version.path } : await sideOf(engine, before, version.path),
        version.kind === 'deleted' ? { nothing: version.path } : { version: id },
        checked,
      );
    },
    async deletedFiles(folder) {
      const chosen = anOptionalUri('folder', folder);
      return newestFirst(await ofEach(sessions, chosen, (session) => engine.deletedFiles(session.key, maxDeleted)));
    },
    async labels(folder) {
      const chosen = anOptionalUri('folder', folder);
      const lists = await eachFolder(sessions, chosen, (session) => engine.labels(session.key));
      const labels = lists.flatMap(({ uri, value }) => value.map((label) => ({ ...label, folder: uri })));
      return labels.sort((a, b) => b.time - a.time);
    },
    async storage(folder) {
      const chosen = anOptionalUri('folder', folder);
      const facts = await eachFolder(sessions, chosen, (session) => engine.storage(session.key));
      return facts.map(({ uri, value }) => ({ ...value, folder: uri }));
    },
    search: () => notAvailableEach('history.search'),
    activity: async () => notAvailable('history.activity'),
    folderAt: async () => notAvailable('history.folderAt'),
    lineHistory: async () => notAvailable('history.lineHistory'),
    ...changeSetsApi(sessions, engine),
  };
}

/** A version as a side of a comparison; after a deletion there is nothing to compare with. */
async function sideOf(engine: Engine, id: string, path: string) {
  const { record } = await engine.version(id);
  return record.kind === 'deleted' ? { nothing: path } : { version: id };
}

async function ofEach(
  sessions: Sessions,
  folder: Uri | undefined,
  list: (session: FolderSession) => Promise<VersionRecord[]>,
): Promise<Version[][]> {
  const lists = await eachFolder(sessions, folder, list);
  return lists.map(({ uri, value }) => value.map((record) => asVersion(uri, record)));
}

/** Asks for something of every history, or of one folder's. */
async function eachFolder<T>(
  sessions: Sessions,
  folder: Uri | undefined,
  ask: (session: FolderSession) => Promise<T>,
): Promise<{ readonly uri: Uri; readonly value: T }[]> {
  await sessions.whenOpen();
  return Promise.all(
    sessions.in(folder).map(async (session) => ({ uri: session.folder.uri, value: await ask(session) })),
  );
}

function inSession(session: FolderSession, records: readonly VersionRecord[]): Version[] {
  return records.map((record) => asVersion(session.folder.uri, record));
}

function newestFirst(lists: readonly Version[][]): Version[] {
  const [only, ...others] = lists;
  if (only && others.length === 0) return only;
  return lists.flat().sort((a, b) => b.time - a.time);
}
