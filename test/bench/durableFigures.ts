import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Group } from './figure';
import { sourceLine, sourceText } from './sourceText';
import { percentile } from './timing';
import { withWatchedFolder, type WatchedFolder } from './worker';

const fileBytes = 100_000;
const files = 10;

/** How long a changed file takes from leaving the debouncer until its version is on the disk for good. */
export const durableFigures: Group = {
  kinds: [
    { name: 'record.durable.p50', unit: 'ms', bound: 5 },
    { name: 'record.durable.p99', unit: 'ms', bound: 50 },
  ],
  async measure({ folder, isQuick }) {
    const texts = Array.from({ length: files }, (_, n) => sourceText(n, fileBytes));
    const fill = async (root: string) => {
      for (const [n, text] of texts.entries()) await writeFile(fileOf(root, n), text.join(''));
    };
    const edits = isQuick ? 200 : 1_000;
    const times = await withWatchedFolder(folder, fill, (watched) => edit(watched, texts, edits));
    const note = `${edits} edits of ${files} files of 100 KB, through the worker`;
    return new Map([
      ['record.durable.p50', { value: percentile(times, 0.5), note }],
      ['record.durable.p99', { value: percentile(times, 0.99), note }],
    ]);
  },
};

async function edit({ engine, key, root }: WatchedFolder, texts: string[][], edits: number): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < edits; n++) {
    const text = texts[n % files] ?? [];
    text[(n * 31) % text.length] = sourceLine(1_000_000 + n);
    await writeFile(fileOf(root, n % files), text.join(''));
    const started = performance.now();
    const [outcome] = await engine.record(key, [path.basename(fileOf(root, n % files))]);
    times.push(performance.now() - started);
    if (outcome?.versions.length !== 1) throw new Error(`Edit ${n} was not recorded.`);
  }
  return times;
}

function fileOf(root: string, n: number): string {
  return path.join(root, `file${n}.ts`);
}
