import * as l10n from '@vscode/l10n';
import { Uri } from 'vscode';
import type { DiffInput, ObbyApi, RecordResult, Version } from '../../api/api';
import { ObbyError } from '../../base/errors';
import { isVersionId } from '../../model/version';
import type { Engine } from '../../engine/engine';
import type { DiffSource } from '../../engine/engineQueries';
import { fromWire } from '../../engine/rpc';
import { aDiffOptions, anIterable, anObject, aUri, bad } from './arguments';
import type { FolderSession } from '../session/folderSession';
import type { Sessions } from '../session/sessions';
import { asVersion } from './asVersion';
import { explained } from './watchingApi';

export function trackingApi(sessions: Sessions, engine: Engine): ObbyApi['tracking'] {
  const record = async (uri: Uri): Promise<Version | undefined> => {
    const { session, path } = await inFolder(sessions, uri);
    const verdict = await session.explain(path);
    if (!verdict.watched) {
      throw new ObbyError('notWatched', `${path}: ${explained(session, verdict).reason}`);
    }
    const outcomes = (await session.record([path])).filter((outcome) => outcome.path === path);
    const problem = outcomes.find((outcome) => outcome.problem)?.problem;
    if (problem) throw fromWire(problem);
    const version = outcomes.flatMap(({ versions }) => versions).at(-1);
    return version && asVersion(session.folder.uri, version);
  };
  return {
    record: async (uri) => record(aUri('uri', uri)),
    recordAll: (uris) => recordEach(uris, record),
    async hash(uri) {
      const { session, path } = await inFolder(sessions, aUri('uri', uri));
      return engine.hash(session.key, path);
    },
    async text(uri) {
      const { session, path } = await inFolder(sessions, aUri('uri', uri));
      return engine.textOnDisk(session.key, path);
    },
    async diff(a, b, options) {
      const checked = aDiffOptions(options);
      return engine.diff(await sourceOf('a', a, sessions), await sourceOf('b', b, sessions), checked);
    },
  };
}

async function* recordEach(
  uris: Iterable<Uri>,
  record: (uri: Uri) => Promise<Version | undefined>,
): AsyncGenerator<RecordResult> {
  for (const uri of anIterable('uris', uris)) {
    try {
      const version = await record(aUri('uris', uri));
      yield { uri, ...(version && { version }) };
    } catch (error) {
      yield { uri, error: error instanceof Error ? error : new Error(String(error)) };
    }
  }
}

/** The session of a URI, once its history can be asked, and the path in it; rejects URIs outside of every folder. */
export async function inFolder(sessions: Sessions, uri: Uri): Promise<{ session: FolderSession; path: string }> {
  const found = sessions.find(uri);
  if (!found) throw new ObbyError('noFolder', l10n.t('{0} is not in a workspace folder on disk.', uri.toString()));
  await found.session.whenOpen();
  return found;
}

async function sourceOf(name: string, input: DiffInput, sessions: Sessions): Promise<DiffSource> {
  if (typeof input === 'string') return isVersionId(input) ? { version: input } : { text: input, name: 'text' };
  if (input instanceof Uri) {
    const { session, path } = await inFolder(sessions, input);
    return { folder: session.key, file: path };
  }
  const { text, name: title = 'text' } = anObject(name, input) as Partial<Record<'text' | 'name', unknown>>;
  if (typeof text === 'string' && typeof title === 'string') return { text, name: title };
  throw bad(name, 'a version id, a Uri or a text', input);
}
