import { TimeSlicer } from '../../base/timeSlicer';
import { indexText, type IndexedText } from '../../diff/indexedText';
import { decode } from '../../diff/text';
import type { LinesQuery } from '../../model/lines';
import type { VersionRecord } from '../../model/version';
import type { OpenHistory } from '../openHistory';

/** The text of a file at some time. */
export interface TextState {
  /** Undefined for the text of an editor. */
  readonly version: VersionRecord | undefined;
  readonly text: IndexedText;
}

const pageSize = 100;

/**
 * The texts that a file had, newest first: of an editor, if its text is given, then of its versions. Deletions, binary
 * contents and contents that cannot be read have none: what follows is compared with the text before them.
 */
export async function* textStates(
  history: Pick<OpenHistory, 'store' | 'spelled'>,
  file: string,
  { text, encodings }: LinesQuery,
): AsyncGenerator<TextState, void, undefined> {
  const { store } = history;
  const path = await history.spelled(file);
  const slicer = new TimeSlicer();
  let last: TextState | undefined;
  if (text !== undefined) yield (last = { version: undefined, text: indexText(text) });
  for (let page = await store.versions(path, { limit: pageSize }); ;) {
    for (const version of page) {
      await slicer.pause();
      const isSame = last?.version !== undefined && last.version.sha256 === version.sha256;
      const found: IndexedText | undefined = isSame ? last?.text : await textOf(store, version, encodings);
      if (found) yield (last = { version, text: found });
    }
    const oldest = page.at(-1);
    if (!oldest || page.length < pageSize) return;
    page = await store.versions(path, { limit: pageSize, before: oldest.id });
  }
}

async function textOf(
  store: OpenHistory['store'],
  version: VersionRecord,
  encodings: readonly string[] | undefined,
): Promise<IndexedText | undefined> {
  if (version.sha256 === undefined || version.unstored !== undefined || version.binary) return undefined;
  try {
    const decoded = decode(await store.content(version.id), encodings);
    return decoded && indexText(decoded.text);
  } catch {
    // A damaged content is told of by a check; the history of the other lines is known all the same.
    return undefined;
  }
}
