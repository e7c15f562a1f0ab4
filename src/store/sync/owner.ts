import { readlinkSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { readWhole, writeAll, type FilePort } from '../disk/filePort';

/** Identifies processes, and checks whether they still run. */
export interface Processes {
  readonly pid: number;
  /** The scope of process ids: the machine, its boot, its container. */
  readonly machine: string;
  /** When this process began, if known: a later one may have the same id. */
  readonly start?: string | undefined;
  /** Which thread of the process this is, and those that have certainly ended. */
  readonly thread?: number;
  readonly endedThreads?: readonly number[];
  /** `start`: as the process wrote it. */
  isRunning(pid: number, start?: string): boolean;
}

function quietly(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}

/** In clock ticks since boot; on Linux only. */
function startOf(pid: number): string | undefined {
  const stat = quietly(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is a name in parentheses, with any characters; the start is the 22nd.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function isRunning(pid: number, start?: string): boolean {
  try {
    process.kill(pid, 0);
    const began = startOf(pid);
    // When in doubt, it runs.
    return start === undefined || began === undefined || start === began;
  } catch (error) {
    // EPERM: it runs as another user.
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
const requestEnding = '.rotate';
const lockEnding = '.lock';

export function ownerFileName(owner: string): string {
  return owner + ending;
}

/** The owner whose file this is, or undefined. */
export function ownerOf(fileName: string): string | undefined {
  return fileName.endsWith(ending) ? fileName.slice(0, -ending.length) : undefined;
}

/** The file that requests an owner to end its journal. */
export function requestFileName(owner: string): string {
  return owner + requestEnding;
}

/** The file by which an owner holds a lock; the lock's name has no dot. */
export function lockFileName(lock: string, owner: string): string {
  return `${lock}.${owner}${lockEnding}`;
}

/** The owner of a lock file, or undefined. */
export function lockOwner(fileName: string): string | undefined {
  return fileName.endsWith(lockEnding) ? fileName.slice(fileName.indexOf('.') + 1, -lockEnding.length) : undefined;
}

/** The owner of a request, a lock or a temporary file; these are useless when it is gone. */
export function dependentOwnerOf(fileName: string): string | undefined {
  if (fileName.endsWith(requestEnding)) return fileName.slice(0, -requestEnding.length);
  return lockOwner(fileName) ?? /\.([0-9a-z]+)\.tmp$/.exec(fileName)?.[1];
}

/** Whether it is the temporary file of a window that becomes an owner. */
export function isStartingFile(fileName: string): boolean {
  return fileName.endsWith(startingEnding);
}

/** The content of an owner's file. */
export interface OwnerFacts {
  readonly pid: number;
  readonly machine: string;
  readonly start?: string | undefined;
  /** The thread of the process; unique while that runs. */
  readonly thread?: number | undefined;
  /** The file changes this often (ms) while its owner lives; absent for owners without a heartbeat. */
  readonly beatMs?: number;
}

/**
 * Creates the file that makes this process the owner of files with `owner` in their name. Returns the size of the file.
 */
export async function announceOwner(
  files: FilePort,
  dir: string,
  owner: string,
  { pid, machine, start, thread, beatMs }: OwnerFacts,
): Promise<number> {
  const path = `${dir}/${ownerFileName(owner)}`;
  // Renamed when it is whole, so that no window reads a partial file.
  const temporary = `${dir}/${owner}${startingEnding}`;
  const file = await files.create(temporary);
  const bytes = Buffer.from(JSON.stringify({ pid, machine, start, thread, beatMs }));
  try {
    try {
      await writeAll(file, bytes);
      // It must be whole after a power cut too.
      await file.sync();
    } finally {
      await file.close();
    }
    await files.rename(temporary, path);
  } catch (error) {
    await files.remove(temporary);
    throw error;
  }
  return bytes.length;
}

/** The content of an owner's file, and when it last changed by the folder's clock; undefined: there is no file. */
export async function readOwner(
  files: FilePort,
  dir: string,
  owner: string,
): Promise<{ readonly facts: OwnerFacts | undefined; readonly modified: number } | undefined> {
  const path = `${dir}/${ownerFileName(owner)}`;
  const info = await files.stat(path);
  const bytes = info && (await readWhole(files, path));
  return info && bytes && { facts: parseOwner(bytes), modified: info.modified };
}

/** Whether the process has certainly ended. */
export function hasEnded({ pid, machine, start, thread }: OwnerFacts, processes: Processes): boolean {
  if (machine !== processes.machine) return isEarlierRun(machine, processes.machine);
  const isOfThisProcess = pid === processes.pid && start === processes.start;
  if (isOfThisProcess && thread !== undefined && processes.endedThreads?.includes(thread)) return true;
  return !processes.isRunning(pid, start);
}

/** Whether `then` is an earlier boot of this machine, whose processes have ended. */
function isEarlierRun(then: string, now: string): boolean {
  const [host, boot] = then.split(' ');
  const [thisHost, thisBoot] = now.split(' ');
  const bothKnown = boot !== undefined && boot !== '' && thisBoot !== undefined && thisBoot !== '';
  return host === thisHost && bothKnown && boot !== thisBoot;
}

/** Undefined when the file is damaged. */
function parseOwner(bytes: Uint8Array): OwnerFacts | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const { pid, machine, start, thread, beatMs } = value as Record<string, unknown>;
    if (typeof pid !== 'number' || typeof machine !== 'string') return undefined;
    return {
      ...{ pid, machine },
      ...(typeof start === 'string' && { start }),
      ...(typeof thread === 'number' && { thread }),
      ...(typeof beatMs === 'number' && { beatMs }),
    };
  } catch {
    return undefined;
  }
}
