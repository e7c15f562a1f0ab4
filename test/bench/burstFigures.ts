import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Group } from './figure';
import { git } from './gitHistory';
import { sourceLine, sourceText } from './sourceText';
import { median, msOf } from './timing';
import { withWatchedFolder, type WatchedFolder } from './worker';

const filesInFolder = 100;
const fileBytes = 2_000;

/** Many files changed at once, captured by Obby and committed by git, both of the same files in the same folder. */
export const burstFigures: Group = {
  kinds: [{ name: 'burst.vs.git', unit: '×', bound: 1 }],
  async measure({ folder, isQuick, say }) {
    const count = isQuick ? 2_000 : 10_000;
    const texts = Array.from({ length: count }, (_, n) => sourceText(n, fileBytes));
    const rounds = isQuick ? 3 : 7;
    const fill = async (root: string): Promise<void> => {
      for (let n = 0; n < count; n += filesInFolder) await mkdir(path.dirname(path.join(root, pathOf(n))));
      await writeAll(root, texts);
      // The clean-up that git starts by itself in the background would slow down both.
      await git(root, ['-c', 'init.defaultBranch=main', 'init', '--quiet']);
      await git(root, ['config', 'gc.auto', '0']);
      await commit(root);
    };
    const times = await withWatchedFolder(folder, fill, (watched) => race(watched, texts, rounds, say));
    const [ours, peer] = [median(times.map(({ obby }) => obby)), median(times.map((time) => time.git))];
    const ratio = median(times.map((time) => time.obby / time.git));
    const files = `${count.toLocaleString('en-US')} files${isQuick ? ' (quick)' : ''}`;
    const note = `${files}: ${Math.round(ours)} ms, git ${Math.round(peer)} ms; median of ${rounds} rounds`;
    return new Map([['burst.vs.git', { value: ratio, peer, ratio, note }]]);
  },
};

/** Takes turns, so that neither always finds the files in the system's cache. */
async function race(
  { engine, key, root }: WatchedFolder,
  texts: string[][],
  rounds: number,
  say: (message: string) => void,
): Promise<{ obby: number; git: number }[]> {
  const times: { obby: number; git: number }[] = [];
  const paths = texts.map((_, n) => pathOf(n));
  const capture = async (): Promise<void> => {
    const outcomes = await engine.record(key, paths);
    const recorded = outcomes.filter(({ versions }) => versions.length === 1).length;
    if (recorded !== texts.length) throw new Error(`${recorded} of ${texts.length} files were recorded.`);
  };
  for (let round = 0; round < rounds; round++) {
    for (const [n, text] of texts.entries()) text[(n + round * 7) % text.length] = sourceLine(round * 1_000_003 + n);
    await writeAll(root, texts);
    const first = round % 2 === 0 ? await msOf(capture) : 0;
    const peer = await msOf(() => commit(root));
    const obby = round % 2 === 0 ? first : await msOf(capture);
    say(`  round ${round + 1}: Obby ${Math.round(obby)} ms, git ${Math.round(peer)} ms`);
    times.push({ obby, git: peer });
  }
  return times;
}

async function commit(root: string): Promise<void> {
  await git(root, ['add', '-A']);
  await git(root, ['commit', '--quiet', '-m', 'burst']);
}

async function writeAll(root: string, texts: readonly (readonly string[])[]): Promise<void> {
  for (const [n, text] of texts.entries()) await writeFile(path.join(root, pathOf(n)), text.join(''));
}

function pathOf(n: number): string {
  return `folder${Math.floor(n / filesInFolder)}/file${n}.ts`;
}
