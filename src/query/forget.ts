import { ObbyError } from '../base/errors';
import type { FolderForgetRequest, ForgetPlanRecord, ForgetPreview } from '../model/historyMaintenance';
import type { Selection } from '../model/historyStore';
import { encode } from '../diff/text';
import { Rules } from '../rules/rules';
import type { OpenHistory } from './openHistory';

/** Shorter texts would match by chance almost everywhere. */
const minTextLength = 4;

/** The store's selection for a request; throws `badArgument` for a request that selects nothing or everything. */
export function selectionOf({ path, pattern, since, until, text }: FolderForgetRequest): Selection {
  if ([path, pattern, since, until, text].every((member) => member === undefined)) {
    throw new ObbyError('badArgument', 'Say what to forget: a path, a pattern, a time span or a text.');
  }
  return {
    ...(path === undefined ? {} : { path }),
    ...(pattern === undefined ? {} : { matches: matcherOf(pattern) }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(text === undefined ? {} : { bytes: writingsOf(text) }),
  };
}

function matcherOf(pattern: string): (path: string) => boolean {
  const rules = new Rules({ watch: pattern, ignores: [] });
  const [problem] = rules.problems;
  if (problem !== undefined) throw new ObbyError('badArgument', `pattern: ${problem.message}`);
  return (path) => rules.isWatched(path);
}

/** The text in UTF-8, UTF-16 and Latin-1. */
function writingsOf(text: string): Uint8Array[] {
  if (text.length < minTextLength) {
    throw new ObbyError(
      'badArgument',
      `text: give at least ${minTextLength} characters, so that nothing else matches.`,
    );
  }
  const utf16 = (['utf16le', 'utf16be'] as const).map((encoding) => encode(text, encoding).subarray(2));
  return [encode(text, 'utf8'), Buffer.from(text, 'latin1'), ...utf16];
}

/** The most files that are listed. */
const maxNamed = 1_000;

/** What would be forgotten, and which watched files on disk would be recorded again. */
export async function previewForget(folder: OpenHistory, selection: Selection): Promise<ForgetPreview> {
  const plan = await folder.store.planForget(selection);
  const rules = await folder.readRules();
  const onDisk: string[] = [];
  for await (const path of returning(folder, selection, plan)) {
    if (rules.isWatched(path)) onDisk.push(path);
    if (onDisk.length === maxNamed) break;
  }
  return { ...plan, onDisk };
}

function returning(folder: OpenHistory, selection: Selection, plan: ForgetPlanRecord): AsyncGenerator<string> {
  const { bytes } = selection;
  return bytes === undefined ? losingNewest(folder, selection, plan) : holding(folder, selection, bytes);
}

/** The existing files of a plan whose newest version would be removed. */
async function* losingNewest(
  { store }: OpenHistory,
  { since = -Infinity, until = Infinity }: Selection,
  { files }: ForgetPlanRecord,
): AsyncGenerator<string> {
  for (const { path } of files) {
    const head = await store.head(path);
    if (head && head.version.time >= since && head.version.time < until) yield path;
  }
}

/** The existing files that contain any of these texts now, in their content or path. */
async function* holding(
  folder: OpenHistory,
  { path, matches }: Selection,
  texts: readonly Uint8Array[],
): AsyncGenerator<string> {
  for (const { version } of await folder.store.heads('')) {
    if ((path !== undefined && path !== version.path) || matches?.(version.path) === false) continue;
    const observation = await folder.observe(version.path);
    if (observation.state !== 'file') continue;
    const [name, content] = [Buffer.from(version.path), asBuffer(observation.bytes)];
    if (texts.map(asBuffer).some((text) => name.includes(text) || content.includes(text))) yield version.path;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
