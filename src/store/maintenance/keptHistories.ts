import { randomBytes } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, messageOf, ObbyError } from '../../base/errors';
import type { Log } from '../../base/log';
import type { KeptHistory } from '../../model/historyMaintenance';
import { identityOf } from '../../model/stamp';
import { readWhole, replaceStoreFile, type FilePort } from '../disk/filePort';
import { formatFileName, readFormat, storeFormat } from '../format/storeFormat';
import { randomName } from '../format/versionKey';
import { readHeartbeat } from '../sync/heartbeat';
import { hasEnded, ownerOf, readOwner, systemProcesses } from '../sync/owner';

/** The workspace folder that a history is of, as a file of the history says it. */
interface FolderNote {
  /** Absolute path. */
  readonly root: string;
  /** See {@link identityOf}; absent where the file system has none. */
  readonly folder?: string;
}

const noteFile = 'folder.json';
const historyName = /^[\w.-]+-[0-9a-f]{16}$/;
/** A history that is being removed has another name, so that a part of it is never used. */
const removedEnding = '.removed';
/** After this long without a sign of life, a window on another machine does not keep a history from being removed. */
const staleMs = 3_600_000;

/** Notes which folder a history is of, so that it can be found when the folder is gone. A failure is only logged. */
export async function noteFolder(files: FilePort, storeDir: string, root: string, log: Log): Promise<void> {
  const path = `${storeDir}/${noteFile}`;
  try {
    // A folder of another format is not written to.
    if ((await readFormat(files, storeDir)) !== storeFormat) return;
    const folder = await identityAt(root);
    const text = JSON.stringify({ format: 1, root, ...(folder !== undefined && { folder }) });
    const present = await readWhole(files, path);
    if (present !== undefined && Buffer.from(present).toString() === text) return;
    await replaceStoreFile(files, path, Buffer.from(text), `${path}.${randomName(10)}.tmp`);
  } catch (error) {
    log.warn(`${path} could not be written: ${messageOf(error)}`);
  }
}

/** The folder that holds all histories. */
export class KeptHistories {
  constructor(
    private readonly files: FilePort,
    private readonly dir: string,
    /** Whether this engine has the history in a folder open. */
    private readonly isOpenHere: (storeDir: string) => boolean,
  ) {}

  /** The last used first. */
  async list(): Promise<KeptHistory[]> {
    const histories: KeptHistory[] = [];
    for (const name of await this.names()) {
      if (await this.isHistory(name)) histories.push(await this.factsOf(name));
    }
    return histories.sort((a, b) => b.lastUsed - a.lastUsed);
  }

  /**
   * The histories that a folder at `root` may have had at another path, the last used first. `isSame`: it was that folder;
   * of the others, the folder is gone.
   */
  async formerOf(root: string): Promise<{ readonly history: KeptHistory; readonly isSame: boolean }[]> {
    const folder = await identityAt(root);
    const former: { history: KeptHistory; isSame: boolean }[] = [];
    for (const history of await this.list()) {
      if (history.root === undefined || history.root === root || history.isOpen) continue;
      const note = await readNote(this.files, join(this.dir, history.name));
      const isSame = folder !== undefined && note?.folder === folder;
      if (isSame || !history.isRootThere) former.push({ history, isSame });
    }
    return former;
  }

  /** Gives a history the name of another, which is kept under a new name. */
  async replace(replaced: string, name: string): Promise<void> {
    const [from, to] = [await this.closed(name), join(this.dir, replaced)];
    const kept = replaced.replace(/[0-9a-f]{16}$/, randomBytes(8).toString('hex'));
    // Both have names of histories at any time, so that a crash in between hides neither.
    if (await this.isHistory(replaced)) await rename(await this.closed(replaced), join(this.dir, kept));
    await rename(from, to);
  }

  async remove(name: string): Promise<void> {
    const dir = await this.closed(name);
    await rm(dir + removedEnding, { recursive: true, force: true });
    await rename(dir, dir + removedEnding);
    // Also what earlier calls left.
    const left = (await this.names()).filter((each) => each.endsWith(removedEnding));
    for (const each of left.filter((other) => historyName.test(other.slice(0, -removedEnding.length)))) {
      await rm(join(this.dir, each), { recursive: true, force: true });
    }
  }

  /** The folder of a history that no window has open. */
  private async closed(name: string): Promise<string> {
    if (!(await this.isHistory(name))) throw new ObbyError('notFound', `There is no history ${JSON.stringify(name)}.`);
    const dir = join(this.dir, name);
    if (await this.isOpen(dir))
      throw new ObbyError('storeFailed', `A window has the history ${name} open. Close the folder there first.`);
    return dir;
  }

  private async names(): Promise<string[]> {
    try {
      const entries = await readdir(this.dir, { withFileTypes: true });
      return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return [];
      throw error;
    }
  }

  /** The folder may hold other things too. */
  private async isHistory(name: string): Promise<boolean> {
    return historyName.test(name) && (await isThere(join(this.dir, name, formatFileName)));
  }

  private async factsOf(name: string): Promise<KeptHistory> {
    const { files } = this;
    const dir = join(this.dir, name);
    const infos = await Promise.all((await files.list(dir)).map((file) => files.stat(`${dir}/${file}`)));
    const note = await readNote(files, dir);
    return {
      name,
      ...(note && { root: note.root }),
      isRootThere: note !== undefined && (await isThere(note.root)),
      bytes: infos.reduce((sum, info) => sum + (info?.size ?? 0), 0),
      lastUsed: (await readHeartbeat(files, dir)) ?? Math.max(0, ...infos.map((info) => info?.modified ?? 0)),
      isOpen: await this.isOpen(dir),
    };
  }

  private async isOpen(dir: string): Promise<boolean> {
    if (this.isOpenHere(dir)) return true;
    for (const name of await this.files.list(dir)) {
      const owner = ownerOf(name);
      if (owner !== undefined && (await this.isAlive(dir, owner))) return true;
    }
    return false;
  }

  private async isAlive(dir: string, owner: string): Promise<boolean> {
    const found = await readOwner(this.files, dir, owner);
    if (found === undefined) return false;
    const { facts, modified } = found;
    if (facts !== undefined && hasEnded(facts, systemProcesses)) return false;
    if (facts?.machine === systemProcesses.machine) return true;
    const now = await this.folderTime();
    // A time to come: that clock was set back.
    return now === undefined || Math.abs(now - modified) < staleMs;
  }

  /** The time by the clock of the file system, since that of this machine may differ; undefined if nothing can be written. */
  private async folderTime(): Promise<number | undefined> {
    const probe = join(this.dir, `time.${randomName(10)}.tmp`);
    try {
      await (await this.files.create(probe)).close();
      const info = await this.files.stat(probe);
      await this.files.remove(probe);
      return info?.modified;
    } catch {
      return undefined;
    }
  }
}

/** Undefined when there is none that can be used. */
async function readNote(files: FilePort, storeDir: string): Promise<FolderNote | undefined> {
  try {
    const bytes = await readWhole(files, `${storeDir}/${noteFile}`);
    const value: unknown = bytes && JSON.parse(Buffer.from(bytes).toString());
    if (typeof value !== 'object' || value === null) return undefined;
    const { format, root, folder } = value as Record<string, unknown>;
    if (format !== 1 || typeof root !== 'string') return undefined;
    return { root, ...(typeof folder === 'string' && { folder }) };
  } catch {
    return undefined;
  }
}

/** Which folder is at a path, or where a link there leads. */
async function identityAt(path: string): Promise<string | undefined> {
  return identityOf(await stat(path, { bigint: true }));
}

/** True if that is unknown. */
async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    return errno !== 'ENOENT' && errno !== 'ENOTDIR';
  }
}
