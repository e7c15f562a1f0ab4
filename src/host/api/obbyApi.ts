import { Uri } from 'vscode';
import type { ObbyApi, ObbyEvent, MaintenanceAction } from '../../api/api';
import { Hub } from './hub';
import { systemClock } from '../../base/clock';
import { type Disposable, DisposableStore } from '../../base/disposable';
import { messageOf } from '../../base/errors';
import type { Log } from '../../base/log';
import type { Engine, EngineEvent } from '../../engine/engine';
import { anIterable, bad } from './arguments';
import type { FolderSession } from '../session/folderSession';
import { historiesApi } from './historiesApi';
import { historyApi } from './historyApi';
import { linesApi } from './linesApi';
import { restoreApi } from './restoreApi';
import type { FolderEvent, Sessions } from '../session/sessions';
import { searchHistories } from './searchApi';
import { timesApi } from './timesApi';
import { trackingApi } from './trackingApi';
import { maintenanceApi } from './maintenanceApi';
import { asVersion } from './addresses';
import { watchingApi } from './watchingApi';

const topics = ['file', 'version', 'scan', 'status', 'store', 'maintenance'] as const;

/** Builds the public API and feeds its subscribers. */
export function createApi(sessions: Sessions, engine: Engine, log: Log): ObbyApi & Disposable {
  const disposables = new DisposableStore();
  const hub = disposables.add(
    new Hub<ObbyEvent>(topics, {
      clock: systemClock,
      onError: (error) => log.error(`A subscriber failed: ${messageOf(error)}`),
    }),
  );
  disposables.add(sessions.onDidChange((event) => eventsOf(event).forEach((each) => hub.publish(each))));
  const done = (session: FolderSession, what: MaintenanceAction): void =>
    hub.publish({ topic: 'maintenance', folder: session.folder.uri, what });
  const { all, former, ...histories } = historiesApi(sessions, engine, done);
  return {
    version: 1,
    watching: watchingApi(sessions, log),
    tracking: trackingApi(sessions, engine),
    history: {
      ...historyApi(sessions),
      ...linesApi(sessions),
      ...timesApi(sessions, systemClock),
      ...{ all, former },
      search: (query, token) => searchHistories(sessions, log, query, token),
    },
    act: { ...restoreApi(sessions, engine, log), ...maintenanceApi(sessions, done), ...histories },
    subscribe(wanted, listener) {
      const chosen = [...anIterable('topics', wanted)];
      const unknown = chosen.findIndex((topic) => !topics.includes(topic));
      if (unknown >= 0) throw bad(`topics[${unknown}]`, `one of ${topics.join(', ')}`, chosen[unknown]);
      if (typeof listener !== 'function') throw bad('listener', 'a function', listener);
      // The hub calls it with events of the chosen topics alone.
      return hub.subscribe(chosen, listener as (event: ObbyEvent) => void);
    },
    flush: () => sessions.flush(),
    dispose: () => disposables.dispose(),
  };
}

/** The public events of a session's event. */
function eventsOf(event: FolderEvent): readonly ObbyEvent[] {
  if (event.type === 'folders') return [];
  const folder = event.session.folder.uri;
  if (event.type === 'status') return [{ topic: 'status', folder, status: event.status }];
  return engineEventsOf(folder, event.event);
}

function engineEventsOf(folder: Uri, event: EngineEvent): readonly ObbyEvent[] {
  switch (event.type) {
    case 'changes':
      return event.changes.map(({ path, kind }) => ({
        topic: 'file',
        folder,
        uri: Uri.joinPath(folder, path),
        hint: kind,
      }));
    case 'recorded':
      return [{ topic: 'version', folder, versions: event.versions.map((record) => asVersion(folder, record)) }];
    case 'scan':
      return [{ topic: 'scan', folder, done: event.done, total: event.total, finished: false }];
    case 'scanned':
      return [{ topic: 'scan', folder, done: event.result.files, total: event.result.files, finished: true }];
    case 'store':
      return [{ topic: 'store', folder, ...(event.error && { problem: event.error.message }) }];
    case 'check':
      return [{ topic: 'maintenance', folder, what: 'check', progress: { done: event.done, total: event.total } }];
    case 'status':
    case 'ruleProblems':
    case 'log':
      return [];
  }
}
