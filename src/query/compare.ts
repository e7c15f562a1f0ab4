import { sha256Of } from '../base/sha256';
import type { DiffSide } from '../diff/decodeSides';
import { compareBytes, diffBytes, type ReadText } from '../diff/textDiff';
import type { ComparedContent, ContentComparison, DiffOptions, TextDiff } from '../model/diff';
import type { VersionId, VersionRecord } from '../model/version';
import type { OpenHistory } from './openHistory';

/** How two contents differ, and what the comparison read of them. */
export function compareContents(left: DiffSide, right: DiffSide, options: DiffOptions): ContentComparison {
  const { diff, old, new: now } = compareBytes(left, right, options);
  return { left: contentOf(left, old), right: contentOf(right, now), diff };
}

/** A version against the one before it. Before a creation and after a deletion there is nothing to compare with. */
export async function diffOfVersion(
  { store }: Pick<OpenHistory, 'store'>,
  id: VersionId,
  options: DiffOptions,
): Promise<TextDiff> {
  const bytesOf = async (version: VersionRecord | undefined): Promise<Uint8Array | undefined> =>
    version === undefined || version.kind === 'deleted' ? undefined : store.content(version.id);
  const version = await store.version(id);
  const before = version.previous === undefined ? undefined : await store.version(version.previous);
  const [from, to] = await Promise.all([bytesOf(before), bytesOf(version)]);
  return diffBytes({ path: before?.path ?? version.path, bytes: from }, { path: version.path, bytes: to }, options);
}

function contentOf({ bytes, isGiven = false }: DiffSide, read: ReadText): ComparedContent {
  if (bytes === undefined) return { text: '', size: 0 };
  return { ...read, size: bytes.length, ...(!isGiven && { sha256: sha256Of(bytes) }) };
}
