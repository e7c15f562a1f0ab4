import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../src/base/clock';
import type { HistoryStore } from '../../src/model/historyStore';
import { nodeFilePort } from '../../src/store/disk/nodeFilePort';
import { openStore } from '../../src/store/openStore';
import type { Random } from '../model/random';
import { crashSizes, type Acknowledged, type WriterLine, type WriterOptions } from './crashWriter';
import { writeJournals, writePortable } from './crashStores';

export interface CrashOptions {
  readonly trials: number;
  readonly wasmDir: string;
  /** A file that, run with the writer's options as its last argument, writes until it is killed. */
  readonly writerFile: string;
  /** Chooses what the writers do, and about when they are killed. */
  readonly chance: Random;
  readonly onTrial?: (done: number, result: CrashResult) => void;
}

export interface CrashResult {
  trials: number;
  /** Versions acknowledged, by all writers. */
  acknowledged: number;
  /** Versions read back, each as often as its store was opened. */
  readBack: number;
  /** How often each kind of work was acknowledged. */
  readonly did: Map<string, number>;
  readonly lost: string[];
}

/** Trials that go on in the same store. */
const trialsPerStore = 6;
/** Far longer than a writer needs to say enough, on a busy machine too. */
const silenceMs = 120_000;

/** What a store must give back. */
interface Expected {
  readonly versions: Map<string, Acknowledged>;
  readonly pins: Set<string>;
  readonly labels: Set<string>;
  readonly asked: Set<string>;
  readonly forgotten: Set<string>;
}

/** Kills writers at random moments and reads everything back. */
export async function runCrashTrials({ trials, ...options }: CrashOptions): Promise<CrashResult> {
  const result: CrashResult = { trials: 0, acknowledged: 0, readBack: 0, did: new Map(), lost: [] };
  const folder = mkdtempSync(path.join(tmpdir(), 'obby-crash-'));
  try {
    const portable = path.join(folder, 'in.obby');
    const imported = await writePortable(portable, options.wasmDir);
    while (result.trials < trials) {
      const dir = path.join(folder, String(result.trials));
      const expected: Expected = {
        ...{ versions: new Map(), pins: new Set<string>(), labels: new Set<string>() },
        ...{ asked: new Set<string>(), forgotten: new Set<string>() },
      };
      const hasJournals = options.chance.below(3) < 1;
      if (hasJournals) for (const version of await writeJournals(dir)) expected.versions.set(version.id, version);
      for (let n = 0; n < trialsPerStore && result.trials < trials; n++) {
        await runTrial({ dir, portable, imported, expected, result, ...options });
        result.trials++;
        options.onTrial?.(result.trials, result);
      }
      rmSync(dir, { recursive: true, force: true });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return result;
}

interface Trial extends Omit<CrashOptions, 'trials'> {
  readonly dir: string;
  readonly portable: string;
  readonly imported: readonly Acknowledged[];
  readonly expected: Expected;
  readonly result: CrashResult;
}

async function runTrial(trial: Trial): Promise<void> {
  const { dir, wasmDir, expected, result, chance } = trial;
  const writers = chance.below(3) < 1 ? ['w0', 'w1'] : ['w0'];
  await Promise.all(writers.map((name) => writeAndKill(trial, name)));
  const problems: string[] = [];
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const store = await openStore({ dir, wasmDir, files: nodeFilePort, clock: systemClock, log, sizes: crashSizes });
  try {
    for (const { file, message } of store.problems) problems.push(`${file}: ${message}`);
    problems.push(...(await missing(store, expected, result)));
    const { damaged, repairs } = await store.check();
    problems.push(...damaged.map(({ path: at, message }) => `damaged: ${at}: ${message}`), ...repairs);
  } finally {
    await store.close();
  }
  result.lost.push(...problems.map((problem) => `trial ${result.trials}: ${problem}`));
}

const ignore = (): void => undefined;

/** Lets a writer run until it has said some lines, and kills it a moment later. */
async function writeAndKill(trial: Trial, name: string): Promise<void> {
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const { dir, wasmDir, portable, chance } = trial;
  const [enough, killAfterMs] = [chance.integer(1, 12), chance.integer(0, 29)];
  const options: WriterOptions = { dir, wasmDir, name, portable, seed: chance.integer(0, 2 ** 31) };
  const child = spawn(process.execPath, [trial.writerFile], {
    env: { ...env, OBBY_CRASH_WRITER: JSON.stringify(options) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const silent = setTimeout(() => {
    trial.result.lost.push(`trial ${trial.result.trials}: the writer says too little`);
    child.kill('SIGKILL');
  }, silenceMs);
  let [lines, killing]: [number, Promise<void> | undefined] = [0, undefined];
  const kill = async (): Promise<void> => {
    // Any moment will do: this waits for nothing.
    await delay(killAfterMs);
    child.kill('SIGKILL');
  };
  for await (const line of createInterface(child.stdout)) {
    // The kill may cut the last line.
    if (line.endsWith('}')) take(trial, JSON.parse(line) as WriterLine);
    if (++lines >= enough) killing ??= kill();
  }
  await killing;
  clearTimeout(silent);
  const [, signal] = (await closed) as [number | null, string | null];
  if (signal !== 'SIGKILL') trial.result.lost.push(`trial ${trial.result.trials}: the writer ended by itself`);
}

function take({ expected, result, imported }: Trial, line: WriterLine): void {
  result.did.set(line.did, (result.did.get(line.did) ?? 0) + 1);
  switch (line.did) {
    case 'append':
      result.acknowledged += line.versions.length;
      for (const version of line.versions) expected.versions.set(version.id, version);
      return;
    case 'pin':
      expected.pins.add(line.id);
      return;
    case 'label':
      expected.labels.add(line.id);
      return;
    case 'import':
      for (const version of imported) expected.versions.set(version.id, version);
      return;
    case 'asks to forget':
      expected.asked.add(line.path);
      return;
    case 'forgot':
      expected.forgotten.add(line.path);
      return;
    case 'check':
      if (line.id !== '0') result.lost.push(`trial ${result.trials}: a check found ${line.id} damaged versions`);
      return;
    case 'export':
  }
}

/** What is not as it was acknowledged. */
async function missing(store: HistoryStore, expected: Expected, result: CrashResult): Promise<string[]> {
  const found: string[] = [];
  const newest = new Map<string, Acknowledged>();
  for (const version of expected.versions.values()) {
    if (version.time >= (newest.get(version.path)?.time ?? 0)) newest.set(version.path, version);
  }
  for (const version of expected.versions.values()) {
    result.readBack++;
    const flaw = await flawOf(store, version);
    const isForgotten = expected.forgotten.has(version.path);
    if (isForgotten && flaw === undefined) found.push(`${version.path} was forgotten and is there`);
    if (flaw === undefined || isForgotten || expected.asked.has(version.path)) continue;
    if (version.path.startsWith('old/') && !expected.pins.has(version.id) && (await isFollowed(store, version)))
      continue;
    found.push(`${version.path} ${version.id}: ${flaw}`);
  }
  const labels = new Set((await store.labels()).map(({ id }) => id));
  for (const id of expected.labels) if (!labels.has(id)) found.push(`label ${id} is lost`);
  for (const id of expected.pins) {
    const isPinned = await store.version(id).then(
      ({ pinned }) => pinned,
      () => false,
    );
    if (!isPinned) found.push(`pin ${id} is lost`);
  }
  return found;
}

async function flawOf(store: HistoryStore, { id, path: at, sha256 }: Acknowledged): Promise<string | undefined> {
  try {
    const version = await store.version(id);
    if (version.path !== at || version.sha256 !== sha256) return 'it is another version';
    if (sha256 === undefined) return undefined;
    const hash = createHash('sha256')
      .update(await store.content(id))
      .digest('hex');
    return hash === sha256 ? undefined : 'its bytes are others';
  } catch (error) {
    return String(error);
  }
}

/** Whether a later version of the same file is there, so that retention may have dropped this one. */
async function isFollowed(store: HistoryStore, { path: at, time }: Acknowledged): Promise<boolean> {
  const [newest] = await store.versions(at, { limit: 1 });
  return newest !== undefined && newest.time > time;
}
