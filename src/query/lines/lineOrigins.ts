import { descentOf, lineCount, originOf } from '../../diff/lineDescent';
import type { LineOriginsRecord, LinesQuery } from '../../model/lines';
import type { VersionRecord } from '../../model/version';
import type { OpenHistory } from '../openHistory';
import { textStates, type TextState } from './textStates';

/**
 * For each line of a file the version that last changed it. Lines are followed through edits elsewhere, moves within the
 * file, renames, and changes of white space.
 */
export async function lineOrigins(
  history: Pick<OpenHistory, 'store' | 'spelled'>,
  path: string,
  query: LinesQuery,
): Promise<LineOriginsRecord> {
  const versions: VersionRecord[] = [];
  let lines = new Int32Array();
  /** The lines whose version is not known yet, and where each is in the present state. */
  let open: { readonly line: number; readonly at: number }[] = [];
  let state: TextState | undefined;
  const settle = (settled: readonly { readonly line: number }[]): void => {
    if (settled.length === 0 || !state?.version) return;
    const index = versions.push(state.version) - 1;
    for (const { line } of settled) lines[line] = index;
  };
  for await (const older of textStates(history, path, query)) {
    if (!state) {
      lines = new Int32Array(lineCount(older.text)).fill(-1);
      open = Array.from(lines, (_, line) => ({ line, at: line }));
    } else if (state.text !== older.text) {
      const descent = descentOf(older.text, state.text);
      const found = open.map(({ line, at }) => ({ line, at: originOf(at, descent) }));
      settle(found.filter(({ at }) => at < 0));
      open = found.filter(({ at }) => at >= 0);
    }
    state = older;
    if (open.length === 0) break;
  }
  settle(open);
  return { versions, lines: [...lines] };
}
