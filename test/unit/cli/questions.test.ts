import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { historiesIn, recordedFolder, type Json } from './cliFixture';

/** The names of all members of a JSON value, as the documented shape. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each)]));
}

const escape = String.fromCharCode(27);

const version = {
  ...{ id: 'string', path: 'string', kind: 'string', time: 'string', cause: 'string', confidence: 'string' },
  ...{ size: 'number', sha256: 'string', added: 'number', removed: 'number', binary: 'boolean', mode: 'string' },
  ...{ pinned: 'boolean', changeSet: 'string' },
};

test('every question has one JSON shape', async (t) => {
  const { json, record, write } = recordedFolder(t);
  await record(() => write('a.md', 'one\n'));
  await record(() => write('a.md', 'two\n'));
  const later = { ...version, detail: { since: 'number' }, previous: 'string' };
  assert.deepEqual(shapeOf(await json('log', 'a.md')), { folder: 'string', path: 'string', versions: [later] });
  assert.deepEqual(shapeOf(await json('log')), {
    folder: 'string',
    changeSets: [
      {
        ...{ id: 'string', since: 'string', time: 'string', cause: 'string', confidence: 'string' },
        ...{ detail: { since: 'number' }, files: 'number', versions: 'number' },
        kinds: { created: 'number', modified: 'number', deleted: 'number', renamed: 'number' },
        ...{ added: 'number', removed: 'number', newest: 'string' },
      },
    ],
  });
  assert.deepEqual(shapeOf(await json('show', 'a.md~1')), { version, text: 'string' });
  assert.deepEqual(shapeOf(await json('diff', 'a.md~1')), {
    ...{
      a: version,
      b: { path: 'string' },
      added: 'number',
      removed: 'number',
      binary: 'boolean',
      tooLarge: 'boolean',
    },
    ...{ identical: 'boolean', eolOnly: 'boolean', encodingOnly: 'boolean', patch: 'string' },
  });
  assert.deepEqual(shapeOf(await json('search', 'one')), {
    folder: 'string',
    hits: [
      { version: later, line: 'number', text: 'string', ranges: [['number']], change: 'string', isLost: 'boolean' },
    ],
    ...{ isCut: 'boolean', unreadable: 'number' },
  });
  const at = shapeOf(await json('at', 'now'));
  assert.deepEqual(at, { folder: 'string', path: 'string', time: 'string', files: [later] });
  assert.deepEqual(shapeOf(await json('status')), {
    ...{ folder: 'string', store: 'string', keeper: 'string', others: [], isRecording: 'boolean', hasRules: 'boolean' },
    ...{ files: 'number', versions: 'number', bytes: 'number', lastRecording: 'string' },
    gaps: [{ kind: 'string', from: 'string', to: 'string', count: 'number' }],
  });
});

test('the patch of diff is one that git applies', async (t) => {
  const { obby, record, write, root } = recordedFolder(t);
  await record(() => write('a.md', 'one\r\ntwo\nthree'));
  await record(() => write('a.md', 'one\r\n2\nthree\n'));
  const { out } = await obby(['diff', 'a.md~1', 'a.md']);
  execFileSync('git', ['init', '-q'], { cwd: root });
  execFileSync('git', ['apply', '-R'], { cwd: root, input: out });
  assert.equal((await obby(['diff', 'a.md~1'])).out, '');
  const shown = await obby(['diff', 'a.md~1', 'a.md'], { isTerminal: true, env: { PAGER: 'less' } });
  assert.ok(shown.out.includes(`${escape}[31m-two${escape}[0m`));
  assert.deepEqual(shown.pagers, ['less']);
});

test('lines tell the version that changed each, and the versions that changed some', async (t) => {
  const { json, obby, record, write } = recordedFolder(t);
  await record(() => write('a.md', 'one\ntwo\n'));
  await record(() => write('a.md', 'one\ntwo\nthree\n'));
  await record(() => write('a.md', `one\nTWO ${escape}[31m\nthree\n`));
  write('a.md', `zero\none\nTWO ${escape}[31m\nthree\n`);
  const { versions, lines } = await json('lines', 'a.md');
  assert.deepEqual(lines, [-1, 2, 0, 1]);
  assert.deepEqual(shapeOf(versions[2]), version);
  const { out } = await obby(['lines', 'a.md']);
  assert.match(out, /not recorded yet +1 {2}zero\n.*initial version +2 {2}one\n.* 3 {2}TWO/);
  assert.ok(!out.includes(escape));
  const history = await json('lines', 'a.md', '--history', '3');
  assert.deepEqual(
    history.changes.map(({ from, to }) => [from, to]),
    [
      [2, 2],
      [2, 2],
    ],
  );
  for (const bad of ['0', '3,2', 'x', '1,2,3', '']) {
    const { code, err } = await obby(['lines', 'a.md', `--history=${bad}`]);
    assert.equal(code, 2);
    assert.match(err, /--history/);
  }
  assert.equal((await obby(['lines', 'none.md'])).code, 1);
});

test('deleted lists what is gone, at tells what was there, under the names of then', async (t) => {
  const { obby, json, record, write, root } = recordedFolder(t);
  await record(() => {
    write('d/a.md', 'one\n');
    write('d/b.md', 'a text that is long enough to be known again\n');
  });
  const then = new Date().toISOString();
  await record(() => rmSync(join(root, 'd/a.md')));
  await record(() => renameSync(join(root, 'd/b.md'), join(root, 'c.md')));
  const paths = ({ files }: Json): string[] => files.map(({ path }) => path);
  assert.deepEqual(paths(await json('deleted')), ['d/a.md']);
  assert.deepEqual(paths(await json('at', then)), ['d/a.md', 'd/b.md']);
  assert.deepEqual(paths(await json('at', 'now')), ['c.md']);
  assert.deepEqual(paths(await json('at', then, 'd')), ['d/a.md', 'd/b.md'], 'a folder that is gone');
  assert.deepEqual(paths(await json('at', then, 'd/a.md')), ['d/a.md']);
  assert.equal((await obby(['at', 'now', 'd/a.md'])).code, 1);
  assert.equal((await obby(['deleted', 'x'])).code, 1);
  const found = await json('search', 'one', '--where', 'lost');
  assert.deepEqual([found.hits.length, found.hits[0]?.line, found.hits[0]?.isLost], [1, 1, true]);
  assert.equal((await obby(['search', 'nowhere'])).code, 1);
});

test('paths outside of the folder and arguments that are none are refused', async (t) => {
  const { obby, record, write, base, root } = recordedFolder(t);
  await record(() => write('a.md', 'one\n'));
  symlinkSync('/etc', join(root, 'link'));
  const refused = async (argument: string, code: number, message: RegExp): Promise<void> => {
    for (const args of [
      ['log', argument],
      ['show', argument],
      ['at', 'now', argument],
    ]) {
      const { code: ended, err, out } = await obby(args);
      assert.deepEqual([ended, out], [code, ''], `${args.join(' ').slice(0, 80)}: ${err}`);
      assert.match(err, message);
      assert.ok(err.length < 400);
    }
  };
  await refused('../other.md', 2, /is outside/);
  await refused('/etc/passwd', 2, /is outside/);
  await refused('a\0.md', 2, /NUL/);
  await refused('x'.repeat(100_000), 2, /100000 characters/);
  await refused('link/passwd', 1, /version/i);
  assert.equal((await obby(['log'], { cwd: base })).code, 3);
  assert.equal((await obby(['log', 'a.md', '-n', '0'])).code, 2);
  assert.equal((await obby(['frobnicate'])).code, 2);
  assert.equal((await obby(['at', '25:00'])).code, 2);
  assert.equal((await obby(['search', '-E', '('])).code, 2);
  assert.equal((await obby(['log', '--help'])).code, 0);
});

test('nothing in a name or a content steers the terminal', async (t) => {
  const { obby, record, write } = recordedFolder(t);
  const name = 'evil\u001b[2J\n\u202e.md';
  await record(() => write(name, 'x\u001b]0;title\u0007\ty\u009b31m\n'));
  await record(() => write(name, 'z\u001b[2J\n'));
  // oxlint-disable-next-line no-control-regex
  const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/;
  for (const args of [
    ['log'],
    ['log', name],
    ['show', name],
    ['diff', `${name}~1`],
    ['diff', `${name}~1`, name],
    ['at', 'now'],
    ['search', 'z'],
    ['show', `${name}~9`],
    ['log', `${name}x`],
  ]) {
    const { out, err } = await obby(args, { isTerminal: true, env: { NO_COLOR: '1' } });
    assert.doesNotMatch(out, steering, args.join(' '));
    assert.doesNotMatch(err.replaceAll('\n', ''), steering, args.join(' '));
  }
  assert.ok((await obby(['show', name])).out.includes(escape), 'a pipe gets the bytes');
});

test('the last used of several editors is asked, and another can be named', async (t) => {
  const { obby, json, record, write, storeDir, home } = recordedFolder(t);
  await record(() => write('a.md', 'one\n'));
  const other = join(historiesIn(home, 'VSCodium'), basename(storeDir));
  mkdirSync(dirname(other), { recursive: true });
  await new Promise((resolve) => setTimeout(resolve, 5));
  await record(() => write('a.md', 'two\n'), other);
  assert.equal((await json('status')).keeper, 'VSCodium');
  assert.match((await obby(['log'])).err, /VSCodium, the last used\. VS Code has one too: --store /);
  assert.equal((await json('log', 'a.md')).versions.length, 1);
  for (const store of [storeDir, dirname(storeDir)]) {
    assert.equal((await obby(['show', 'a.md', '--store', store])).out, 'one\n');
    assert.equal((await obby(['show', 'a.md'], { env: { OBBY_STORE: store } })).out, 'one\n');
  }
  const moved = join(home, 'elsewhere');
  cpSync(storeDir, join(moved, basename(storeDir)), { recursive: true });
  const settings = join(home, '.config', 'Code', 'User', 'settings.json');
  writeFileSync(settings, `{ // mine\n "obby.storage.location": ${JSON.stringify(moved)}, }`);
  assert.equal((await json('status', '--store', dirname(storeDir))).store, storeDir);
  assert.ok(readdirSync(moved).length === 1 && statSync(moved).isDirectory());
});
