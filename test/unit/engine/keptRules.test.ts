import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { KeptRules } from '../../../src/engine/keptRules';
import { times } from '../../support/chance';
import fc from '../../support/properties';
import { temporaryFolder } from '../store/fixtures';

const base64 = Buffer.from('*\n').toString('base64');
const good = { format: 1, folder: '1:2', areCurrent: true, files: [{ path: '.obbywatch', base64 }] };

function setUp(content?: string) {
  const dir = temporaryFolder();
  const path = join(dir, 'rules.json');
  if (content !== undefined) writeFileSync(path, content);
  const log: string[] = [];
  const open = (): KeptRules => new KeptRules(dir, (message) => log.push(message));
  return { dir, path, log, open };
}

test('rules are kept for the next window byte for byte, readable by their user alone', () => {
  const { dir, path, log, open } = setUp();
  const files = new Map([
    ['.obbywatch', Buffer.from('*\n')],
    ['deep/.obbyignore', Buffer.from([0xff, 0, 0x0a])],
  ]);
  open().keep(files, '1:2');
  assert.deepEqual(open().value, { files, folder: '1:2', areCurrent: true });
  if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual([readdirSync(dir), log], [['rules.json'], []]);
});

test('the same rules are not written again, and replaced ones are, once', () => {
  const { path, open } = setUp();
  const kept = open();
  const files = new Map([['.obbywatch', Buffer.from('*\n')]]);
  const inode = (): number => statSync(path).ino;
  kept.keep(files, '1:2');
  const first = inode();
  kept.keep(new Map(files), '1:2');
  assert.equal(inode(), first);
  kept.replaced();
  assert.equal(open().value?.areCurrent, false);
  const second = inode();
  kept.replaced();
  assert.equal(inode(), second);
});

test('what is not JSON is logged and does not count', () => {
  for (const content of ['', '{', 'null]', '\0', JSON.stringify(good).slice(0, -1)]) {
    const { log, open } = setUp(content);
    assert.equal(open().value, undefined);
    assert.match(log.join('\n'), /^The last rules in .*rules\.json are not kept: /);
  }
});

test('a file that is not there is no failure, one that cannot be read is logged', () => {
  const { path, log, open } = setUp();
  assert.equal(open().value, undefined);
  assert.deepEqual(log, []);
  mkdirSync(path);
  assert.equal(open().value, undefined);
  assert.equal(log.length, 1);
});

test('a file with anything of a wrong type, or a path that leads elsewhere, does not count as a whole', () => {
  const file = (path: unknown, bytes: unknown = base64) => ({
    ...good,
    files: [...good.files, { path, base64: bytes }],
  });
  const wrong: unknown[] = [
    ...[null, 1, 'text', [], {}, [good], { ...good, format: 2 }, { ...good, format: '1' }],
    ...[
      { ...good, folder: 1 },
      { ...good, areCurrent: 'true' },
      { ...good, files: {} },
      { ...good, files: [null] },
    ],
    ...['a.md', '', '/.obbyignore', '../.obbyignore', 'a/../.obbyignore', './.obbyignore', 'a//.obbyignore'].map(
      (path) => file(path),
    ),
    ...['.git/.obbyignore', 'a/.git/.obbyignore', 'a/.obbywatch', 1, null].map((path) => file(path)),
    ...[1, null, []].map((bytes) => file('a/.obbyignore', bytes)),
    { ...good, files: [{ path: '.obbywatch' }] },
  ];
  for (const value of wrong) {
    assert.equal(setUp(JSON.stringify(value)).open().value, undefined, JSON.stringify(value));
  }
  assert.equal(setUp(JSON.stringify(file('a/.obbyignore'))).open().value?.files.size, 2);
});

test('whatever the file holds, what counts is rule files inside the folder', () => {
  const path = fc.oneof(fc.constantFrom('.obbywatch', '.obbyignore', 'a/.obbyignore', '../.obbyignore'), fc.string());
  const file = fc.record({ path, base64: fc.oneof(fc.base64String(), fc.string()) });
  const rules = fc.array(file, { maxLength: 4 }).map((files) => ({ ...good, files }));
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), rules), (value) => {
      const kept = setUp(JSON.stringify(value)).open();
      for (const each of kept.value?.files.keys() ?? []) {
        assert.ok(each === '.obbywatch' || /^([^/]+\/)*\.obbyignore$/.test(each));
        assert.ok(!/(^|\/)\.\.?\//.test(each));
      }
      kept.sources([]);
    }),
    { numRuns: times(100) },
  );
});

test('a file larger than any that is written is not read', () => {
  const { path, log, open } = setUp(JSON.stringify(good));
  truncateSync(path, 3_000_000_000);
  assert.equal(open().value, undefined);
  assert.match(log.join('\n'), /8000000 bytes/);
});

test('rules that are too large are not kept, and neither are those before them', () => {
  const { dir, log, open } = setUp(JSON.stringify(good));
  open().keep(new Map([['.obbywatch', Buffer.alloc(6_000_001)]]), '1:2');
  assert.deepEqual([open().value, readdirSync(dir)], [undefined, []]);
  assert.match(log.join('\n'), /8000000 bytes/);
});

test('the texts of the rule files are read by their folders', () => {
  const files = [
    ...good.files,
    { path: '.obbyignore', base64: Buffer.from('a\n').toString('base64') },
    { path: 'deep/er/.obbyignore', base64: Buffer.from('b\n').toString('base64') },
  ];
  assert.deepEqual(
    setUp(JSON.stringify({ ...good, files }))
      .open()
      .sources(['reserved']),
    {
      watch: '*\n',
      ignores: [
        { dir: '', text: 'a\n' },
        { dir: 'deep/er', text: 'b\n' },
      ],
      reserved: ['reserved'],
    },
  );
});
