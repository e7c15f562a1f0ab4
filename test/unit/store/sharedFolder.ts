import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { HistoryStore } from '../../../src/model/historyStore';
import type { AppendFile, FilePort, ReadFile } from '../../../src/store/disk/filePort';
import type { Processes } from '../../../src/store/sync/owner';
import type { StoreSizes } from '../../../src/store/format/storeFormat';
import { FakeClock, settled } from '../../support/fakeClock';
import { ListLog, openTestStore } from './fixtures';
import { MemoryFiles } from './memoryFiles';

export const dir = '/store';
const stepMs = 1_000;

/** The file operations of one process, which stops before one of them and goes on later. */
export class Sleeper {
  /** Operations under way. */
  active = 0;
  done = 0;
  private sleepsAt = Infinity;
  private awake: Promise<void> = Promise.resolve();
  private wakeUp: (() => void) | undefined;
  private onAsleep: () => void = () => undefined;

  get isAsleep(): boolean {
    return this.wakeUp !== undefined;
  }

  /** Stops before the operation that comes after so many more; resolves then. */
  sleepAfter(operations: number): Promise<void> {
    this.sleepsAt = this.done + operations;
    return new Promise((resolve) => (this.onAsleep = resolve));
  }

  sleep(): void {
    this.awake = new Promise((resolve) => (this.wakeUp = resolve));
    this.onAsleep();
  }

  wake(): void {
    this.sleepsAt = Infinity;
    this.wakeUp?.();
    this.wakeUp = undefined;
  }

  async run<T>(operation: () => Promise<T>): Promise<T> {
    if (this.done >= this.sleepsAt && !this.isAsleep) this.sleep();
    while (this.isAsleep) await this.awake;
    this.done++;
    this.active++;
    try {
      return await operation();
    } finally {
      this.active--;
    }
  }
}

/** A disk as a process sees it that can sleep. */
function seenBy(files: FilePort, sleeper: Sleeper): FilePort {
  const appended = (file: AppendFile): AppendFile => ({
    write: (bytes) => sleeper.run(() => file.write(bytes)),
    sync: () => sleeper.run(() => file.sync()),
    close: () => file.close(),
  });
  const read = (file: ReadFile): ReadFile => ({
    read: (position, length) => sleeper.run(() => file.read(position, length)),
    close: () => file.close(),
  });
  return {
    makePrivate: (path) => sleeper.run(() => files.makePrivate(path)),
    makeDir: (path) => sleeper.run(() => files.makeDir(path)),
    list: (path) => sleeper.run(() => files.list(path)),
    stat: (path) => sleeper.run(() => files.stat(path)),
    openRead: async (path) => read(await sleeper.run(() => files.openRead(path))),
    openSync: (path) => files.openSync(path),
    create: async (path) => appended(await sleeper.run(() => files.create(path))),
    openAppend: async (path) => appended(await sleeper.run(() => files.openAppend(path))),
    truncate: (path, size) => sleeper.run(() => files.truncate(path, size)),
    rename: (from, to) => sleeper.run(() => files.rename(from, to)),
    remove: (path) => sleeper.run(() => files.remove(path)),
    syncDir: (path) => sleeper.run(() => files.syncDir(path)),
  };
}

export interface SharedWindow extends Sleeper {
  readonly store: HistoryStore;
  readonly clock: FakeClock;
  readonly log: ListLog;
}

export interface WindowOptions {
  /** Default: `host boot`, as all others. */
  readonly machine?: string;
  /** Whether processes of the same machine run; default: all do. */
  readonly isRunning?: (pid: number) => boolean;
  /** How far its machine's clock is ahead of the folder's. */
  readonly aheadMs?: number;
  readonly sizes?: StoreSizes;
}

/** A folder with a clock of its own, and windows that have it open, on machines that sleep now and then. */
export class SharedFolder {
  readonly files = new MemoryFiles();
  /** By the folder's clock. */
  time = 1_700_000_000_000;
  private readonly processes: { readonly sleeper: Sleeper; readonly clock: FakeClock }[] = [];

  constructor() {
    this.files.now = () => this.time;
  }

  /** A process that will open a window. */
  process({ machine = 'host boot', isRunning = () => true, aheadMs = 0, sizes }: WindowOptions = {}) {
    const sleeper = new Sleeper();
    const clock = new FakeClock(this.time + aheadMs);
    const log = new ListLog();
    this.processes.push({ sleeper, clock });
    const processes: Processes = { pid: this.processes.length, machine, isRunning };
    const options = { dir, files: seenBy(this.files, sleeper), clock, log, processes, ...(sizes && { sizes }) };
    const open = async (): Promise<SharedWindow> =>
      Object.assign(sleeper, { store: await openTestStore(options), clock, log });
    return Object.assign(sleeper, { open });
  }

  open(options: WindowOptions = {}): Promise<SharedWindow> {
    return this.process(options).open();
  }

  /** Lets time pass for the folder, and for whoever is awake. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      this.time += stepMs;
      for (const { sleeper, clock } of this.processes) if (!sleeper.isAsleep) clock.advance(stepMs);
      await this.quiet();
    }
  }

  /** Lets time pass until a promise settles; fails when that takes longer than `maxMs`. */
  async finish<T>(promise: Promise<T>, maxMs: number): Promise<T> {
    const settling = promise.then(
      () => true,
      () => true,
    );
    for (const end = this.time + maxMs; ;) {
      await this.quiet();
      // Who tries again does so after a few ms.
      if (await Promise.race([settling, delay(10)])) return promise;
      assert.ok(this.time < end, `still waiting after ${maxMs / 1_000} s`);
      await this.pass(stepMs);
    }
  }

  names(ending: string): string[] {
    return this.files
      .paths()
      .map((path) => path.slice(dir.length + 1))
      .filter((name) => name.endsWith(ending));
  }

  /** Resolves when no process that is awake does anything to its files. */
  private async quiet(): Promise<void> {
    for (let turns = 0; turns < 5; turns++) {
      await settled();
      if (this.processes.some(({ sleeper }) => sleeper.active > 0)) turns = 0;
    }
  }
}
