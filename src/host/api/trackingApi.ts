import { Uri } from 'vscode';
import type { ContentComparison, DiffInput, ObbyApi, RecordResult, Version } from '../../api/api';
import { ObbyError } from '../../base/errors';
import { isPublicVersionId } from '../../model/version';
import type { DiffSource, Engine } from '../../engine/engine';
import { fromWire } from '../../engine/rpc';
import { inFolder, inHistory, asVersion } from './addresses';
import { aDiffOptions, anIterable, anObject, aUri, bad } from './arguments';
import type { Sessions } from '../session/sessions';
import { expectedEncodings } from '../settings/fileEncodings';
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
  const compare = async (left: Argument, right: Argument, options: unknown): Promise<ContentComparison> => {
    const checked = aDiffOptions(options);
    const [from, to] = [await sourceOf(...left, sessions), await sourceOf(...right, sessions)];
    const resource = from.resource ?? to.resource;
    return engine.compare(from.source, to.source, {
      ...(resource && { encodings: expectedEncodings(resource) }),
      ...checked,
    });
  };
  return {
    record: async (uri) => record(aUri('uri', uri)),
    recordAll: (uris) => recordEach(uris, record),
    async hash(uri) {
      const { session, path } = await inFolder(sessions, aUri('uri', uri));
      return session.history.hash(path);
    },
    async text(uri) {
      const { session, path } = await inFolder(sessions, aUri('uri', uri));
      return session.history.textOnDisk(path, expectedEncodings(aUri('uri', uri)));
    },
    diff: async (a, b, options) => (await compare(['a', a], ['b', b], options)).diff,
    compare: (left, right, options) => compare(['left', left], ['right', right], options),
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

type Argument = readonly [name: string, input: DiffInput];

/** `resource` has the settings of the source, if it is a file or a version. */
interface FoundSource {
  readonly source: DiffSource;
  readonly resource?: Uri;
}

async function sourceOf(name: string, input: DiffInput, sessions: Sessions): Promise<FoundSource> {
  if (typeof input === 'string') {
    if (!isPublicVersionId(input)) return { source: { text: input, name: 'text' } };
    const { session, id } = await inHistory(sessions, input);
    return { source: { folder: session.key, version: id }, resource: session.folder.uri };
  }
  if (input instanceof Uri) {
    const { session, path } = await inFolder(sessions, input);
    return { source: { folder: session.key, file: path }, resource: input };
  }
  const { text, name: title = 'text' } = anObject(name, input) as Partial<Record<'text' | 'name', unknown>>;
  if (typeof text === 'string' && typeof title === 'string') return { source: { text, name: title } };
  throw bad(name, 'a version id, a Uri or a text', input);
}
