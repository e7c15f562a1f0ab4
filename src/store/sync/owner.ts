import { readlinkSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { readWhole, writeAll, type FilePort } from '../disk/filePort';

/** Identifies the process that owns a file, and tells whether it still runs. */
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
const requestEnding = '.rotate';
const lockEnding = '.lock';

export function ownerFileName(owner: string): string {
  return owner + ending;
}

/** The owner whose file this is, or undefined. */
export function ownerOf(fileName: string): string | undefined {
  return fileName.endsWith(ending) ? fileName.slice(0, -ending.length) : undefined;
}

/** The file by which others ask an owner to end its journal. */
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

/** The owner without whom a file means nothing: of a request, a lock or a file that was not finished; or undefined. */
export function ownerWorkerOf(fileName: string): string | undefined {
  if (fileName.endsWith(requestEnding)) return fileName.slice(0, -requestEnding.length);
  return lockOwner(fileName) ?? /\.([0-9a-z]+)\.tmp$/.exec(fileName)?.[1];
}

/** Whether the file says that its window is becoming an owner. */
export function isStartingFile(fileName: string): boolean {
  return fileName.endsWith(startingEnding);
}

/** What an owner's file says. */
export interface OwnerFacts {
  readonly pid: number;
  readonly machine: string;
  readonly start?: string;
  /** The file changes this often (ms) while its owner lives; version 0.1 wrote it only once. */
  readonly beatMs?: number;
}

/**
 * Says on disk that this process owns what carries `owner` in its name; removed when it lets go. Returns the bytes of
 * the file.
 */
export async function announceOwner(
  files: FilePort,
  dir: string,
  owner: string,
  { pid, machine, start, beatMs }: Pick<Processes, 'pid' | 'machine' | 'start'> & { readonly beatMs?: number },
): Promise<number> {
  const path = `${dir}/${ownerFileName(owner)}`;
  // Under its name it is whole: a killed process is not taken for a running one, nor this one for a killed one.
  const temporary = `${dir}/${owner}${startingEnding}`;
  const file = await files.create(temporary);
  const bytes = Buffer.from(JSON.stringify({ pid, machine, start, beatMs }));
  try {
    try {
      await writeAll(file, bytes);
      // After a power cut it must not be half written.
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

/** What an owner says of itself, and when its file last changed by the clock of its folder; undefined: there is no file. */
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

/** Whether the process is gone for certain. */
export function hasEnded({ pid, machine, start }: OwnerFacts, processes: Processes): boolean {
  if (machine !== processes.machine) return isEarlierRun(machine, processes.machine);
  return !processes.isRunning(pid, start);
}

/** Whether `then` is this machine before it was last started: its processes ended with it. */
function isEarlierRun(then: string, now: string): boolean {
  const [host, boot] = then.split(' ');
  const [thisHost, thisBoot] = now.split(' ');
  const bothKnown = boot !== undefined && boot !== '' && thisBoot !== undefined && thisBoot !== '';
  return host === thisHost && bothKnown && boot !== thisBoot;
}

/** Undefined when it is damaged. */
function parseOwner(bytes: Uint8Array): OwnerFacts | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const { pid, machine, start, beatMs } = value as Record<string, unknown>;
    if (typeof pid !== 'number' || typeof machine !== 'string') return undefined;
    return {
      ...{ pid, machine },
      ...(typeof start === 'string' && { start }),
      ...(typeof beatMs === 'number' && { beatMs }),
    };
  } catch {
    return undefined;
  }
}
