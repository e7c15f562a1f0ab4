import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../support/host/project';
import { bytesByKind, openBenchStore, tidy } from './benchStore';
import type { Bench, Group, Measured } from './figure';
import type { SearchProbe } from './searchProbeMain';
import { scaleContents, scaleStore, type ScaleSize } from './scaleStore';
import { median, msOf } from './timing';

const run = promisify(execFile);
/** How often each text is searched for; the first time also reads the indexes. */
const times = 8;
const indexKind = '.lines';

/** Searches a large history for texts that few lines have, and compares with `grep` over full copies of all versions. */
export const searchFigures: Group = {
  kinds: [
    { name: 'search.first.ms', unit: 'ms', bound: 20 },
    { name: 'search.all.ms', unit: 'ms', bound: 200 },
    { name: 'search.index.ratio', unit: '×', bound: 0.5 },
    { name: 'search.index.cost', unit: '×', bound: 0.05 },
  ],
  async measure(bench) {
    const size = { files: bench.isQuick ? 500 : 5_000, versionsPerFile: 20 };
    const dir = path.join(bench.folder, 'searched');
    await cp(await scaleStore(size, bench), dir, { recursive: true });
    // One from the first file's last version, and one from the middle of the history.
    const texts = [` ${size.versionsPerFile - 1}'`, ` ${(size.files / 2) * 1_000 + 3}'`];
    const program = path.join(projectRoot, 'out', 'bench', 'searchProbeMain.js');
    const asked = Array.from({ length: times }, () => texts).flat();
    const { stdout } = await run(process.execPath, [program, dir, ...asked]);
    const { searches } = JSON.parse(stdout) as SearchProbe;
    const [cold, ...warm] = searches;
    const kinds = await bytesByKind(dir);
    const index = kinds.get(indexKind) ?? 0;
    const store = [...kinds.values()].reduce((sum, bytes) => sum + bytes, 0) - index;
    const peer = await grep(size, texts, bench);
    const all = median(warm.map((search) => search.all));
    const note = `${size.files * size.versionsPerFile} versions; the first search of a process ${cold?.all.toFixed(0)} ms`;
    return new Map<string, Measured>([
      ['search.first.ms', { value: median(warm.map(({ first }) => first)), note }],
      ['search.all.ms', { value: all, peer, ratio: peer / all, note: `${note}; peer: grep -rF over full copies` }],
      [
        'search.index.ratio',
        { value: index / store, note: `${(index / 1e6).toFixed(1)} of ${(store / 1e6).toFixed(1)} MB` },
      ],
      ['search.index.cost', await cost(bench)],
    ]);
  },
};

async function grep(size: ScaleSize, texts: readonly string[], { folder }: Bench): Promise<number> {
  const copies = path.join(folder, 'copies');
  await mkdir(copies);
  let n = 0;
  for (const { versions } of scaleContents(size))
    await writeFile(path.join(copies, String(n++)), Buffer.concat(versions));
  const ms: number[] = [];
  for (const text of texts) ms.push(await msOf(() => run('grep', ['-rlF', '--', text, copies])));
  await rm(copies, { recursive: true });
  return median(ms);
}

/** The time to index a history, by the time to record it and to seal its journals. */
async function cost(bench: Bench): Promise<{ readonly value: number; readonly note: string }> {
  const cacheDir = path.join(bench.folder, 'cost');
  await mkdir(cacheDir);
  let dir = '';
  const both = await msOf(
    async () => (dir = await scaleStore({ files: 500, versionsPerFile: 20 }, { ...bench, cacheDir })),
  );
  for (const name of await readdir(dir)) if (name.endsWith(indexKind)) await rm(path.join(dir, name));
  const store = await openBenchStore(dir);
  const index = await msOf(() => tidy(store));
  await store.close();
  return { value: index / Math.max(1, both - index), note: `${index.toFixed(0)} ms for 10000 versions` };
}
