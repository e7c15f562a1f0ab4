/** What Obby costs the extension host, measured inside of it: `npm run host -- --workspace DIR --tests out/bench/hostBurst.js`. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { ObbyApi } from '../../src/api/api';

/** Files that change at once. */
const count = 10_000;
const idleMs = 30_000;
const giveUpMs = 120_000;
/** The host has come to rest when this long nothing was heard. */
const quietMs = 1_500;

/** CPU time of the calling thread in µs, where Node.js tells it: a host that had to wait for a CPU was not stalled. */
type ThreadCpu = () => { readonly user: number; readonly system: number };
const { threadCpuUsage } = process as { readonly threadCpuUsage?: ThreadCpu };

interface Stalls {
  /** The longest times (ms) for which the event loop did not turn, longest first. */
  readonly longest: readonly number[];
}

/** Measures, prints the figures, and writes them to the file that `OBBY_BENCH_OUT` names. */
export async function run(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  const extension = vscode.extensions.getExtension<ObbyApi>('obby.obby');
  if (!folder || !extension) throw new Error('A window with Obby on a folder is needed.');
  const api = await extension.activate();
  const root = folder.uri.fsPath;
  await writeFile(path.join(root, '.obbywatch'), '*.md\n');
  await api.flush();
  await vscode.commands.executeCommand('obby.recentChanges.focus');
  const without = await burst(api, root, false);
  const stalls = await burst(api, root, true);
  // Last, when VS Code itself has come to rest.
  const idle = await idlePercent(api);
  const figures = {
    // What VS Code itself does with as many events is not Obby's.
    'burst.stall.ms': rounded(Math.max(0, longestOf(stalls) - longestOf(without))),
    'activation.ms': rounded(performance.getEntriesByName('obby.activate')[0]?.duration ?? NaN),
    'idle.cpu.percent': rounded(idle),
  };
  process.stdout.write(`${JSON.stringify({ ...figures, without: without.longest, with: stalls.longest })}\n`);
  const output = process.env['OBBY_BENCH_OUT'];
  if (output !== undefined) await writeFile(output, JSON.stringify(figures));
}

/** CPU time of the whole process, Obby's thread included, while nothing happens; less what it is with Obby paused. */
async function idlePercent(api: ObbyApi): Promise<number> {
  const measure = async (): Promise<number> => {
    await delay(quietMs);
    const started = performance.now();
    const before = process.cpuUsage();
    await delay(idleMs);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 10 / (performance.now() - started);
  };
  await api.watching.pause();
  const without = await measure();
  await api.watching.resume();
  return Math.max(0, (await measure()) - without);
}

/** Creates, changes and deletes files by another process, and watches the event loop until everything has come to rest. */
async function burst(api: ObbyApi, root: string, isRecording: boolean): Promise<Stalls> {
  if (!isRecording) await api.watching.pause();
  const heard = { versions: 0, at: performance.now() };
  const subscription = api.subscribe(['version'], (event) => {
    heard.versions += event.versions.length;
    heard.at = performance.now();
  });
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(root, '**/*.md'));
  const hear = (): void => void (heard.at = performance.now());
  const listeners = [watcher.onDidCreate(hear), watcher.onDidChange(hear), watcher.onDidDelete(hear)];
  const probe = watchLoop();
  for (const [step, script] of Object.entries(scripts)) {
    await promisify(execFile)('python3', ['-c', script, path.join(root, 'burst'), String(count)]);
    await rest(heard, isRecording ? count : 0, step);
    heard.versions = 0;
  }
  const stalls = probe.stop();
  for (const each of [...listeners, watcher, subscription]) each.dispose();
  if (!isRecording) await api.watching.resume();
  return stalls;
}

const scripts = {
  create: `
import os, sys
for n in range(int(sys.argv[2])):
    folder = os.path.join(sys.argv[1], str(n // 500))
    os.makedirs(folder, exist_ok=True)
    open(os.path.join(folder, f'{n}.md'), 'w').write(f'created {n}\\n')`,
  change: `
import os, sys
for n in range(int(sys.argv[2])):
    open(os.path.join(sys.argv[1], str(n // 500), f'{n}.md'), 'w').write(f'changed {n}\\n')`,
  delete: `
import shutil, sys
shutil.rmtree(sys.argv[1])`,
};

/** Resolves when as many versions were told of as there must be, and nothing more is heard. */
async function rest(heard: { readonly versions: number; readonly at: number }, versions: number, step: string) {
  const end = performance.now() + giveUpMs;
  while (heard.versions < versions || performance.now() - heard.at < quietMs) {
    if (performance.now() > end) throw new Error(`${step}: ${heard.versions} of ${versions} versions were told of.`);
    await delay(50);
  }
}

/** Looks how long the event loop goes without a turn. */
function watchLoop(): { stop(): Stalls } {
  const gaps: number[] = [];
  const cpu = (): number =>
    threadCpuUsage ? (({ user, system }) => (user + system) / 1_000)(threadCpuUsage()) : Infinity;
  let before = { time: performance.now(), cpu: cpu() };
  let timer: NodeJS.Timeout;
  const turn = (): void => {
    const now = { time: performance.now(), cpu: cpu() };
    const worked = threadCpuUsage ? now.cpu - before.cpu : Infinity;
    gaps.push(Math.min(now.time - before.time, worked));
    before = now;
    timer = setTimeout(turn, 1);
  };
  turn();
  return {
    stop() {
      clearTimeout(timer);
      return {
        longest: gaps
          .sort((a, b) => b - a)
          .slice(0, 10)
          .map(rounded),
      };
    },
  };
}

function longestOf({ longest }: Stalls): number {
  return longest[0] ?? 0;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
