import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { contentOf, rejection, TestFolder, until } from './support';

const limit = 5 * 1024 * 1024;

const contents: Readonly<Record<string, Buffer>> = {
  empty: Buffer.alloc(0),
  lf: Buffer.from('one\ntwo\n'),
  crlf: Buffer.from('one\r\ntwo\r\n'),
  cr: Buffer.from('one\rtwo\r'),
  'mixed line endings': Buffer.from('one\r\ntwo\nthree\rfour\n\r\n\n'),
  'no final newline': Buffer.from('one\ntwo'),
  'only a newline': Buffer.from('\n'),
  'utf-8 with a byte order mark': Buffer.from('\uFEFFgrüß dich\n'),
  'a byte order mark alone': Buffer.from('\uFEFF'),
  'utf-16 little endian': Buffer.from('\uFEFFgrüß dich 🎉\r\n', 'utf16le'),
  'utf-16 big endian': Buffer.from('\uFEFFgrüß dich 🎉\r\n', 'utf16le').swap16(),
  'utf-16 cut in the middle of a character': Buffer.from('\uFEFFgrüß', 'utf16le').subarray(0, -1),
  'latin-1': Buffer.from('grüß dich\n', 'latin1'),
  'broken utf-8': Buffer.from([0x61, 0xff, 0xfe, 0xc3, 0x28, 0x0a]),
  'an unpaired surrogate in utf-8': Buffer.from([0xed, 0xa0, 0x80, 0x0a]),
  'characters outside of every plane in use': Buffer.from('\u{10FFFF}\u{FFFE}\n'),
  'nothing but NULs': Buffer.alloc(4096),
  'binary with NULs': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0xff, 0xfe, 0x0d, 0x0a, 0x1a, 0x0a, 0]),
  'one line of a million characters': Buffer.alloc(1_000_000, 'x'),
  'a hundred thousand lines': Buffer.from('line\n'.repeat(100_000)),
  'just at the limit': randomBytes(limit),
};

const longest = 255;
const names = [
  'with space.txt',
  ' a leading and a trailing space ',
  `"double" and 'single' quotes.txt`,
  'back`tick $HOME $(whoami) ;rm -rf &|<>.txt',
  '🎉 emoji 👩‍👩‍👧.txt',
  'new\nline.txt',
  'carriage\rreturn\ttab.txt',
  '-leading dash',
  '--help',
  '100%.txt',
  'per%20cent%2Fencoded%00.txt',
  'hash#question?.txt',
  'back\\slash.txt',
  'colon:semi;colon.txt',
  '[brackets] {braces} (parens) *stars* ?.txt',
  '!bang',
  '#comment',
  '~tilde~',
  'nfc-\u00e9.txt',
  'nfd-e\u0301.txt',
  'right-to-left-\u202e.txt',
  'control-\u0001-\u007f.txt',
  'CON',
  'trailing dot.',
  '...',
  'constructor',
  '__proto__',
  'ünïcödé/日本語/Ελληνικά/עברית.txt',
  `${'l'.repeat(longest - 4)}.txt`,
  'ö'.repeat(Math.floor(longest / 2)),
  `${'deep/'.repeat(60)}file.txt`,
  `${`${'long'.repeat(50)}/`.repeat(15)}file.txt`,
];

describe('contents come back byte for byte:', () => {
  let folder: TestFolder;

  before(async () => {
    folder = await TestFolder.open();
    await folder.writeAll(contents);
    await folder.api.flush();
  });
  after(() => folder.close());

  for (const [name, content] of Object.entries(contents)) {
    it(name, async () => {
      const version = await folder.newest(name);
      assert.ok((await contentOf(folder.api, version)).equals(content));
      assert.equal(version.size, content.length);
      assert.equal(version.sha256, createHash('sha256').update(content).digest('hex'));
    });
  }

  it('and so do their next versions', async () => {
    const changed = Object.entries(contents).map(
      ([name, content]) => [name, Buffer.concat([content.subarray(1), Buffer.from([7])])] as const,
    );
    await folder.writeAll(Object.fromEntries(changed));
    await folder.api.flush();
    for (const [name, content] of changed) {
      const versions = await folder.versions(name);
      const [newest, oldest] = [versions[0], versions.at(-1)];
      assert.ok(newest && oldest && newest !== oldest, name);
      assert.ok((await contentOf(folder.api, newest)).equals(content), name);
      assert.ok((await contentOf(folder.api, oldest)).equals(contents[name] ?? Buffer.from('?')), name);
    }
  });

  it('tells text from binary', async () => {
    const isBinary = async (name: string) => (await folder.versions(name)).at(-1)?.binary;
    for (const name of ['lf', 'latin-1', 'utf-16 little endian', 'utf-16 big endian', 'empty']) {
      assert.equal(await isBinary(name), false, name);
    }
    for (const name of ['binary with NULs', 'nothing but NULs']) assert.equal(await isBinary(name), true, name);
  });

  it('a file over the limit is noted, not stored, and stored once it fits', async () => {
    await folder.write('large', randomBytes(limit + 1));
    await folder.api.flush();
    const large = await folder.newest('large');
    assert.equal(large.unstored, 'too large');
    assert.equal(large.size, limit + 1);
    assert.match(await rejection('notStored', folder.api.history.content(large.id)), /large/);
    await rejection('tooLarge', folder.api.tracking.hash(folder.uriOf('large')));
    await folder.write('large', 'small now');
    await folder.api.flush();
    const [small, noted] = await folder.versions('large');
    assert.equal(small?.unstored, undefined);
    assert.equal(await folder.api.history.text(small?.id ?? ''), 'small now');
    assert.equal(noted?.id, large.id);
  });
});

describe('files of any name are recorded:', () => {
  let folder: TestFolder;

  before(async () => {
    folder = await TestFolder.open({
      '.obbywatch': '*\n',
      ...Object.fromEntries(names.map((name) => [name, `first of ${name}`])),
    });
  });
  after(() => folder.close());

  it('each under its own name', async () => {
    const recorded = (await folder.recorded()).map(({ path }) => path).filter((name) => !name.startsWith('.obby'));
    assert.deepEqual(recorded.sort(), [...names].sort());
    const entries = await readdir(folder.root);
    assert.equal(entries.length - 1, new Set(names.map((name) => name.split('/')[0])).size);
  });

  for (const name of names) {
    it(JSON.stringify(name).slice(0, 60), async () => {
      const version = await folder.newest(name);
      assert.equal(version.path, name);
      assert.equal(version.uri.toString(), folder.uriOf(name).toString());
      assert.equal(version.uri.fsPath, folder.pathOf(name));
      assert.equal(await folder.api.history.text(version.id), `first of ${name}`);
      assert.equal((await folder.api.watching.explain(folder.uriOf(name))).watched, true);
      assert.equal((await folder.api.tracking.hash(version.uri)).sha256, version.sha256);
    });
  }

  it('but not one whose name is not UTF-8, and the status says so', async function () {
    // Other systems make no such names.
    if (process.platform !== 'linux') this.skip();
    await folder.sh(`echo x > "$(printf 'broken\\377.txt')"`);
    await folder.api.flush();
    const reasons = (await folder.status()).unrecorded.map(({ reason }) => reason);
    assert.equal(reasons.length, 1);
    assert.match(reasons[0] ?? '', /broken.*UTF-8/);
    const gaps = async () => (await folder.status()).gaps.filter(({ kind }) => kind === 'unreadable');
    assert.deepEqual(
      (await gaps()).map(({ to, count }) => [to, count]),
      [[undefined, 1]],
    );
    await folder.sh('rm broken*');
    await folder.api.flush();
    assert.deepEqual((await folder.status()).unrecorded, []);
    assert.deepEqual(
      (await gaps()).map(({ to }) => typeof to),
      ['number'],
    );
  });

  it('and their changes arrive by themselves', async () => {
    await folder.eventsArriveAlone();
    const listener = folder.listen();
    for (const name of names) await folder.write(name, `second of ${name}`);
    const missing = () => names.filter((name) => !listener.versions.some(({ path }) => path === name));
    await until('a version of each', () => missing().length === 0).catch(() =>
      assert.deepEqual(missing(), [], 'No version of these files arrived.'),
    );
    assert.deepEqual(listener.heard('scan'), []);
    listener.dispose();
  });
});
