import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ObbyError } from '../../../src/base/errors';
import type { HistoryStore } from '../../../src/model/historyStore';
import { CauseSpans } from '../../../src/track/causeSpans';
import type { GitFiles } from '../../../src/track/git/gitFiles';
import type { Log } from '../../../src/base/log';
import { GapLedger, gapFileIn } from '../../../src/engine/gapLedger';
import { nodeFilePort } from '../../../src/store/disk/nodeFilePort';
import { patternProgram } from '../../support/patternProgram';
import { folderSettings } from '../../support/folderSettings';
import { FolderEngine } from '../../../src/engine/folderEngine';
import { findLosses } from '../../../src/query/findLosses';
import { FakeClock, impatientClock } from '../../support/fakeClock';
import { openTestStore, temporaryFolder } from '../store/fixtures';
import { failingGit } from '../track/failingGit';

/** A folder in which everything is watched, with an engine whose clock runs by itself. */
async function setUp(gitFiles?: GitFiles) {
  const base = temporaryFolder();
  const root = join(base, 'folder');
  const storeDir = join(base, 'store');
  mkdirSync(root);
  const on = (path: string): string => join(root, path);
  writeFileSync(on('.obbywatch'), '*\n');
  const clock = new FakeClock(Date.now());
  const faults = new Map<string, (args: readonly unknown[]) => Error | undefined>();
  const store = failing(await openTestStore({ dir: storeDir, clock }), faults);
  const messages: string[] = [];
  const note = (message: unknown): void => void messages.push(String(message));
  const log: Log = { debug: () => undefined, info: () => undefined, warn: note, error: note };
  const engineClock = impatientClock(clock);
  const engine = new FolderEngine({
    patternProgram,
    files: nodeFilePort,
    ...{
      key: 'file:///folder',
      options: { root, storeDir, settings: folderSettings() },
      store,
      closedSince: undefined,
    },
    ...{ spans: new CauseSpans(), clock: engineClock, log, emit: () => undefined },
    gaps: new GapLedger({ file: gapFileIn(storeDir, nodeFilePort, log), clock: engineClock, log }),
    ...(gitFiles && { gitFiles }),
  });
  const warnings = (): readonly string[] => messages;
  return { on, store, engine, faults, warnings };
}

/** The store, some calls of which reject. */
function failing(store: HistoryStore, faults: Map<string, (args: readonly unknown[]) => Error | undefined>) {
  return new Proxy(store, {
    get(target, name: keyof HistoryStore) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        const error = faults.get(name)?.(args);
        return error ? Promise.reject(error) : Reflect.apply(value, target, args);
      };
    },
  });
}

/** Records changes of unknown cause, a restore and a deletion, whatever git says. */
async function assertRecords({ engine, on }: Awaited<ReturnType<typeof setUp>>): Promise<void> {
  await engine.start();
  for (const text of ['one', 'two']) {
    writeFileSync(on('a.md'), text);
    const [outcome] = await engine.record(['a.md']);
    assert.equal(outcome?.problem, undefined);
    assert.equal(outcome?.versions[0]?.cause, 'external');
  }
  const [, one] = await engine.store.versions('a.md', {});
  const { restored, failed } = await engine.restores.restore([{ path: 'a.md', version: one?.id ?? '' }], 'r');
  assert.deepEqual(failed, []);
  rmSync(on('a.md'));
  await engine.scan('asked');
  const [deletion, back] = await engine.store.versions('a.md', {});
  assert.deepEqual([deletion?.kind, back?.id], ['deleted', restored[0]?.version?.id]);
  const losses = await findLosses(engine, deletion?.id ?? '');
  assert.equal(losses.total, 1);
  await engine.close();
}

const looked = ['.git', 'logs/HEAD', 'HEAD', 'index', 'index.lock'];
const read = looked.slice(0, 3);

for (const [call, files] of [
  ['stat', looked],
  ['open', read],
  ['fstat', read],
  ['read', read],
] as const) {
  for (const file of files) {
    test(`files of git that may not be read cost causes only (${call} of ${file}), logged once`, async () => {
      let failures = 0;
      const { files } = failingGit((name, path) => name === call && path.endsWith(`/${file}`) && ++failures > 0);
      const folder = await setUp(files);
      const gitDir = file === '.git' ? folder.on('real') : folder.on('.git');
      mkdirSync(join(gitDir, 'logs'), { recursive: true });
      if (file === '.git') writeFileSync(folder.on('.git'), 'gitdir: real\n');
      for (const name of ['HEAD', 'index', 'logs/HEAD']) {
        if (file !== 'HEAD' || name !== 'logs/HEAD') writeFileSync(join(gitDir, name), 'x');
      }
      await assertRecords(folder);
      const warnings = folder.warnings().filter((message) => message.includes('EACCES'));
      assert.equal(new Set(warnings).size, warnings.length, 'nothing is logged twice');
      assert.ok(failures > 1, String(failures));
      assert.ok(warnings.length > 0);
    });
  }
}

const kinds: Record<string, (path: string) => void> = {
  'a pipe': (path) => execFileSync('mkfifo', [path]),
  'a link in a circle': (path) => symlinkSync(path, path),
  garbage: (path) => writeFileSync(path, Buffer.alloc(5_000, 0xfe)),
  'a folder': (path) => mkdirSync(path),
  'a terabyte': (path) => {
    writeFileSync(path, 'gitdir: x\n');
    truncateSync(path, 2 ** 40);
  },
};

for (const [what, make] of Object.entries(kinds)) {
  for (const file of [
    '.git',
    '.git/HEAD',
    '.git/logs/HEAD',
    '.git/index.lock',
    '.git/commondir',
    '.git/objects/pack',
  ]) {
    test(`${file} may be ${what}: changes are recorded, and nothing waits`, { timeout: 20_000 }, async () => {
      const folder = await setUp();
      mkdirSync(join(folder.on(file), '..'), { recursive: true });
      if (file === '.git/HEAD') writeFileSync(folder.on('.git/index'), '');
      make(folder.on(file));
      await assertRecords(folder);
    });
  }
}

test('a HEAD that cannot be watched is said, and all else goes on', async () => {
  const folder = await setUp();
  writeFileSync(folder.on('.git'), 'gitdir: nowhere\n');
  await assertRecords(folder);
  assert.equal(folder.warnings().filter((message) => message.includes('ENOENT')).length, 1);
});

const damage = new ObbyError('storeFailed', 'A content does not match its checksum.');

test('losses that cannot be judged, or read, keep no others from being told', async () => {
  const { on, store, engine, faults, warnings } = await setUp();
  mkdirSync(on('.git/objects'), { recursive: true });
  const names = Array.from({ length: 20 }, (_, n) => `${n}.md`);
  for (const name of names) writeFileSync(on(name), `content of ${name}`);
  await engine.start();
  await engine.scan('asked');
  for (const name of names) rmSync(on(name));
  await engine.scan('asked');
  const [deletion] = await store.deletedFiles(100);
  const gone = (await store.versions('7.md', {}))[1]?.id;
  faults.set('content', () => damage);
  faults.set('version', ([id]) => (id === gone ? new ObbyError('notFound', 'It was dropped.') : undefined));
  const losses = await findLosses(engine, deletion?.id ?? '');
  assert.deepEqual([losses.total, losses.nowhereElse], [19, 19]);
  assert.equal(warnings().length, 2);
  await engine.close();
});

test('files that lost most of what they held are told of, also where lines could not be counted', async () => {
  const { on, store, engine, faults } = await setUp();
  const names = Array.from({ length: 20 }, (_, n) => `${n}.md`);
  for (const name of names) writeFileSync(on(name), `a line of ${name}\n`.repeat(50));
  await engine.start();
  await engine.scan('asked');
  faults.set('content', () => damage);
  for (const name of names) writeFileSync(on(name), 'little');
  await engine.scan('asked');
  const [newest] = await store.recent({ limit: 1 });
  assert.equal((await findLosses(engine, newest?.id ?? '')).total, 20);
  await engine.close();
});
