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
      const all: { readonly wall: number; readonly cpu: number }[] = [];
      for (let run = 0; run < (isQuick ? 5 : 15); run++) {
        const before = process.cpuUsage();
        const { files, recorded, ms } = await engine.scan(key, 'asked');
        const { user, system } = process.cpuUsage(before);
        if (files < count || recorded > 0) throw new Error(`${files} files, ${recorded} recorded: not idle.`);
        all.push({ wall: ms, cpu: (user + system) / 1_000 });
      }
      return all;
    });
    const files = `${count.toLocaleString('en-US')} files${isQuick ? ' (quick)' : ''}`;
    const cpuMs = Math.round(median(times.map(({ cpu }) => cpu)));
    // On a busy machine the worker waits for its turn; what it computes stays the same.
    const note = `${files}, median of ${times.length} scans; ${cpuMs} ms of processor time`;
    return new Map([['scan.idle.ms', { value: median(times.map(({ wall }) => wall)), note }]]);
  },
};

async function writeFiles(root: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const file = path.join(root, `folder${Math.floor(n / filesInFolder)}`, `file${n}.txt`);
    if (n % filesInFolder === 0) await mkdir(path.dirname(file));
    await writeFile(file, `${n}\n`);
  }
}
