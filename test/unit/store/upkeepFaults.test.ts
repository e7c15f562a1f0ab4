import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ObbyError } from '../../../src/base/errors';
import type { VersionRecord } from '../../../src/model/version';
import type { HistoryStore } from '../../../src/model/historyStore';
import { draft } from './fixtures';
import { errnoError, MemoryFiles, type FileOperation } from './memoryFiles';
import {
  assertForgotten,
  assertSound,
  damagedSample,
  journalsSample,
  lostOf,
  open,
  sealedSample,
  secret,
  secretPath,
  work,
  type Sample,
} from './upkeepSample';
import { chanceOf, times } from '../../support/chance';

let sealed: Sample;
let journals: Sample;
let damaged: Sample;

before(async () => {
  sealed = await sealedSample();
  journals = await journalsSample();
  damaged = await damagedSample(sealed);
});

interface Case {
  readonly name: string;
  readonly sample: () => Sample;
  readonly run: (store: HistoryStore, files: MemoryFiles) => Promise<unknown>;
  /** Of the sample's versions, those that must be there whatever happened; default: all that are not damaged. */
  readonly keeps?: (version: VersionRecord, sample: Sample) => boolean;
  /** What the disk must be like at once after a run was acknowledged. */
  readonly done?: (files: MemoryFiles, where: string) => Promise<void>;
  /** Opening the store is a part of the run. */
  readonly isOpening?: true;
  /** The store is closed by the run. */
  readonly isClosing?: true;
}

const isNoSecret = ({ path }: VersionRecord): boolean => path !== secretPath;

const cases: readonly Case[] = [
  { name: 'sealing and merging', sample: () => sealed, run: work },
  {
    name: 'dropping for the quota',
    sample: () => sealed,
    run: async (store) => {
      const never = Number.MAX_SAFE_INTEGER;
      store.setRetention({ quotaBytes: 20_000, keepAllMs: never, keepHourlyMs: never });
      await work(store);
    },
    keeps: ({ id, path }, { versions, pinned }) =>
      id === pinned.id || id === versions.filter((version) => version.path === path).at(-1)?.id,
  },
  {
    name: 'forgetting a file',
    sample: () => sealed,
    run: (store) => store.forget({ path: secretPath }),
    keeps: isNoSecret,
    done: assertForgotten,
  },
  {
    name: 'forgetting a text',
    sample: () => sealed,
    run: async (store) => {
      await store.forget({ bytes: [secret] });
      await store.forget({ path: secretPath });
    },
    keeps: isNoSecret,
    done: assertForgotten,
  },
  {
    name: 'forgetting what is damaged',
    sample: () => damaged,
    run: async (store) => {
      await store.check();
      await store.forget({ path: secretPath });
    },
    keeps: (version, { damaged: lost }) => isNoSecret(version) && !lost.has(version.id),
    done: assertForgotten,
  },
  { name: 'checking', sample: () => sealed, run: (store) => store.check() },
  { name: 'mending', sample: () => damaged, run: (store) => store.check() },
  {
    name: 'exporting',
    sample: () => sealed,
    run: (store) => store.exportTo('/elsewhere/again.obby', () => true),
    done: async (files, where) => {
      const fresh = new MemoryFiles();
      fresh.put('/in.obby', files.get('/elsewhere/again.obby'));
      const other = await open(fresh);
      await other.importFrom('/in.obby');
      assert.deepEqual(await lostOf(other, sealed.versions), [], where);
      await other.close();
    },
  },
  {
    name: 'importing',
    sample: () => sealed,
    run: async (store, files) => {
      files.put('/in.obby', sealed.files.get('/elsewhere/out.obby'));
      await store.forget({ path: 'a.txt' });
      await store.importFrom('/in.obby');
    },
    keeps: ({ path }) => path !== 'a.txt',
    done: async (files, where) => {
      const store = await open(files.copy());
      assert.deepEqual(await lostOf(store, sealed.versions), [], where);
      await store.close();
    },
  },
  { name: 'opening journals without a catalog', sample: () => journals, run: work, isOpening: true },
  { name: 'closing', sample: () => sealed, run: (store) => store.close(), isClosing: true },
];

/** Something that goes wrong at one of certain operations, the `at`th of them. */
interface Fault {
  readonly name: string;
  readonly operations: readonly FileOperation[] | 'all';
  /** At that operation: may throw, which makes it fail. */
  readonly strike: (files: MemoryFiles, isAgain: boolean) => void;
  /** The power goes: what goes on is the disk that it leaves. */
  readonly isPowerCut?: true;
}

function fail(_files: MemoryFiles, isAgain: boolean): void {
  if (!isAgain) throw errnoError('EIO');
}

const faults: readonly Fault[] = [
  { name: 'an operation fails', operations: 'all', strike: fail },
  { name: 'a read fails', operations: ['openRead', 'read', 'list', 'stat'], strike: fail },
  { name: 'a sync fails', operations: ['sync', 'syncDir'], strike: fail },
  {
    name: 'the disk is full for good',
    operations: ['create', 'write'],
    strike: (files, isAgain) => {
      if (isAgain) return;
      const used = files.paths().reduce((sum, path) => sum + files.get(path).length, 0);
      files.capacity = used + random(200);
    },
  },
  {
    name: 'all writes take a few bytes only',
    operations: ['write'],
    strike: (files) => {
      files.maxWrite = 500;
    },
  },
  {
    name: 'the power goes',
    operations: 'all',
    strike: () => {
      throw errnoError('EIO');
    },
    isPowerCut: true,
  },
];

const chance = chanceOf('upkeep faults');
const random = (below: number): number => Math.floor(chance.below(below));

/** What of the last appended bytes a power cut leaves: some, all, or blocks that were never filled. */
function torn(appended: Buffer): Uint8Array {
  const kept = appended.subarray(0, random(appended.length + 1));
  return random(3) === 0 ? Buffer.concat([kept, Buffer.alloc(appended.length - kept.length)]) : kept;
}

/** How a disturbed run went. */
interface Disturbed {
  /** The disk that goes on. */
  readonly files: MemoryFiles;
  /** Undefined when it must be opened again. */
  readonly store: HistoryStore | undefined;
  readonly operations: number;
  readonly isDone: boolean;
  readonly where: string;
}

/** Lets a run be struck at one operation, if it comes so far. */
async function disturbed(
  { name, sample, run, isOpening, isClosing }: Case,
  fault: Fault,
  at: number,
): Promise<Disturbed> {
  const files = sample().files.copy();
  let store = isOpening ? undefined : await open(files);
  let [operations, struck] = [0, 'none'];
  files.onOperation = (operation, path) => {
    if (fault.operations !== 'all' && !fault.operations.includes(operation)) return;
    const n = operations++;
    if (n === at) struck = `${operation} ${path}`;
    if (n >= at) fault.strike(files, n > at);
  };
  let outcome = 'done';
  try {
    store ??= await open(files);
    await run(store, files);
  } catch (error) {
    outcome = String(error);
    assert.ok(isClosing || error instanceof ObbyError, `${name}, ${fault.name}: ${outcome}`);
  }
  const where = `${name}, ${fault.name} at ${at} (${struck}): ${outcome}`;
  const isDone = outcome === 'done';
  if (fault.isPowerCut) {
    const left = files.afterPowerCut(torn, (changes) => random(changes + 1));
    return { files: left, store: undefined, operations, isDone, where };
  }
  files.onOperation = () => undefined;
  files.capacity = files.maxWrite = Infinity;
  return { files, store, operations, isDone, where };
}

async function assertNothingLost(each: Case, { files, store, isDone, where }: Disturbed): Promise<void> {
  const sample = each.sample();
  const keeps = each.keeps ?? ((version, { damaged: lost }) => !lost.has(version.id));
  const kept = sample.versions.filter((version) => keeps(version, sample));
  if (isDone) await each.done?.(files, where);
  if (store === undefined || !each.isClosing) {
    const next = store ?? (await open(files));
    assert.deepEqual(await lostOf(next, kept), [], where);
    const after = await next.append([draft('after.txt', 'goes on')]);
    if (!isDone) await each.run(next, files);
    if (!isDone && !each.isClosing) await each.done?.(files, where);
    if (!each.isClosing) {
      if (each.name !== 'dropping for the quota') await work(next);
      assert.deepEqual(await lostOf(next, [...kept, ...after]), [], where);
    }
    await next.close();
  }
  await assertSound(files, sample, kept, where);
}

/** Places at which a run is disturbed, spread over all its operations; another time others. */
const placesPerFault = times(1);

for (const each of cases) {
  test(`${each.name}: whatever fails, nothing is lost, and the next try works`, async () => {
    for (const fault of faults) {
      const undisturbed = await disturbed(each, fault, Infinity);
      await assertNothingLost(each, undisturbed);
      for (let n = 0; n < placesPerFault; n++) {
        const at = Math.floor(((n + chance.below(1)) * undisturbed.operations) / placesPerFault);
        await assertNothingLost(each, await disturbed(each, fault, at));
      }
    }
  });
}
