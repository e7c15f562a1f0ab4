import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { LineRange } from '../../src/model/lines';
import { lineHistory } from '../../src/query/lines/lineHistory';
import { lineOrigins } from '../../src/query/lines/lineOrigins';
import { draft } from '../unit/store/fixtures';
import { openBenchStore, tidy } from './benchStore';
import type { Group, Measured } from './figure';
import { git } from './gitHistory';
import { importIntoGit, type PeerCommit } from './gitPeer';
import { next, sourceLine } from './sourceText';
import { median, msOf } from './timing';

const name = 'file.ts';
const lineCount = 10_000;

/** The history of lines of a long file with many versions, compared with `git blame` of the same commits. */
export const lineFigures: Group = {
  kinds: [
    { name: 'lines.first.ms', unit: 'ms', bound: 20 },
    { name: 'lines.all.ms', unit: 'ms', bound: 150 },
  ],
  async measure(bench) {
    const texts = versionsOf(bench.isQuick ? 100 : 1_000);
    const dir = path.join(bench.folder, 'lines');
    await mkdir(dir);
    const store = await openBenchStore(dir);
    for (const text of texts) await store.append([draft(name, text)]);
    await tidy(store);
    const history = { store, spelled: (same: string) => Promise.resolve(same) };
    const range: LineRange = { start: lineCount / 2, end: lineCount / 2 + 40 };
    const first = await repeated(() => lineHistory(history, name, range, { limit: 1 }));
    const all = await repeated(() => lineOrigins(history, name, {}));
    await store.close();
    const peer = await blame(path.join(bench.folder, 'lines.git'), texts);
    const note = `${lineCount} lines, ${texts.length} versions`;
    return new Map<string, Measured>([
      ['lines.first.ms', { value: first, note: `${note}; the last change of 40 lines` }],
      ['lines.all.ms', { value: all, peer, ratio: peer / all, note: `${note}; peer: git blame -w -M` }],
    ]);
  },
};

/** Each version changes a few lines, adds some and removes some. */
function versionsOf(count: number): string[] {
  const lines = Array.from({ length: lineCount }, (_, at) => sourceLine(at));
  const texts = [lines.join('')];
  let state = 1;
  while (texts.length < count) {
    for (let edit = 0; edit < 4; edit++) {
      state = next(state);
      const at = state % lines.length;
      lines.splice(at, edit % 2, sourceLine(state));
      if (edit === 0) lines.splice((at + 500) % lines.length, 1);
    }
    texts.push(lines.join(''));
  }
  return texts;
}

async function repeated(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 3; run++) times.push(await msOf(work));
  return median(times);
}

async function blame(dir: string, texts: readonly string[]): Promise<number> {
  const commits = texts.map((text, at): PeerCommit => {
    return [{ path: name, content: { object: String(at), bytes: Buffer.from(text) } }];
  });
  await importIntoGit(dir, Readable.from(commits));
  return msOf(() => git(dir, ['blame', '-w', '-M', '--porcelain', 'main', '--', name]));
}
