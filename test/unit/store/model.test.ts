import assert from 'node:assert/strict';
import { test } from 'node:test';
import { times } from '../../support/chance';
import fc from '../../support/properties';
import type { VersionRecord } from '../../../src/model/version';
import { catalogFileName } from '../../../src/store/catalog/catalogFile';
import type { Head, HeadStamp, HistoryStore, VersionDraft } from '../../../src/model/historyStore';
import { deletion, draft, onlyMe, openTestStore, sha256 } from './fixtures';
import { MemoryFiles } from './memoryFiles';
import { headOf, ModelStore, type ModelFile, type ModelVersion } from './modelStore';

const dir = '/store';
const paths = ['a', 'b', 'd/c', 'd/e', 'd', 'é 😀'];
const texts = ['', 'one\n', 'two\n'.repeat(30), 'two\n'.repeat(31)];

/** How a version is compared: the store's ids are its own affair, (path, time) names a version. */
function keyOf({ path, time }: { readonly path: string; readonly time: number }): string {
  return `${path}@${time}`;
}

type Action =
  | { readonly do: 'append'; readonly drafts: readonly VersionDraft[] }
  | { readonly do: 'stamp'; readonly path: string; readonly stamp: string | undefined }
  | { readonly do: 'reopen'; readonly how: 'closed' | 'killed' | 'no catalog' | 'bad catalog' };

const aPath = fc.constantFrom(...paths);
const aTime = fc.integer({ min: 1, max: 60 });
const aStamp = fc.option(fc.constantFrom('s1', 's2'), { nil: undefined });

const aWrite = fc
  .record({ path: aPath, text: fc.constantFrom(...texts), time: aTime, from: fc.option(aPath), stamp: aStamp })
  .map(({ path, text, time, from, stamp }) =>
    draft(path, text, {
      time,
      ...(from === null ? {} : { kind: 'renamed', renamedFrom: from }),
      ...(stamp === undefined ? {} : { stamp }),
    }),
  );
const aDeletion = fc.record({ path: aPath, time: aTime }).map(({ path, time }) => deletion(path, { time }));

const anAction: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .array(fc.oneof({ weight: 3, arbitrary: aWrite }, { weight: 1, arbitrary: aDeletion }), {
        minLength: 1,
        maxLength: 4,
      })
      .map((drafts) => ({ do: 'append' as const, drafts })),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stamp' as const), path: aPath, stamp: aStamp }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('reopen' as const),
      how: fc.constantFrom('closed' as const, 'killed' as const, 'no catalog' as const, 'bad catalog' as const),
    }),
  },
);

/** A store and the model that must agree. */
class Pair {
  private constructor(
    private store: HistoryStore,
    private readonly files: MemoryFiles,
    private readonly model = new ModelStore(),
  ) {}

  static async start(): Promise<Pair> {
    const files = new MemoryFiles();
    return new Pair(await open(files), files);
  }

  async run(action: Action): Promise<void> {
    switch (action.do) {
      case 'append': {
        const records = await this.store.append(action.drafts);
        assert.deepEqual(records.map(keyOf), this.model.append(action.drafts).map(keyOf));
        return;
      }
      case 'stamp':
        this.model.noteStamp(action.path, action.stamp);
        return this.store.noteStamps([action]);
      case 'reopen':
        return this.reopen(action.how);
    }
  }

  async finish(): Promise<void> {
    await this.store.close();
  }

  async check(): Promise<void> {
    const { store, model } = this;
    const records = await store.recent({ limit: 10_000 });
    const keys = new Map(records.map((record) => [record.id, keyOf(record)]));
    assert.deepEqual(records.map(keyOf), model.all().map(keyOf));
    for (const file of model.files) await this.checkFile(file, records, keys);
    for (const path of paths) await this.checkPath(path);
    for (const text of texts) await this.checkContent(sha256(Buffer.from(text)));
    for (const folder of ['', 'd']) {
      const heads = await store.heads(folder);
      assertHeads(heads, model.alive(folder));
      assert.deepEqual(new Map((await store.stamps(folder)).map(byPath)), new Map(heads.map(stampOf).map(byPath)));
    }
    assert.deepEqual((await store.deletedFiles(100)).map(keyOf), model.deleted().map(keyOf));
    assert.deepEqual(
      (await store.recent({ since: 10, until: 30, limit: 5 })).map(keyOf),
      between(model.all(), 10, 30, 5),
    );
    const { versions, files } = await store.statistics();
    assert.deepEqual({ versions, files }, { versions: model.all().length, files: model.alive().length });
  }

  /** Contents, `previous` and `pathOf` of each version. */
  private async checkFile(
    file: ModelFile,
    records: readonly VersionRecord[],
    keys: ReadonlyMap<string, string>,
  ): Promise<void> {
    for (const [n, version] of file.versions.entries()) {
      const record = records.find((candidate) => keyOf(candidate) === keyOf(version));
      assert.ok(record);
      assert.deepEqual([record.kind, record.sha256], [version.kind, version.sha256]);
      const before = file.versions[n - 1];
      assert.equal(record.previous && keys.get(record.previous), before && keyOf(before));
      assert.equal(await this.store.pathOf(record.id), file.path);
      assert.deepEqual(await this.store.version(record.id), record);
      if (version.content === undefined) await assert.rejects(this.store.content(record.id), { code: 'notStored' });
      else assert.deepEqual(Buffer.from(await this.store.content(record.id)), Buffer.from(version.content));
    }
  }

  private async checkPath(path: string): Promise<void> {
    const { store, model } = this;
    const expected = [...(model.fileAt(path)?.versions ?? [])].reverse();
    const records = await store.versions(path, {});
    assert.deepEqual(records.map(keyOf), expected.map(keyOf));
    const [, second] = records;
    if (second !== undefined) {
      assert.deepEqual((await store.versions(path, { before: second.id })).map(keyOf), expected.slice(2).map(keyOf));
      const older = (await store.versions(path, { before: second.time, limit: 2 })).map(keyOf);
      assert.deepEqual(older, expected.slice(2, 4).map(keyOf));
    }
    const earlier = await store.versions(path, { earlier: true });
    assert.deepEqual(earlier.map(keyOf), model.earlier(path).map(keyOf));
    const [newest] = earlier;
    if (newest !== undefined)
      assert.deepEqual(await store.versions(path, { earlier: true, before: newest.id }), earlier.slice(1));
    const alive = model.alive().find((file) => file.path === path);
    const head = await store.head(path);
    assertHeads(head === undefined ? [] : [head], alive === undefined ? [] : [alive]);
    for (let time = 0; time < 80; time += 7) {
      const [found, wanted] = [await store.versionAt(path, time), model.versionAt(path, time)];
      assert.equal(found && keyOf(found), wanted && keyOf(wanted), `${path} at ${time}`);
    }
  }

  private async checkContent(hash: string): Promise<void> {
    const { store, model } = this;
    assertHeads(await store.headsOf(hash, 100), model.aliveWith(hash));
    assert.equal((await store.headsOf(hash, 1)).length, Math.min(1, model.aliveWith(hash).length));
    for (const since of [0, 40]) {
      const deletions = await store.deletionsOf(hash, since, 100);
      assert.deepEqual(deletions.map(keyOf), model.deletionsOf(hash, since).map(keyOf));
    }
  }

  private async reopen(how: 'closed' | 'killed' | 'no catalog' | 'bad catalog'): Promise<void> {
    // Stamps are a hint that lives in the catalog: those noted apart from a version go with it.
    if (how === 'closed') await this.store.close();
    else for (const file of this.model.files) file.stamp = undefined;
    const catalog = `${dir}/${catalogFileName}`;
    if (how === 'no catalog') await this.files.remove(catalog);
    const isThere = this.files.paths().includes(catalog);
    if (how === 'bad catalog') this.files.put(catalog, Buffer.from('SQLite format 3\0 is not all that it takes'));
    this.store = await open(this.files);
    if (how !== 'closed') await this.store.noteStamps(paths.map((path) => ({ path, stamp: undefined })));
    const damaged = this.store.problems.map(({ file }) => file);
    assert.deepEqual(damaged, how === 'bad catalog' ? [catalogFileName] : [], `${how}, catalog ${String(isThere)}`);
  }
}

function open(files: MemoryFiles): Promise<HistoryStore> {
  return openTestStore({ dir, files, processes: onlyMe, writer: 'model00' });
}

function between(versions: readonly ModelVersion[], since: number, until: number, limit: number): string[] {
  return versions
    .filter(({ time }) => time >= since && time < until)
    .slice(0, limit)
    .map(keyOf);
}

/** What `stamps` says of a head. */
function stampOf({ version, stamp }: Head): HeadStamp {
  return { path: version.path, ...(stamp !== undefined && { stamp }), isUnstored: version.unstored !== undefined };
}

function byPath<T extends { readonly path: string }>(entry: T): [string, T] {
  return [entry.path, entry];
}

function assertHeads(heads: readonly Head[], files: readonly ModelFile[]): void {
  assert.deepEqual(
    heads.map(({ version, stamp }) => [keyOf(version), stamp]),
    files.map((file) => [keyOf(headOf(file)), file.stamp]),
  );
}

test('answers as the model does, whatever was recorded and however it was opened', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anAction, { minLength: 1, maxLength: 14 }), async (actions) => {
      const pair = await Pair.start();
      for (const action of actions) {
        await pair.run(action);
        if (action.do === 'reopen') await pair.check();
      }
      await pair.check();
      await pair.finish();
    }),
    { numRuns: times(40) },
  );
});
