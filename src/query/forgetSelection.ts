import { ObbyError } from '../base/errors';
import type { FolderForgetRequest } from '../model/historyMaintenance';
import type { Selection } from '../model/historyStore';
import { encode } from '../diff/text';
import { Rules } from '../rules/rules';

/** Shorter ones would match by chance almost everywhere. */
const minTextLength = 4;

/** What a request selects, in the store's terms; throws `badArgument` for one that selects nothing or everything. */
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

/** The text in every way in which Obby could have read it from bytes. */
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
