import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { times } from '../../support/chance';
import fc from '../../support/properties';
import type { VersionRecord } from '../../../src/model/version';
import { catalogFileName } from '../../../src/store/catalog/catalogFile';
import { decodeContentRow, encodeContentRow } from '../../../src/store/format/contentEncoding';
import type { HistoryStore } from '../../../src/model/historyStore';
import { headerBytes, recordType, saltOf } from '../../../src/store/journal/journalFormat';
import { scanJournal } from '../../../src/store/journal/journalScan';
import { JournalWriter } from '../../../src/store/journal/journalWriter';
import { formatVersionId } from '../../../src/store/format/versionKey';
import { parseJournalName, setAside } from '../../../src/store/journal/journalSet';
import { decodeVersionRow, encodeVersionRow } from '../../../src/store/format/versionRow';
import { deletion, draft, onlyMe, openTestStore, sha256 } from './fixtures';
import { MemoryFiles } from './memoryFiles';

const dir = '/store';
const catalogPath = `${dir}/${catalogFileName}`;

interface RecordSpan {
  readonly from: number;
  readonly to: number;
  /** The version or the content that stands there. */
  readonly version?: string;
  readonly content?: string;
  readonly base?: string;
}

/** A closed store of two journals, and all that there is to know about it. */
interface Sample {
  readonly files: MemoryFiles;
  readonly versions: readonly VersionRecord[];
  readonly journals: ReadonlyMap<string, readonly RecordSpan[]>;
}

let sample: Sample;

before(async () => {
  sample = await makeSample();
});

async function makeSample(): Promise<Sample> {
  const files = new MemoryFiles();
  const versions: VersionRecord[] = [];
  const stores = [await open(files, 'window1'), await open(files, 'window2', true)];
  for (const [n, store] of stores.entries()) {
    for (let i = 0; i < 12; i++) {
      // So large that each stands on the one before.
      const text = Array.from({ length: 300 + i }, (_, line) => `window ${n}, line ${line}\n`).join('');
      versions.push(
        ...(await store.append([draft(`w${n}/a.txt`, text), draft(`w${n}/${i}.bin`, noise(40 + i + n * 20))])),
      );
    }
    versions.push(...(await store.append([deletion(`w${n}/3.bin`)])));
  }
  for (const store of stores) await store.close();
  // Each window saved a catalog without what the other recorded meanwhile; this one knows both.
  await (await open(files)).close();
  const journals = new Map<string, readonly RecordSpan[]>();
  for (const path of files.paths()) {
    if (path.endsWith('.journal')) journals.set(path, await spansOf(files, path));
  }
  assert.equal(journals.size, 2);
  return { files, versions, journals };
}

function noise(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => (i * i * 31 + length * 7) % 251));
}

function open(files: MemoryFiles, writer?: string, isShared = false): Promise<HistoryStore> {
  const processes = { ...onlyMe, isRunning: () => isShared };
  return openTestStore({ dir, files, processes, ...(writer === undefined ? {} : { writer }) });
}

async function spansOf(files: MemoryFiles, path: string): Promise<RecordSpan[]> {
  const name = parseJournalName(path.slice(dir.length + 1));
  assert.ok(name);
  const file = await files.openRead(path);
  const spans: RecordSpan[] = [];
  const range = { from: 0, size: files.get(path).length, salt: saltOf(name.id), isGrowing: false };
  await scanJournal(file, range, ({ type, meta, position, length }) => {
    const content = type === recordType.content ? decodeContentRow(meta) : undefined;
    const version = type === recordType.version ? decodeVersionRow(meta) : undefined;
    spans.push({
      ...{ from: position, to: position + length },
      ...(version && { version: version.id }),
      ...(content && { content: content.sha256 }),
      ...(content?.base !== undefined && { base: content.base }),
    });
  });
  return spans;
}

/** Contents that cannot be had without the one that a span holds. */
function dependents(spans: readonly RecordSpan[], lost: RecordSpan): Set<string> {
  const contents = new Set<string>(lost.content === undefined ? [] : [lost.content]);
  for (const { content, base } of spans) {
    if (content !== undefined && base !== undefined && contents.has(base)) contents.add(content);
  }
  return contents;
}

/** Checks that all is there but one version, and all can be read but some contents, whose loss names `file`. */
async function assertOnlyLost(
  store: HistoryStore,
  lost: { readonly version?: string | undefined; readonly contents: ReadonlySet<string> },
  file: string,
): Promise<void> {
  const expected = sample.versions.filter(({ id }) => id !== lost.version);
  const recent = await store.recent({ limit: 10_000 });
  assert.deepEqual(new Set(recent.map(({ id }) => id)), new Set(expected.map(({ id }) => id)));
  for (const { id, path, sha256: hash } of expected) {
    if (hash === undefined) continue;
    if (!lost.contents.has(hash)) {
      assert.equal(sha256(await store.content(id)), hash);
      continue;
    }
    await assert.rejects(store.content(id), (error: Error) => {
      assert.equal(Reflect.get(error, 'code'), 'storeFailed');
      assert.ok(error.message.includes(path), error.message);
      if (file !== '') assert.ok(error.message.includes(file), error.message);
      return true;
    });
  }
}

/** A place in one of the journals and a bit of it. */
const places = fc.record({
  journal: fc.nat(1),
  at: fc.nat(),
  bit: fc.nat(7),
});

function damaged(place: { readonly journal: number; readonly at: number; readonly bit: number }, except?: string) {
  const [path = '', spans = []] = [...sample.journals][place.journal] ?? [];
  const files = sample.files.copy(except);
  const bytes = files.get(path);
  const at = place.at % bytes.length;
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << place.bit), at);
  files.put(path, bytes);
  const span = spans.find(({ from, to }) => from <= at && at < to);
  assert.equal(span === undefined, at < headerBytes);
  return { files, path, span, contents: span ? dependents(spans, span) : new Set<string>() };
}

test('a bit flipped in a journal costs only what it touched, and is named', async () => {
  await fc.assert(
    fc.asyncProperty(places, async (place) => {
      const { files, path, span, contents } = damaged(place, catalogPath);
      const journal = parseJournalName(path.slice(dir.length + 1));
      const store = await open(files);
      await assertOnlyLost(store, { version: span?.version, contents }, '');
      const file = `${journal?.id ?? ''}.${setAside}.journal`;
      assert.deepEqual(
        store.problems.map((problem) => problem.file),
        [file],
      );
      assert.deepEqual(
        files.get(`${dir}/${file}`),
        damaged(place).files.get(path),
        'the damaged file is kept as it is',
      );
      await store.append([draft('goes on', 'x', { time: 9_000 })]);
      await store.close();
      const again = await open(files);
      assert.deepEqual(again.problems, [], 'it is reported once');
      assert.equal((await again.recent({ limit: 1 }))[0]?.path, 'goes on');
      await again.close();
    }),
    { numRuns: times(60) },
  );
});

test('behind a good catalog, a bit flipped in a journal is noticed when it is read', async () => {
  await fc.assert(
    fc.asyncProperty(places, async (place) => {
      const { files, path, contents } = damaged(place);
      const store = await open(files);
      const id = parseJournalName(path.slice(dir.length + 1))?.id ?? '';
      await assertOnlyLost(store, { contents }, id);
      await store.close();
    }),
    { numRuns: times(40) },
  );
});

test('a bit flipped in any small file costs nothing', async () => {
  const small = sample.files.paths().filter((path) => path !== catalogPath && !path.endsWith('.journal'));
  assert.deepEqual(small, [`${dir}/store.json`]);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...small), fc.nat(), fc.nat(7), async (path, at, bit) => {
      const files = sample.files.copy();
      const bytes = files.get(path);
      bytes.writeUInt8(bytes.readUInt8(at % bytes.length) ^ (1 << bit), at % bytes.length);
      files.put(path, bytes);
      const store = await open(files);
      assert.deepEqual(
        store.problems.map(({ file }) => file),
        ['store.json'],
      );
      await store.append([draft('goes on', 'x', { time: 9_000 })]);
      await store.close();
      assert.deepEqual((await open(files)).problems, []);
    }),
    { numRuns: times(30) },
  );
});

test('contents that were lost, or stood on a lost one, are stored again when they come again', async () => {
  const [path = '', spans = []] = [...sample.journals][0] ?? [];
  const lost = spans.find((span) => dependents(spans, span).size > 2);
  assert.ok(lost);
  const files = sample.files.copy(catalogPath);
  const bytes = files.get(path);
  bytes.fill(0, lost.from, lost.to);
  files.put(path, bytes);
  const store = await open(files);
  const whole = await open(sample.files.copy());
  for (const hash of [...dependents(spans, lost)].reverse()) {
    const version = sample.versions.find((candidate) => candidate.sha256 === hash);
    assert.ok(version);
    await assert.rejects(store.content(version.id), { code: 'storeFailed' });
    await store.append([draft('elsewhere', await whole.content(version.id))]);
    assert.equal(sha256(await store.content(version.id)), hash);
  }
  await store.close();
});

test('behind a good catalog, a content whose copy is damaged is stored again when it comes again', async () => {
  const whole = await open(sample.files.copy());
  let damagedCopies = 0;
  for (const [path, spans] of sample.journals) {
    for (const { content, from, to } of spans) {
      const version = sample.versions.find(({ sha256: hash }) => hash === content);
      if (content === undefined || version === undefined) continue;
      const files = sample.files.copy();
      const bytes = files.get(path);
      const at = to - 1 - ((to - from) >> 3);
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      files.put(path, bytes);
      const store = await open(files);
      const isReadable = await store.content(version.id).then(
        () => true,
        () => false,
      );
      if (!isReadable) damagedCopies++;
      await store.append([draft('elsewhere', await whole.content(version.id))]);
      assert.equal(sha256(await store.content(version.id)), content);
      await store.close();
    }
  }
  assert.ok(damagedCopies > 3);
});

test('bytes that are not what their hash says are never given back', async () => {
  const files = new MemoryFiles();
  const writer = await JournalWriter.create(files, { id: 'liar', path: `${dir}/liar.someone.journal` });
  const { content, ...claimed } = draft('a', 'the truth');
  const body = Buffer.from('not that!');
  const meta = encodeContentRow({ sha256: claimed.sha256 ?? '', size: body.length, encoding: 'raw', depth: 0 });
  const id = formatVersionId({ time: 1, writer: 'someone', sequence: 0 });
  await writer.add(recordType.content, meta, body);
  await writer.add(
    recordType.version,
    encodeVersionRow({ ...claimed, id, file: { originPath: 'a', generation: 0 } }),
    Buffer.alloc(0),
  );
  await writer.commit();
  const store = await open(files);
  assert.equal((await store.head('a'))?.version.size, content?.length);
  await assert.rejects(store.content(id), { code: 'storeFailed', message: /^a of .*liar\..*checksum/ });
  await store.close();
});

test('a journal cut off anywhere keeps all whole records before the cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(1), fc.nat(), async (journal, at) => {
      const [path = '', spans = []] = [...sample.journals][journal] ?? [];
      const files = sample.files.copy();
      const bytes = files.get(path);
      const cut = at % bytes.length;
      files.put(path, bytes.subarray(0, cut));
      const store = await open(files);
      const lost = new Set(spans.flatMap(({ to, version }) => (version !== undefined && to > cut ? [version] : [])));
      const expected = sample.versions.filter(({ id }) => !lost.has(id));
      const recent = await store.recent({ limit: 10_000 });
      assert.deepEqual(new Set(recent.map(({ id }) => id)), new Set(expected.map(({ id }) => id)));
      for (const { id, sha256: hash } of expected)
        if (hash !== undefined) assert.equal(sha256(await store.content(id)), hash);
      await store.append([draft('goes on', 'x', { time: 9_000 })]);
      await store.close();
      assert.equal((await (await open(files)).recent({ limit: 1 }))[0]?.path, 'goes on');
    }),
    { numRuns: times(40) },
  );
});
