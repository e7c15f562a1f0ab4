import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { supportProgram } from './project';

/** The program that ends what is left of a run; it is part of none. */
export const reaperProgram = supportProgram('hostReaperMain');

const killRounds = 50;
const killPollMs = 100;

/**
 * Kills every process whose environment at its start held the run's id, and their descendants, until none is left.
 * Only where there is a /proc; elsewhere desktop VS Code ends its own processes.
 */
export async function endProcesses(runId: string): Promise<void> {
  if (!existsSync('/proc/self/environ')) return;
  for (let round = 0; round < killRounds; round++) {
    const left = await processesOf(runId);
    if (left.length === 0) return;
    left.forEach(kill);
    await delay(killPollMs);
  }
}

async function processesOf(runId: string): Promise<number[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const parents = new Map<number, number>();
  const found = new Set<number>();
  for (const pid of names.map(Number)) {
    const parent = await parentOf(pid);
    // Reapers end by themselves, and an inner run's must live to delete its folders.
    if (parent === undefined || (await readProc(pid, 'cmdline')).includes(reaperProgram)) continue;
    parents.set(pid, parent);
    if ((await readProc(pid, 'environ')).includes(runId)) found.add(pid);
  }
  // Chromium's renderers overwrite their environment: they are known by their ancestors.
  for (let grown = true; grown;) {
    const before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
    grown = found.size > before;
  }
  return [...found];
}

/** The parent of a running process; undefined when it has ended, waited for or not. */
async function parentOf(pid: number): Promise<number | undefined> {
  // The name, in parentheses, may hold anything; state and parent follow the last one.
  const [state, parent] = (await readProc(pid, 'stat')).replace(/^.*\) /s, '').split(' ');
  return parent === undefined || state === 'Z' ? undefined : Number(parent);
}

/** Empty for a process that has ended or belongs to someone else. */
async function readProc(pid: number, name: string): Promise<string> {
  return readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => '');
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended in between.
  }
}
