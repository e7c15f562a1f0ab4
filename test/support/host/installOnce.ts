import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HostError } from './hostError';
import { installRoot } from './project';

/** Longer than the slowest installation; then whoever holds the lock is taken to hang. */
const lockTimeoutMs = 10 * 60_000;
const lockPollMs = 200;

/**
 * The folder `<root>/<name>`, made by `fill` when it does not exist yet.
 * It is filled under a temporary name and renamed, so that a folder of that name is always whole,
 * and under a lock, so that two runs at once install it once.
 */
export async function installOnce(
  name: string,
  fill: (folder: string) => Promise<void>,
  root = installRoot,
): Promise<string> {
  const folder = path.join(root, name);
  if (existsSync(folder)) return folder;
  await mkdir(root, { recursive: true });
  const unlock = await takeLock(path.join(root, `${name}.lock`));
  const unfinished = path.join(root, `${name}.partial-${process.pid}`);
  try {
    if (existsSync(folder)) return folder;
    await removeAbandoned(root, `${name}.partial-`);
    await mkdir(unfinished);
    await fill(unfinished);
    await rename(unfinished, folder);
    return folder;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
    await unlock();
  }
}

/** Takes a lock file that names its owner's process; the lock of a process that has ended is taken over. */
async function takeLock(file: string): Promise<() => Promise<void>> {
  const giveUpAt = Date.now() + lockTimeoutMs;
  while (!(await tryLock(file))) {
    const owner = Number(await readFile(file, 'utf8').catch(() => process.pid));
    if (!isRunning(owner)) await rm(file, { force: true });
    else if (Date.now() < giveUpAt) await delay(lockPollMs);
    else throw new HostError(`Process ${owner} has been installing for ten minutes. End it, or delete ${file}.`);
  }
  return () => rm(file, { force: true });
}

/** Linking a file that is already written creates the lock with its content in one step, or not at all. */
async function tryLock(file: string): Promise<boolean> {
  const written = `${file}-${randomUUID()}`;
  await writeFile(written, String(process.pid));
  try {
    await link(written, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(written, { force: true });
  }
}

/** Deletes what installations left behind that were killed half-way. */
async function removeAbandoned(root: string, prefix: string): Promise<void> {
  const abandoned = (await readdir(root)).filter(
    (name) => name.startsWith(prefix) && !isRunning(Number(name.slice(prefix.length))),
  );
  await Promise.all(abandoned.map((name) => rm(path.join(root, name), { recursive: true, force: true })));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
