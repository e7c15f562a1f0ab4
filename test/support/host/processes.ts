import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
    const left = processesOf(runId);
    if (left.length === 0) return;
    left.forEach(kill);
    await delay(killPollMs);
  }
}

function processesOf(runId: string): number[] {
  const names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map<number, number>();
  const found = new Set<number>();
  for (const pid of names.map(Number)) {
    const parent = parentOf(pid);
    // Reapers end by themselves, and an inner run's must live to delete its folders.
    if (parent === undefined || readProc(pid, 'cmdline').includes(reaperProgram)) continue;
    parents.set(pid, parent);
    if (readProc(pid, 'environ').includes(runId)) found.add(pid);
  }
  // Chromium's renderers overwrite their environment: they are known by their ancestors.
  for (let grown = true; grown;) {
    const before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
    grown = found.size > before;
  }
  return [...found];
}

/** The parent of a running process; undefined when it has ended, waited for or not, or where there is no /proc. */
export function parentOf(pid: number): number | undefined {
  // The name, in parentheses, may hold anything; state and parent follow the last one.
  const [state, parent] = readProc(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ');
  return parent === undefined || state === 'Z' ? undefined : Number(parent);
}

/** Empty for a process that has ended or belongs to someone else. */
function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended in between.
  }
}
