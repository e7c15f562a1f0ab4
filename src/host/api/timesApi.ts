import type { ObbyApi } from '../../api/api';
import type { Clock } from '../../base/clock';
import type { Sessions } from '../session/sessions';
import { asVersion, inOrBelow } from './addresses';
import { aTime, aUri } from './arguments';

/** The part of the history API about folders at a time. */
export function timesApi(
  sessions: Sessions,
  clock: Pick<Clock, 'now'>,
): Pick<ObbyApi['history'], 'folderAt' | 'compareTimes'> {
  return {
    async folderAt(folder, time) {
      const [uri, at] = [aUri('folder', folder), aTime('time', time)];
      const { session, path } = await inOrBelow(sessions, uri);
      return (await session.history.filesAt(path, at)).map((record) => asVersion(session.folder.uri, record));
    },
    async compareTimes(folder, from, to = clock.now()) {
      const [uri, start, end] = [aUri('folder', folder), aTime('from', from), aTime('to', to)];
      const { session, path } = await inOrBelow(sessions, uri);
      return (await session.history.compareTimes(path, start, end)).map(({ change, before, after }) => ({
        change,
        ...(before && { before: asVersion(session.folder.uri, before) }),
        ...(after && { after: asVersion(session.folder.uri, after) }),
      }));
    },
  };
}
