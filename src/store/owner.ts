import { readlinkSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { readWhole, writeAll, type FilePort } from './filePort';

/** Tells whether the process that owns a file still runs. */
export interface Processes {
  readonly pid: number;
  /** Process ids mean something only within this: the machine, its present run, its container. */
  readonly machine: string;
  /** When this process began, where that can be told: a later one may have the same id. */
  readonly start?: string | undefined;
  /** `start`: as it was told by the process. */
  isRunning(pid: number, start?: string): boolean;
}

function quietly(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}

/** In clock ticks since the machine's start; Linux tells it. */
function startOf(pid: number): string | undefined {
  const stat = quietly(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is a name in brackets, in which anything may stand; the start is the 22nd.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function isRunning(pid: number, start?: string): boolean {
  try {
    process.kill(pid, 0);
    const began = startOf(pid);
    // What cannot be told is in doubt.
    return start === undefined || began === undefined || start === began;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

export const systemProcesses: Processes = {
  pid: process.pid,
  machine: [
    hostname(),
    quietly(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    quietly(() => readlinkSync('/proc/self/ns/pid')),
  ].join(' '),
  start: startOf(process.pid),
  isRunning,
};

const ending = '.owner';
const startingEnding = '.starting';
/** Who takes longer to write a few bytes was killed at it. */
const startingMs = 60_000;

export function ownerFileName(owner: string): string {
  return owner + ending;
}

/** The owner whose file this is, or undefined. */
export function ownerOf(fileName: string): string | undefined {
  return fileName.endsWith(ending) ? fileName.slice(0, -ending.length) : undefined;
}

/** Says on disk that this process owns what carries `owner` in its name; removed when it lets go. */
export async function announceOwner(
  files: FilePort,
  dir: string,
  owner: string,
  { pid, machine, start }: Processes,
): Promise<void> {
  const path = `${dir}/${ownerFileName(owner)}`;
  // Under its name it is whole: nobody who is killed here is taken for running. Nor is this one taken for gone.
  const temporary = `${dir}/${owner}${startingEnding}`;
  const file = await files.create(temporary);
  try {
    try {
      await writeAll(file, Buffer.from(JSON.stringify({ pid, machine, start })));
      // After a power cut it shall not be half written, and be taken for that of somebody who may still run.
      await file.sync();
    } finally {
      await file.close();
    }
    await files.rename(temporary, path);
  } catch (error) {
    await files.remove(temporary);
    throw error;
  }
}

/** Whether a file was made by somebody who was killed before being an owner. */
export async function isFalseStart(files: FilePort, dir: string, fileName: string, now: number): Promise<boolean> {
  if (!fileName.endsWith(startingEnding)) return false;
  const info = await files.stat(`${dir}/${fileName}`);
  return info !== undefined && now - info.modified > startingMs;
}

/**
 * Whether nobody can be writing under `owner` any more. In doubt (another machine, a container) somebody can: a living
 * writer that is taken for dead would lose data, a dead one that is taken for living costs a file.
 */
export async function isAbandoned(
  files: FilePort,
  dir: string,
  owner: string,
  processes: Processes,
  now: number,
): Promise<boolean> {
  const path = `${dir}/${ownerFileName(owner)}`;
  const info = await files.stat(path);
  if (info === undefined) return true;
  const bytes = await readWhole(files, path);
  if (bytes === undefined) return true;
  const { pid, machine, start } = parseOwner(bytes);
  // Damaged, or written halfway by an earlier version.
  if (pid === undefined) return now - info.modified > startingMs;
  if (machine !== processes.machine) return isEarlierRun(machine, processes.machine);
  return !processes.isRunning(pid, start);
}

/** Whether `then` is this machine before it was started anew: its processes ended with it. */
function isEarlierRun(then: string | undefined, now: string): boolean {
  const [host, boot] = (then ?? '').split(' ');
  const [thisHost, thisBoot] = now.split(' ');
  const bothKnown = boot !== undefined && boot !== '' && thisBoot !== undefined && thisBoot !== '';
  return host === thisHost && bothKnown && boot !== thisBoot;
}

interface OwnerFacts {
  readonly pid?: number;
  readonly machine?: string;
  readonly start?: string;
}

function parseOwner(bytes: Uint8Array): OwnerFacts {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (typeof value !== 'object' || value === null) return {};
    const { pid, machine, start } = value as Record<string, unknown>;
    if (typeof pid !== 'number' || typeof machine !== 'string') return {};
    return { pid, machine, ...(typeof start === 'string' && { start }) };
  } catch {
    return {};
  }
}
