import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { VersionRecord } from '../../../src/model/version';
import { FakeClock } from '../../support/fakeClock';
import { catalogFileName } from '../../../src/store/catalog/catalogFile';
import { deletion, draft, openTestStore, temporaryFolder, textOf } from './fixtures';

test('keeps every version, byte for byte, across closing', async () => {
  const dir = temporaryFolder();
  const store = await openTestStore({ dir });
  const contents = ['one\n', 'one\r\ntwo\r\n', '', '\uFEFFthree', 'one\n'];
  const recorded: VersionRecord[] = [];
  for (const [index, text] of contents.entries()) {
    recorded.push(...(await store.append([draft('a.txt', text, { time: 1_000 + index })])));
  }
  await store.close();
  const again = await openTestStore({ dir });
  assert.deepEqual(await again.versions('a.txt', {}), [...recorded].reverse());
  for (const [index, { id }] of recorded.entries()) assert.equal(await textOf(again, id), contents[index]);
  assert.deepEqual(again.problems, []);
  await again.close();
});

test('contents come back byte for byte, under any name', async () => {
  const dir = temporaryFolder();
  const store = await openTestStore({ dir });
  const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const contents: [string, Uint8Array][] = [
    ['empty', Buffer.alloc(0)],
    ['all bytes', all],
    ['utf16.txt', Buffer.from('\ufeffhéllo\r\n', 'utf16le')],
    ['five megabytes', Buffer.concat(Array.from({ length: 20_480 }, () => all))],
    ['quote \' and " and \\', Buffer.from('x')],
    ['new\nline', Buffer.from('y')],
    ['emoji 👩‍👩‍👧 and \u202e turned', Buffer.from('z')],
    ['%s; DROP TABLE versions; --', Buffer.from('drop')],
    ['__proto__', Buffer.from('proto')],
    ['a'.repeat(4_000), Buffer.from('long')],
  ];
  const versions = await store.append(contents.map(([name, bytes]) => draft(name, bytes)));
  await store.close();
  const again = await openTestStore({ dir });
  for (const [n, { id }] of versions.entries()) {
    const [name, bytes] = contents[n] ?? ['', Buffer.alloc(0)];
    assert.ok(Buffer.from(bytes).equals(await again.content(id)), name.slice(0, 20));
    assert.equal((await again.head(name))?.version.id, id);
  }
  await again.close();
});

test('a caller may do as it likes with bytes it gave or got', async () => {
  const store = await openTestStore({ dir: temporaryFolder() });
  const bytes = Buffer.from('the content');
  const [version] = await store.append([draft('a', bytes)]);
  bytes.fill(0);
  const id = version?.id ?? '';
  (await store.content(id)).fill(0);
  assert.equal(await textOf(store, id), 'the content');
  await store.close();
});

test('identical contents are stored once', async () => {
  const dir = temporaryFolder();
  const store = await openTestStore({ dir });
  const text = Array.from({ length: 3_000 }, (_, n) => `${n * n}\n`).join('');
  await store.append([draft('a', text)]);
  const size = (): number => readdirSync(dir).reduce((sum, name) => sum + statSync(path.join(dir, name)).size, 0);
  const before = size();
  const versions = await store.append([draft('b', text), draft('c', text), draft('a', 'x'), draft('a', text)]);
  assert.ok(size() - before < 3_000);
  for (const { id, path: file } of versions.filter(({ size: bytes }) => bytes > 1)) {
    assert.equal(await textOf(store, id), text, file);
  }
  await store.close();
});

test('a long history is read back through its chains', async () => {
  const dir = temporaryFolder();
  const store = await openTestStore({ dir });
  const lines = Array.from({ length: 2_000 }, (_, n) => `line ${n}`);
  const texts = Array.from({ length: 150 }, (_, n) => {
    lines[n * 13] = `changed ${n}`;
    return lines.join('\n');
  });
  const versions = await store.append(texts.map((text) => draft('a', text)));
  const { bytes } = await store.statistics();
  assert.ok(bytes < (texts[0]?.length ?? 0) * 6, `${bytes}`);
  await store.close();
  const again = await openTestStore({ dir });
  for (const n of [149, 0, 63, 64, 100]) assert.equal(await textOf(again, versions[n]?.id ?? ''), texts[n]);
  await again.close();
});

test('drafts that cannot be kept are refused, and only they', async () => {
  const store = await openTestStore({ dir: temporaryFolder() });
  const { content: _content, ...withoutContent } = draft('a', 'x');
  const bad = [
    draft('', 'x'),
    draft('a\0b', 'x'),
    draft('a', 'x', { time: -1 }),
    draft('a', 'x', { time: Number.NaN }),
    draft('a', 'x', { added: 0.5 }),
    draft('a', 'x', { size: 2 }),
    draft('a', 'x', { sha256: '00' }),
    draft('a', 'x', { kind: 'deleted' }),
    draft('a', 'x', { changeSet: 'm'.repeat(10_000) }),
    draft('a', 'x', { kind: 'renamed', renamedFrom: '' }),
    withoutContent,
  ];
  for (const flawed of bad) await assert.rejects(store.append([flawed]), { name: 'ObbyError', code: 'badArgument' });
  const [good] = await store.append([draft('a', 'x')]);
  assert.deepEqual(await store.recent({}), [good]);
  await store.close();
});

test('versions without content say so', async () => {
  const store = await openTestStore({ dir: temporaryFolder() });
  const large = {
    path: 'large',
    kind: 'created',
    cause: 'external',
    confidence: 'certain',
    time: 5,
    changeSet: 'm',
  } as const;
  const [unstored] = await store.append([{ ...large, size: 1e9, eolOnly: false, binary: true, unstored: 'too large' }]);
  await assert.rejects(store.content(unstored?.id ?? ''), { code: 'notStored', message: /large.*too large/ });
  const [gone] = await store.append([deletion('large')]);
  await assert.rejects(store.content(gone?.id ?? ''), { code: 'notStored', message: /deleted/ });
  await assert.rejects(store.content('v1-000000001-nobody0-0'), { code: 'notFound' });
  await assert.rejects(store.version('no id'), { code: 'notFound' });
  await assert.rejects(store.pathOf("v1-000000001-';drop-0"), { code: 'notFound' });
  await store.close();
});

test('keeps all that a draft says', async () => {
  const dir = temporaryFolder();
  const store = await openTestStore({ dir });
  const [version] = await store.append([
    draft('a', 'x\r\n', {
      ...{
        kind: 'created',
        cause: 'offline',
        causeDetail: { since: 7 },
        confidence: 'certain',
        time: 50,
        changeSet: 'one',
      },
      ...{ added: 1, removed: 0, eolOnly: true, binary: true, stamp: 'stamp' },
    }),
  ]);
  assert.ok(version);
  const { id, ...rest } = version;
  const said = {
    kind: 'created',
    cause: 'offline',
    causeDetail: { since: 7 },
    confidence: 'certain',
    time: 50,
    changeSet: 'one',
  };
  const kept = {
    path: 'a',
    size: 3,
    sha256: version.sha256,
    added: 1,
    removed: 0,
    eolOnly: true,
    binary: true,
    pinned: false,
  };
  assert.deepEqual(rest, { ...said, ...kept });
  await store.close();
  const again = await openTestStore({ dir });
  assert.deepEqual(await again.version(id), { ...rest, id });
  assert.equal((await again.head('a'))?.stamp, 'stamp');
  await again.noteStamps([{ path: 'a', stamp: 'later' }]);
  assert.equal((await again.head('a'))?.stamp, 'later');
  await again.noteStamps([
    { path: 'a', stamp: undefined },
    { path: 'never seen', stamp: 'x' },
  ]);
  assert.deepEqual(Object.keys((await again.head('a')) ?? {}), ['version']);
  await again.close();
});

test('lists are bounded', async () => {
  const store = await openTestStore({ dir: temporaryFolder() });
  const versions = await store.append(Array.from({ length: 120 }, (_, n) => draft('a', `${n}`, { time: n + 1 })));
  const newestFirst = [...versions].reverse();
  assert.deepEqual(await store.recent({}), newestFirst.slice(0, 50));
  assert.deepEqual(await store.versions('a', {}), newestFirst.slice(0, 100));
  assert.deepEqual(
    await store.versions('a', { before: newestFirst[99]?.id ?? '', limit: 5 }),
    newestFirst.slice(100, 105),
  );
  assert.deepEqual(await store.recent({ since: 3, until: 5 }), [versions[3], versions[2]]);
  assert.deepEqual(await store.recent({ cause: 'git' }), []);
  assert.deepEqual(await store.recent({ limit: 0 }), []);
  await store.close();
});

test('knows when it was last recording', async () => {
  const dir = temporaryFolder();
  const clock = new FakeClock(5_000);
  const store = await openTestStore({ dir, clock });
  assert.equal(await store.lastHeartbeat(), undefined);
  await store.append([draft('a', 'x', { time: 1_000 })]);
  assert.equal(await store.lastHeartbeat(), 1_000);
  await store.writeHeartbeat();
  assert.equal(await store.lastHeartbeat(), 5_000);
  clock.advance(1_000);
  await store.append([draft('a', 'y', { time: 6_000 })]);
  await store.close();
  const again = await openTestStore({ dir, clock });
  assert.equal(await again.lastHeartbeat(), 6_000);
  await again.close();
});

test('saves its catalog when it was idle after much work', async () => {
  const dir = temporaryFolder();
  const clock = new FakeClock();
  const store = await openTestStore({ dir, clock });
  await store.append(Array.from({ length: 100 }, (_, n) => draft(`f${n}`, `${n}`)));
  clock.advance(60_000);
  await store.flush();
  assert.ok(!readdirSync(dir).includes(catalogFileName));
  await store.append(Array.from({ length: 2_000 }, (_, n) => draft(`f${n}`, `more ${n}`)));
  clock.advance(60_000);
  while (!readdirSync(dir).includes(catalogFileName)) await new Promise((resolve) => setImmediate(resolve));
  await store.close();
});

test('a closed store says so', async () => {
  const store = await openTestStore({ dir: temporaryFolder() });
  const [version] = await store.append([draft('a', 'x')]);
  const pending = store.append([draft('a', 'y')]);
  const closing = store.close();
  assert.equal((await pending).length, 1, 'what was under way is kept');
  await closing;
  await store.close();
  const closed = { name: 'ObbyError', code: 'closed' };
  await assert.rejects(store.append([draft('a', 'z')]), closed);
  await assert.rejects(store.content(version?.id ?? ''), closed);
  await assert.rejects(store.recent({}), closed);
  await assert.rejects(store.noteStamps([]), closed);
  await assert.rejects(store.flush(), closed);
  await assert.rejects(store.statistics(), closed);
});
