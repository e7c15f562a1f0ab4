import { Uri } from 'vscode';
import type { ObbyApi, ObbyEvent, MaintenanceAction } from '../../api/api';
import { Hub } from './hub';
import { systemClock } from '../../base/clock';
import { type Disposable, DisposableStore } from '../../base/disposable';
import { messageOf } from '../../base/errors';
import type { Log } from '../../base/log';
import type { Engine } from '../../engine/engine';
import { anIterable, bad } from './arguments';
import type { FolderSession } from '../session/folderSession';
import { historyApi } from './historyApi';
import { restoreApi } from './restoreApi';
import type { FolderEvent, Sessions } from '../session/sessions';
import { StatusFeed } from './statusFeed';
import { trackingApi } from './trackingApi';
import { maintenanceApi } from './maintenanceApi';
import { asVersion } from './asVersion';
import { watchingApi } from './watchingApi';

const topics = ['file', 'version', 'scan', 'status', 'store', 'upkeep'] as const;

/** Builds the public API and feeds its subscribers. */
export function createApi(sessions: Sessions, engine: Engine, log: Log): ObbyApi & Disposable {
  const disposables = new DisposableStore();
  const hub = disposables.add(
    new Hub<ObbyEvent>(topics, {
      clock: systemClock,
      onError: (error) => log.error(`A subscriber failed: ${messageOf(error)}`),
    }),
  );
  const statuses = disposables.add(new StatusFeed((event) => hub.publish(event), log));
  disposables.add(
    sessions.onDidChange((event) => {
      if (event.type !== 'folders') statuses.request(event.session);
      const said = eventOf(event);
      if (said) hub.publish(said);
    }),
  );
  const done = (session: FolderSession, what: MaintenanceAction): void => {
    hub.publish({ topic: 'upkeep', folder: session.folder.uri, what });
    statuses.request(session);
  };
  return {
    version: 1,
    watching: watchingApi(sessions),
    tracking: trackingApi(sessions, engine),
    history: historyApi(sessions, engine),
    act: { ...restoreApi(sessions, engine), ...maintenanceApi(sessions, engine, done) },
    subscribe(wanted, listener) {
      const chosen = [...anIterable('topics', wanted)];
      const unknown = chosen.findIndex((topic) => !topics.includes(topic));
      if (unknown >= 0) throw bad(`topics[${unknown}]`, `one of ${topics.join(', ')}`, chosen[unknown]);
      if (typeof listener !== 'function') throw bad('listener', 'a function', listener);
      return hub.subscribe(chosen, listener);
    },
    flush: () => sessions.flush(),
    dispose: () => disposables.dispose(),
  };
}

/** What subscribers hear of a session's event, if anything. */
function eventOf(event: FolderEvent): ObbyEvent | undefined {
  if (event.type === 'folders') return undefined;
  const folder = event.session.folder.uri;
  switch (event.type) {
    case 'hint':
      return { topic: 'file', folder, uri: Uri.joinPath(folder, event.path), hint: event.hint };
    case 'recorded':
      return { topic: 'version', folder, versions: event.versions.map((record) => asVersion(folder, record)) };
    case 'engine':
      return engineEventOf(folder, event.event);
    case 'rules':
    case 'status':
      return undefined;
  }
}

function engineEventOf(folder: Uri, event: Extract<FolderEvent, { type: 'engine' }>['event']): ObbyEvent | undefined {
  switch (event.type) {
    case 'scan':
      return { topic: 'scan', folder, done: event.done, total: event.total, finished: false };
    case 'scanned':
      return { topic: 'scan', folder, done: event.result.files, total: event.result.files, finished: true };
    case 'store':
      return { topic: 'store', folder, ...(event.error && { problem: event.error.message }) };
    case 'check': {
      const { done, total } = event;
      return { topic: 'upkeep', folder, what: 'check', progress: { done, total } };
    }
    case 'git':
    case 'hints':
    case 'limit':
    case 'problem':
    case 'recorded':
    case 'rules':
    case 'log':
      return undefined;
  }
}
