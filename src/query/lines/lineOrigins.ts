import { lineCount } from '../../diff/indexedText';
import { descentOf, originOf } from '../../diff/lineDescent';
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
  /** Where each line is in the present state; -1 once its version is known. */
  let places = new Int32Array();
  let state: TextState | undefined;
  /** Notes the version of the lines that are nowhere before; returns how many are left. */
  const settle = (origin: (place: number) => number): number => {
    const index = state?.version ? versions.length : -1;
    let [found, left] = [0, 0];
    for (let line = 0; line < places.length; line++) {
      const place = places[line] ?? -1;
      if (place < 0) continue;
      const before = origin(place);
      places[line] = before;
      if (before >= 0) left++;
      else if (index >= 0) {
        lines[line] = index;
        found++;
      }
    }
    if (state?.version && found > 0) versions.push(state.version);
    return left;
  };
  for await (const older of textStates(history, path, query)) {
    if (!state) {
      places = Int32Array.from({ length: lineCount(older.text) }, (_, line) => line);
      lines = new Int32Array(places.length).fill(-1);
    } else if (state.text !== older.text) {
      const descent = descentOf(older.text, state.text);
      if (settle((place) => originOf(place, descent)) === 0) return { versions, lines: [...lines] };
    }
    state = older;
  }
  settle(() => -1);
  return { versions, lines: [...lines] };
}
