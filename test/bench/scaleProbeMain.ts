/**
 * Opens a large store in a process of its own, asks it what a window asks, and prints a {@link ScaleProbe} as JSON:
 * `node scaleProbeMain.js DIR FILES QUERIES`. Without arguments it only loads what a worker without a folder has loaded.
 */
import { existsSync, readFileSync } from 'node:fs';
import { loadSqlite } from '../../src/store/disk/sqlite';
import { Zstd } from '../../src/store/format/zstd';
import { sha256Of } from '../../src/base/sha256';
import { distDir, openBenchStore } from './benchStore';
import { scalePath } from './scaleStore';
import { next } from './sourceText';
import { msOf, msOfEach } from './timing';

export interface ScaleProbe {
  /** ms, like all times here. */
  readonly open: number;
  /** Of the first query and the first content, while the process is cold. */
  readonly first: number;
  readonly timelines: readonly number[];
  readonly rebuilds: readonly number[];
  readonly recent: readonly number[];
  /** The most that the process ever had in memory. */
  readonly peakBytes: number;
}

/** The first queries of a process make its WebAssembly fast, and are told apart. */
const warmUps = 20;

async function probe(dir: string, files: number, queries: number): Promise<ScaleProbe> {
  const started = performance.now();
  const store = await openBenchStore(dir);
  const open = performance.now() - started;
  const [timelines, rebuilds]: [number[], number[]] = [[], []];
  for (let query = 0, state = 1; query < warmUps + queries; query++) {
    state = next(state);
    const path = scalePath(state % files);
    let versions: Awaited<ReturnType<typeof store.versions>> = [];
    timelines.push(await msOf(async () => (versions = await store.versions(path, { limit: 100 }))));
    const version = versions[(state >>> 8) % versions.length];
    if (version === undefined) throw new Error(`${path} has no versions.`);
    let content: Uint8Array = new Uint8Array();
    rebuilds.push(await msOf(async () => (content = await store.content(version.id))));
    if (sha256Of(content) !== version.sha256) throw new Error(`${version.id} is not what was stored.`);
  }
  const first = (timelines[0] ?? 0) + (rebuilds[0] ?? 0);
  const recent = await msOfEach(50, () => store.recent({ limit: 50 }));
  const peakBytes = peak();
  await store.close();
  return { open, first, timelines: timelines.slice(warmUps), rebuilds: rebuilds.slice(warmUps), recent, peakBytes };
}

async function probeNothing(): Promise<ScaleProbe> {
  await Promise.all([loadSqlite(distDir), Zstd.load(distDir)]);
  return { open: 0, first: 0, timelines: [], rebuilds: [], recent: [], peakBytes: peak() };
}

/** On Linux `maxRSS` is no less than what the process that started this one had; the other systems have no such file. */
function peak(): number {
  const status = '/proc/self/status';
  const [, kilobytes] = (existsSync(status) && /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(status, 'utf8'))) || [];
  return 1024 * Number(kilobytes ?? process.resourceUsage().maxRSS);
}

const [dir, files, queries] = process.argv.slice(2);
void (dir === undefined ? probeNothing() : probe(dir, Number(files), Number(queries))).then((found) =>
  process.stdout.write(JSON.stringify(found)),
);
