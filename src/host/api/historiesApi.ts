import type { ObbyApi } from '../../api/api';
import type { Engine } from '../../engine/engine';
import type { Sessions } from '../session/sessions';
import { aText, aUri } from './arguments';
import { sessionOf } from './addresses';
import type { Done } from './maintenanceApi';

/** The part of the public API for all histories in the storage location, also of folders that are not open. */
export function historiesApi(
  sessions: Sessions,
  engine: Engine,
  done: Done,
): Pick<ObbyApi['history'], 'all' | 'former'> & Pick<ObbyApi['act'], 'useHistory' | 'removeHistory'> {
  return {
    all: async () => engine.histories(sessions.historiesDir),
    async former(folder) {
      const session = await sessionOf(sessions, aUri('folder', folder));
      return engine.formerHistories(session.key);
    },
    async useHistory(name, folder) {
      const [chosen, uri] = [aText('name', name), aUri('folder', folder)];
      const session = await sessionOf(sessions, uri);
      await session.useHistory(chosen);
      done(session, 'import');
    },
    removeHistory: async (name) => engine.removeHistory(sessions.historiesDir, aText('name', name)),
  };
}
