import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Group } from './figure';
import { median } from './timing';
import { withWatchedFolder } from './worker';

const filesInFolder = 100;
/** A stamp is trusted only when the file is this old. */
const trustedAfterMs = 2_500;

/** How long the worker takes to find that nothing has changed. */
export const scanFigures: Group = {
  kinds: [{ name: 'scan.idle.ms', unit: 'ms', bound: 300 }],
  async measure({ folder, isQuick }) {
    const count = isQuick ? 10_000 : 50_000;
    const fill = (root: string): Promise<void> => writeFiles(root, count);
    const times = await withWatchedFolder(folder, fill, async ({ engine, key }) => {
      await delay(trustedAfterMs);
      // Reads what was too fresh, so that only stamps are compared from now on.
      await engine.scan(key, 'asked');
      const all: number[] = [];
      for (let run = 0; run < (isQuick ? 5 : 15); run++) {
        const { files, recorded, ms } = await engine.scan(key, 'asked');
        if (files < count || recorded > 0) throw new Error(`${files} files, ${recorded} recorded: not idle.`);
        all.push(ms);
      }
      return all;
    });
    const files = `${count.toLocaleString('en-US')} files${isQuick ? ' (quick)' : ''}`;
    return new Map([['scan.idle.ms', { value: median(times), note: `${files}, median of ${times.length} scans` }]]);
  },
};

async function writeFiles(root: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const file = path.join(root, `folder${Math.floor(n / filesInFolder)}`, `file${n}.txt`);
    if (n % filesInFolder === 0) await mkdir(path.dirname(file));
    await writeFile(file, `${n}\n`);
  }
}
