import assert from 'node:assert/strict';
import type { Clock } from '../../src/base/clock';
import { OptionalWork } from '../../src/base/optionalWork';
import type { HistoryStore } from '../../src/model/historyStore';
import { Recorder } from '../../src/track/recorder';
import { readObjects, type Commit } from './gitHistory';
import type { PeerCommit } from './gitPeer';
import { MemoryDisk } from './memoryDisk';

/** The default of the setting: what is larger is noted without content. */
const maxFileBytes = 5_000_000;

/** The part of a history that is replayed, with its contents. */
export class Source {
  /** Objects that the repository does not have, or that are over the size limit. */
  readonly left = new Set<string>();

  constructor(
    private readonly repo: string,
    readonly commits: readonly Commit[],
  ) {}

  /** Each commit with its contents; what has none is left out. */
  async *read(): AsyncGenerator<{ readonly time: number; readonly changes: PeerCommit }> {
    const objects = this.commits.flatMap(({ changes }) => changes.flatMap(({ object }) => object ?? []));
    const contents = readObjects(this.repo, objects);
    for (const { time, changes } of this.commits) {
      const read: { path: string; content: PeerCommit[number]['content'] }[] = [];
      for (const { path, object } of changes) {
        if (object === undefined) read.push({ path, content: undefined });
        else {
          const { value: bytes } = (await contents.next()) as { value: Buffer | undefined };
          if (bytes === undefined || bytes.length > maxFileBytes) this.left.add(object);
          else read.push({ path, content: { object, bytes } });
        }
      }
      yield { time, changes: read };
    }
    await contents.return(undefined);
  }
}

/** What a replay put into the store. */
export interface Replayed {
  readonly versions: number;
  /** Distinct ones. */
  readonly contents: number;
  /** Of the distinct contents. */
  readonly contentBytes: number;
  /** Of a copy for each version. */
  readonly copyBytes: number;
  /** In the recorder, until everything was durable. */
  readonly ms: number;
  /** Ids of versions with the SHA-256 of what they must give back. */
  readonly recorded: readonly { readonly id: string; readonly sha256: string }[];
}

/** Time as the commits tell it, a little later with each look. */
class HistoryClock implements Clock {
  private time = 0;

  now(): number {
    return this.time;
  }

  elapsed(): number {
    return this.time;
  }

  moveTo(time: number): void {
    this.time = Math.max(this.time + 1_000, time);
  }

  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  }
}

export const historyClock = (): HistoryClock => new HistoryClock();

/** Records a history commit by commit, as if each were made in a watched folder. */
export async function replay(source: Source, store: HistoryStore, clock: HistoryClock): Promise<Replayed> {
  const disk = new MemoryDisk();
  const recorded: { id: string; sha256: string }[] = [];
  const contents = new Map<string, number>();
  let [versions, copyBytes, ms] = [0, 0, 0];
  const recorder = new Recorder({
    ...{ store, disk, clock, isWatched: () => true, onOverwritten: () => undefined, onSkipped: () => undefined },
    optional: new OptionalWork((message) => assert.fail(message)),
    onRecorded: (all) => {
      versions += all.length;
      for (const { id, sha256, size } of all) {
        copyBytes += size;
        if (sha256 === undefined) continue;
        contents.set(sha256, size);
        recorded.push({ id, sha256 });
      }
    },
  });
  for await (const { time, changes } of source.read()) {
    clock.moveTo(time);
    for (const { path, content } of changes) {
      if (content === undefined) disk.delete(path);
      else disk.set(path, content.bytes, clock.now());
    }
    const started = performance.now();
    const results = await recorder.record(
      changes.map(({ path }) => ({ path, cause: 'external', confidence: 'likely' })),
    );
    ms += performance.now() - started;
    const failed = results.find(({ error }) => error)?.error;
    if (failed) throw failed;
  }
  await noteStamps(store, disk, clock.now());
  const contentBytes = [...contents.values()].reduce((sum, size) => sum + size, 0);
  return { versions, contents: contents.size, contentBytes, copyBytes, ms, recorded };
}

/** What the next scan does: it notes what each file looks like on disk, which the catalog keeps. */
async function noteStamps(store: HistoryStore, disk: MemoryDisk, now: number): Promise<void> {
  const stampOf = (index: number) => `${1_000 + index}:${now}000123:${now}000456:${1_000_000 + index}`;
  await store.noteStamps(disk.paths.map((path, index) => ({ path, stamp: stampOf(index) })));
}
