import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { systemClock } from '../../src/base/clock';
import type { Log } from '../../src/base/log';
import type { HistoryStore, VersionDraft } from '../../src/model/historyStore';
import { nodeFilePort } from '../../src/store/disk/nodeFilePort';
import { openStore } from '../../src/store/openStore';
import type { StoreSizes } from '../../src/store/format/storeFormat';
import { Random } from '../model/random';

/** A version that the store acknowledged. */
export interface Acknowledged {
  readonly id: string;
  readonly path: string;
  readonly time: number;
  readonly sha256?: string;
}

/** What the writer prints, one JSON object a line: what it is about to do that takes something away, and what was acknowledged. */
export type WriterLine =
  | { readonly did: 'append'; readonly versions: readonly Acknowledged[] }
  | { readonly did: 'pin' | 'import' | 'check' | 'export'; readonly id: string }
  | { readonly did: 'label'; readonly id: string }
  | { readonly did: 'asks to forget' | 'forgot'; readonly path: string };

export interface WriterOptions {
  readonly dir: string;
  readonly wasmDir: string;
  /** Tells the paths of writers on one store apart. */
  readonly name: string;
  /** A portable file to import. */
  readonly portable: string;
  /** What the writer does follows from it; when it is killed does not. */
  readonly seed: number;
}

/** So small that sealing and merging happen all the time. */
export const crashSizes: StoreSizes = { fullBytes: 256 << 10, minSealBytes: 4 << 10 };
const day = 86_400_000;
/** Versions below `old/` are dropped but for the last of a day; the others are too young. */
const retention = { quotaBytes: 1 << 30, keepAllMs: day, keepHourlyMs: day };

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const names = ['a.txt', 'b.txt', 'dir/c.txt', 'dir/d e.txt', 'é.txt'];

function print(line: WriterLine): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

let random = new Random(0);

function randomInt(below: number): number {
  return Math.floor(random.below(below));
}

function randomText(): string {
  const lines = Array.from(
    // Some as they are, some packed.
    { length: randomInt(1_200) },
    (_, n) => `line ${n} ${randomInt(8) === 0 ? randomInt(1e9) : ''}`,
  );
  return lines.join('\n');
}

function written(path: string, text: string, time = Date.now()): VersionDraft {
  const content = Buffer.from(text);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const common = {
    path,
    cause: 'external',
    confidence: 'likely',
    changeSet: 'm',
    eolOnly: false,
    binary: false,
  } as const;
  return { ...common, kind: 'modified', time, size: content.length, sha256, content };
}

function randomDraft(writer: string): VersionDraft {
  const path = `${writer}/${random.pick(names)}`;
  if (randomInt(12) === 0) {
    const { content: _content, sha256: _sha256, ...rest } = written(path, '');
    return { ...rest, kind: 'deleted' };
  }
  const draft = written(path, randomText());
  return randomInt(10) === 0 ? { ...draft, kind: 'renamed', renamedFrom: `${writer}/${random.pick(names)}` } : draft;
}

async function append(store: HistoryStore, drafts: readonly VersionDraft[]): Promise<readonly Acknowledged[]> {
  const versions = (await store.append(drafts)).map(({ id, path, time, sha256 }) => ({
    ...{ id, path, time },
    ...(sha256 === undefined ? {} : { sha256 }),
  }));
  print({ did: 'append', versions });
  return versions;
}

type Step = (store: HistoryStore, options: WriterOptions) => Promise<void>;

const appendSome: Step = async (store, { name }) => {
  const lists = Array.from({ length: 1 + randomInt(3) }, () =>
    append(
      store,
      Array.from({ length: 1 + randomInt(4) }, () => randomDraft(name)),
    ),
  );
  await Promise.all(lists);
};

const appendOld: Step = async (store, { name }) => {
  const start = Math.floor(Date.now() / day) * day - 20 * day;
  const times = Array.from({ length: 8 }, () => start + (Date.now() % day));
  const versions = await append(
    store,
    times.map((time, n) => written(`old/${name}${n % 2}.txt`, randomText(), time)),
  );
  const { id } = random.pick(versions);
  if (randomInt(3) > 0) return;
  await store.pin(id, true);
  print({ did: 'pin', id });
};

const forget: Step = async (store, { name }) => {
  const path = `secret/${name}${randomInt(1e9)}.txt`;
  const secret = `the secret of ${path}`;
  await append(store, [written(path, `${randomText()}\n${secret}\n${randomText()}`), written(path, secret)]);
  if (randomInt(2) === 0) await store.maintain();
  print({ did: 'asks to forget', path });
  await store.forget(randomInt(2) === 0 ? { path } : { bytes: [Buffer.from(secret)] });
  print({ did: 'forgot', path });
};

const steps: readonly (readonly [number, Step])[] = [
  [30, appendSome],
  [6, appendOld],
  [
    30,
    async (store) => {
      await store.maintain();
    },
  ],
  [3, forget],
  [2, async (store) => print({ did: 'label', id: (await store.label(`label ${randomInt(1e9)}`)).id })],
  [1, async (store) => print({ did: 'check', id: String((await store.check()).damagedCount) })],
  [
    2,
    async (store, { portable }) => {
      await store.importFrom(portable);
      print({ did: 'import', id: portable });
    },
  ],
  [
    2,
    async (store, { dir, name }) => {
      await store.exportTo(`${dir}.${name}.out`, (path) => path.startsWith(name));
      print({ did: 'export', id: `${dir}.${name}.out` });
    },
  ],
];

/** Changes the store in `dir` in every way that there is until the process is killed, closing and opening it again now and then. */
export async function writeUntilKilled(options: WriterOptions): Promise<never> {
  const { dir, wasmDir, seed } = options;
  random = new Random(seed);
  for (;;) {
    const common = { files: nodeFilePort, clock: systemClock, log: silent, sizes: crashSizes };
    const catalog = randomInt(2) === 0 ? { unsavedCatalogBytes: 0 } : {};
    const store = await openStore({ dir, wasmDir, ...common, ...catalog });
    store.setRetention(retention);
    for (let rounds = randomInt(60); rounds >= 0; rounds--) await random.weighted(steps)(store, options);
    await store.writeHeartbeat();
    await store.close();
  }
}
