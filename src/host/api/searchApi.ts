import { randomUUID } from 'node:crypto';
import type { CancellationToken } from 'vscode';
import type { SearchHit, SearchQuery, SearchSummary } from '../../api/api';
import { detached, type Log } from '../../base/log';
import { searchScopes, type FolderSearchQuery } from '../../model/search';
import type { FolderSession } from '../session/folderSession';
import type { Sessions } from '../session/sessions';
import { expectedEncodings } from '../settings/fileEncodings';
import { asVersion } from './addresses';
import { aBoolean, anObject, aRecentQuery, aText, bad } from './arguments';

/** Searches the histories of all folders, or of one; hits of several folders come as they are found. */
export async function* searchHistories(
  sessions: Sessions,
  log: Log,
  query: SearchQuery,
  token?: CancellationToken,
): AsyncGenerator<SearchHit, SearchSummary, undefined> {
  const { folder, ...asked } = aSearchQuery(query);
  await sessions.whenOpen();
  const searches = sessions.in(folder).map((session) => searchIn(session, asked, log, token));
  const next = async (search: (typeof searches)[number]) => ({ search, result: await search.next() });
  const pending = new Map(searches.map((search) => [search, next(search)]));
  let unreadable = 0;
  try {
    while (pending.size > 0) {
      const { search, result } = await Promise.race(pending.values());
      if (result.done) {
        pending.delete(search);
        unreadable += result.value.unreadable;
        continue;
      }
      yield* result.value;
      pending.set(search, next(search));
    }
    return { unreadable };
  } finally {
    // Of folders that another one's error, or a consumer that left, keeps from being finished.
    for (const [search, last] of pending) {
      detached(Promise.allSettled([last, search.return({ unreadable })]), log, 'A search did not end');
    }
  }
}

async function* searchIn(
  session: FolderSession,
  query: FolderSearchQuery,
  log: Log,
  token: CancellationToken | undefined,
): AsyncGenerator<SearchHit[], SearchSummary, undefined> {
  const id = randomUUID();
  const { history } = session;
  const { uri } = session.folder;
  const end = (): void => detached(history.endSearch(id), log, 'A search did not end');
  await history.startSearch(id, { ...query, encodings: expectedEncodings(uri) });
  const listener = token?.onCancellationRequested(end);
  let isDone = false;
  try {
    while (!token?.isCancellationRequested) {
      const batch = await history.nextHits(id);
      if (batch.hits.length > 0) {
        yield batch.hits.map((hit) => {
          const version = asVersion(uri, hit.version);
          return { ...hit, version, uri: version.uri };
        });
      }
      isDone = batch.isDone;
      if (isDone) return { unreadable: batch.unreadable };
    }
    return { unreadable: 0 };
  } catch (error) {
    if (token?.isCancellationRequested) return { unreadable: 0 };
    throw error;
  } finally {
    listener?.dispose();
    if (!isDone) end();
  }
}

/** The message about a wrong pattern comes from the engine, which is the one that uses it. */
function aSearchQuery(value: unknown): SearchQuery & { readonly since?: number; readonly until?: number } {
  const query = anObject('query', value) as Partial<Record<keyof SearchQuery, unknown>>;
  const { text, regex, caseSensitive, wholeWord, path, where } = query;
  const { limit: _limit, ...bounds } = aRecentQuery(value);
  const scope = searchScopes.find((each) => each === where);
  if (where !== undefined && scope === undefined) throw bad('query.where', `one of ${searchScopes.join(', ')}`, where);
  if ((text === undefined) === (regex === undefined)) throw bad('query', 'either a text or a regex', value);
  return {
    ...bounds,
    ...(text !== undefined && { text: aText('query.text', text) }),
    ...(regex !== undefined && { regex: aText('query.regex', regex) }),
    ...(caseSensitive !== undefined && { caseSensitive: aBoolean('query.caseSensitive', caseSensitive) }),
    ...(wholeWord !== undefined && { wholeWord: aBoolean('query.wholeWord', wholeWord) }),
    ...(path !== undefined && { path: aText('query.path', path) }),
    ...(scope !== undefined && { where: scope }),
  };
}
