import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { ObbyError } from '../../../src/base/errors';
import { nodeWriteAccess, type WriteAccess } from '../../../src/track/disk/writeAccess';
import { temporaryName } from '../../../src/rules/temporaryName';
import { draft } from '../store/fixtures';
import { setUp } from './recorderFixture';

type Call = keyof WriteAccess;

/** The disk, with something that happens before a call: another program writes, or it throws what the call throws. */
function disturbed(before: (call: Call, args: readonly unknown[]) => void): WriteAccess {
  return new Proxy(nodeWriteAccess, {
    get(target, name: Call) {
      const call = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      return (...args: unknown[]): unknown => {
        before(name, args);
        return call(...args);
      };
    },
  });
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** A folder with files of two versions, `one …` and then `two …`; `items` restore the first ones. */
async function withFiles(paths: readonly string[], options: Parameters<typeof setUp>[0] = {}) {
  const folder = await setUp(options);
  for (const text of ['one', 'two']) {
    for (const path of paths) await folder.write(path, `${text} ${path}`);
    await folder.record(...paths);
  }
  const items: { path: string; version: string }[] = [];
  for (const path of paths) items.push({ path, version: (await folder.store.versions(path, {}))[1]?.id ?? '' });
  const text = (path: string): string => readFileSync(folder.on(path), 'utf8');
  const temporary = (): string[] => readdirSync(folder.root).filter((name) => name.startsWith('.obby-'));
  return { ...folder, items, text, temporary };
}

const three = ['a.md', 'b.md', 'c.md'];
const obstacles: Record<string, (file: string) => void> = {
  'a folder': (file) => mkdirSync(file),
  'a link': (file) => symlinkSync('other.txt', file),
  'a link that leads nowhere': (file) => symlinkSync('nowhere', file),
  'a pipe': (file) => execFileSync('mkfifo', [file]),
  'a socket': (file) =>
    execFileSync('python3', ['-c', 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])', file]),
};

for (const [what, put] of Object.entries(obstacles)) {
  test(`what became ${what} is left alone and named, and the other files are restored and undone`, async () => {
    const { recorder, items, on, text, write } = await withFiles(three);
    await write('other.txt', 'another file');
    rmSync(on('b.md'));
    put(on('b.md'));
    const before = lstatSync(on('b.md')).ino;
    const { restored, failed, undo } = await recorder.restore(items);
    assert.deepEqual([restored.map(({ path }) => path), failed.map(({ path }) => path)], [['a.md', 'c.md'], ['b.md']]);
    const expected = what.startsWith('a link') ? /link to (other\.txt|nowhere)/ : new RegExp(`${what} has its name`);
    assert.match(failed[0]?.error.message ?? '', expected);
    assert.deepEqual(['a.md', 'c.md'].map(text), ['one a.md', 'one c.md']);
    assert.equal(lstatSync(on('b.md')).ino, before);
    assert.equal(text('other.txt'), 'another file');
    assert.deepEqual((await recorder.restore(undo)).failed, []);
    assert.deepEqual(['a.md', 'c.md'].map(text), ['two a.md', 'two c.md']);
    // To undo the creation of a file does not delete what has its name by now.
    assert.equal((await recorder.restore([{ path: 'b.md' }])).failed.length, 1);
    assert.equal(lstatSync(on('b.md')).ino, before);
  });
}

test('a file whose content is damaged, too large to be kept, or refused by the disk keeps no other from being restored', async () => {
  let damaged = '';
  const paths = [...three, 'd.md', 'e/e.md', 'f.md'];
  const writeAccess = disturbed((call, [file]) => {
    if (call === 'link' && String(file).endsWith('c.md')) throw failure('ENOSPC');
  });
  const fault = (_port: string, call: string, [id]: readonly unknown[]): void => {
    if (call === 'content' && id === damaged) throw new ObbyError('storeFailed', 'It is damaged.');
  };
  const folder = await withFiles(paths, { writeAccess, fault });
  const { recorder, items, on, limit, text, temporary } = folder;
  damaged = items[0]?.version ?? '';
  limit.maxFileBytes = 100;
  writeFileSync(on('b.md'), 'x'.repeat(101));
  rmSync(on('e'), { recursive: true });
  writeFileSync(on('e'), 'a file where a folder was');
  const { restored, failed, undo } = await recorder.restore(items);
  assert.deepEqual(
    restored.map(({ path }) => path),
    ['d.md', 'f.md'],
  );
  assert.deepEqual(failed.map(({ path, error }) => [path, error.code]).sort(), [
    ['a.md', 'storeFailed'],
    ['b.md', 'tooLarge'],
    ['c.md', 'unreadable'],
    ['e/e.md', 'unreadable'],
  ]);
  assert.match(failed.find(({ path }) => path === 'e/e.md')?.error.message ?? '', /e is not a folder any more/);
  assert.deepEqual(['a.md', 'c.md', 'd.md', 'f.md'].map(text), ['two a.md', 'two c.md', 'one d.md', 'one f.md']);
  assert.equal(text('b.md').length, 101);
  assert.equal(text('e'), 'a file where a folder was');
  assert.deepEqual(temporary(), []);
  await recorder.restore(undo);
  assert.deepEqual(['d.md', 'f.md'].map(text), ['two d.md', 'two f.md']);
});

test('a file that was changed but could not be recorded is reported, and undone', async () => {
  let isFull = false;
  const fault = (port: string, call: string): void => {
    if (isFull && port === 'store' && call === 'append') throw new ObbyError('diskFull', 'The disk is full.');
  };
  const { recorder, items, text } = await withFiles(['a.md'], { fault });
  isFull = true;
  const { failed, undo } = await recorder.restore(items);
  assert.deepEqual([failed.map(({ error }) => error.code), text('a.md')], [['diskFull'], 'one a.md']);
  isFull = false;
  await recorder.restore(undo);
  assert.equal(text('a.md'), 'two a.md');
});

test('a file that has the bytes already is not touched', async () => {
  const { recorder, on, store, text } = await withFiles(['a.md']);
  const [newest] = await store.versions('a.md', {});
  const before = lstatSync(on('a.md'), { bigint: true });
  const { restored, undo } = await recorder.restore([{ path: 'a.md', version: newest?.id ?? '' }]);
  assert.deepEqual([restored[0]?.version, undo], [undefined, []]);
  const after = lstatSync(on('a.md'), { bigint: true });
  assert.deepEqual([after.ino, after.mtimeNs, after.ctimeNs], [before.ino, before.mtimeNs, before.ctimeNs]);
  const unsaved = await recorder.restore([{ path: 'a.md', version: newest?.id ?? '', unsavedText: 'typed' }]);
  assert.equal(lstatSync(on('a.md'), { bigint: true }).ctimeNs, before.ctimeNs);
  await recorder.restore(unsaved.undo);
  assert.equal(text('a.md'), 'typed');
});

const others: Record<string, (file: string) => void> = {
  'in place': (file) => writeFileSync(file, 'from another program'),
  'by replacing it': (file) => {
    writeFileSync(`${file}.tmp`, 'from another program');
    renameSync(`${file}.tmp`, file);
  },
};
/** The way in which a file is replaced, by the call that fails, and the calls before which another program writes. */
const ways: Record<string, { readonly fails: Partial<Record<Call, string>>; readonly before: readonly Call[] }> = {
  'with hard links': { fails: {}, before: ['lstat', 'create', 'write', 'sync', 'close', 'link'] },
  'without hard links': { fails: { link: 'EPERM' }, before: ['lstat', 'create', 'write', 'sync', 'link', 'rename'] },
  'in a folder that is not writable': { fails: { create: 'EACCES' }, before: ['lstat', 'create', 'open', 'read'] },
  'when it is a mount': { fails: { rename: 'EBUSY' }, before: ['lstat', 'write', 'link', 'open', 'read'] },
};

for (const [way, { fails, before }] of Object.entries(ways)) {
  for (const [how, writeIt] of Object.entries(others)) {
    for (const call of before) {
      for (const isUnsaved of [false, true]) {
        test(`what another program writes ${how} before “${call}” is kept ${way}${isUnsaved ? ', with unsaved text' : ''}`, async () => {
          let write: (() => void) | undefined;
          const writeAccess = disturbed((name, args) => {
            if (name === call && write) {
              const once = write;
              write = undefined;
              once();
            }
            const code = fails[name];
            if (code !== undefined && !(name === 'rename' && String(args[0]).endsWith('.old'))) throw failure(code);
          });
          const { recorder, items, on, text, texts, temporary } = await withFiles(['a.md'], { writeAccess });
          write = () => writeIt(on('a.md'));
          const unsaved = isUnsaved ? { unsavedText: 'typed' } : {};
          const { failed, undo } = await recorder.restore(items.map((item) => ({ ...item, ...unsaved })));
          assert.deepEqual(failed, []);
          assert.equal(write, undefined);
          assert.equal(text('a.md'), 'one a.md');
          assert.ok((await texts('a.md')).includes('from another program'));
          assert.equal((await texts('a.md')).at(-1), 'one a.md');
          assert.deepEqual(temporary(), []);
          await recorder.restore(undo);
          assert.equal(text('a.md'), isUnsaved ? 'typed' : 'from another program');
        });
      }
    }
  }
}

test('what another program writes before a file is deleted is kept', async () => {
  let write: (() => void) | undefined;
  const writeAccess = disturbed((name) => {
    if (name === 'rename') write?.();
    if (name === 'rename') write = undefined;
  });
  const { recorder, on, texts, temporary } = await withFiles(['a.md'], { writeAccess });
  write = () => writeFileSync(on('a.md'), 'from another program');
  await recorder.restore([{ path: 'a.md' }]);
  assert.equal(existsSync(on('a.md')), false);
  assert.ok((await texts('a.md')).includes('from another program'));
  assert.deepEqual(temporary(), []);
});

test('a file that comes while it is restored is kept', async () => {
  let write: (() => void) | undefined;
  const writeAccess = disturbed((name) => {
    if (name === 'link') write?.();
    if (name === 'link') write = undefined;
  });
  const { recorder, items, on, text, texts } = await withFiles(['a.md'], { writeAccess });
  rmSync(on('a.md'));
  write = () => writeFileSync(on('a.md'), 'from another program');
  assert.deepEqual((await recorder.restore(items)).failed, []);
  assert.equal(text('a.md'), 'one a.md');
  assert.ok((await texts('a.md')).includes('from another program'));
});

for (const kind of ['written', 'deleted']) {
  test(`a file that is ${kind} stays as it is if what another program wrote cannot be kept`, async () => {
    let write: (() => void) | undefined;
    const writeAccess = disturbed((name) => {
      if (name === 'link' || name === 'rename') write?.();
      write = name === 'link' || name === 'rename' ? undefined : write;
    });
    const { recorder, items, on, text, limit, temporary } = await withFiles(['a.md'], { writeAccess });
    limit.maxFileBytes = 100;
    write = () => writeFileSync(on('a.md'), 'x'.repeat(101));
    const { failed, undo } = await recorder.restore(kind === 'written' ? items : [{ path: 'a.md' }]);
    assert.deepEqual([failed[0]?.error.code, undo], ['tooLarge', []]);
    assert.equal(text('a.md'), 'x'.repeat(101));
    assert.deepEqual(temporary(), []);
  });
}

for (const [what, sizes] of Object.entries({ longer: [300, 10], shorter: [10, 300] })) {
  test(`a full disk never cuts short a file with several names that gets ${what}`, async () => {
    let left = Infinity;
    const writeAccess = disturbed((call) => {
      if (call === 'write' && left-- === 0) throw failure('ENOSPC');
    });
    const { recorder, write, record, store, on, text } = await setUpTexts(sizes, writeAccess);
    linkSync(on('a.md'), on('b.md'));
    const [newest, first] = await store.versions('a.md', {});
    const [, present = 0] = sizes;
    const { ino } = lstatSync(on('a.md'));
    left = what === 'longer' ? 1 : 0;
    const full = await recorder.restore([{ path: 'a.md', version: first?.id ?? '' }]);
    assert.deepEqual([full.failed.length, text('a.md')], [1, 'x'.repeat(present)]);
    left = Infinity;
    const { failed } = await recorder.restore([{ path: 'a.md', version: first?.id ?? '' }]);
    assert.deepEqual([failed, text('b.md'), lstatSync(on('a.md')).ino], [[], 'x'.repeat(sizes[0] ?? 0), ino]);
    assert.notEqual(newest?.id, first?.id);
    await write('c.md', '');
    await record('c.md');
  });
}

async function setUpTexts(sizes: readonly number[], writeAccess: WriteAccess) {
  const folder = await setUp({ writeAccess });
  for (const size of sizes) {
    await folder.write('a.md', 'x'.repeat(size));
    await folder.record('a.md');
  }
  return { ...folder, text: (path: string): string => readFileSync(folder.on(path), 'utf8') };
}

test('a file keeps its owner and group, in place if they cannot be given to another file', async () => {
  const owners: unknown[] = [];
  let isAllowed = true;
  const writeAccess: WriteAccess = {
    ...nodeWriteAccess,
    lstat: (path) => {
      const stats = nodeWriteAccess.lstat(path);
      return stats && Object.assign(stats, { uid: 4_242n, gid: 4_343n });
    },
    chown: (_file, uid, gid) => {
      owners.push([uid, gid]);
      if (!isAllowed) throw failure('EPERM');
    },
  };
  const { recorder, items, on, text } = await withFiles(['a.md'], { writeAccess });
  const { undo } = await recorder.restore(items);
  assert.deepEqual([owners, text('a.md')], [[[4_242, 4_343]], 'one a.md']);
  isAllowed = false;
  const { ino } = lstatSync(on('a.md'));
  await recorder.restore(undo);
  assert.deepEqual([text('a.md'), lstatSync(on('a.md')).ino], ['two a.md', ino]);
});

test('of two versions of one file the last counts, and undo brings back what was before', async () => {
  const { recorder, items, write, record, store, text } = await withFiles(['a.md']);
  await write('a.md', 'three');
  await record('a.md');
  const [, second] = await store.versions('a.md', {});
  const { restored, undo } = await recorder.restore([{ path: 'a.md', version: second?.id ?? '' }, ...items]);
  assert.deepEqual([restored.length, text('a.md')], [1, 'one a.md']);
  await recorder.restore(undo);
  assert.equal(text('a.md'), 'three');
});

test('undo deletes the folders that the restore created, when they are empty', async () => {
  const { recorder, items, on, write } = await withFiles(['x/y/a.md', 'x/y/b.md', 'z/c.md']);
  rmSync(on('x'), { recursive: true });
  rmSync(on('z'), { recursive: true });
  const { undo } = await recorder.restore(items);
  await write('z/new.md', 'not of the restore');
  const { undo: redo } = await recorder.restore(undo);
  assert.deepEqual([existsSync(on('x')), readdirSync(on('z'))], [false, ['new.md']]);
  assert.deepEqual((await recorder.restore(redo)).failed, []);
  assert.deepEqual(readdirSync(on('x/y')), ['a.md', 'b.md']);
});

test('a restore that fails leaves no folders', async () => {
  const writeAccess = disturbed((call) => {
    if (call === 'create') throw failure('ENOSPC');
  });
  const { recorder, items, on } = await withFiles(['x/y/a.md'], { writeAccess });
  rmSync(on('x'), { recursive: true });
  assert.equal((await recorder.restore(items)).failed.length, 1);
  assert.equal(existsSync(on('x')), false);
});

test('what a killed restore left is deleted by the next, unless the history does not have it', async () => {
  const { recorder, record, items, on, skipped, store, temporary } = await withFiles(['a.md']);
  const { pid } = spawnSync('true');
  const put = (kind: 'new' | 'old', of: number, text: string): string => {
    const name = temporaryName(kind, of, randomUUID());
    writeFileSync(on(name), text);
    return name;
  };
  put('new', pid, 'half of some');
  put('old', pid, 'one a.md');
  const unknown = put('old', pid, 'known nowhere else');
  const ofRunning = put('new', process.pid, 'half of some');
  linkSync(on('a.md'), on(temporaryName('old', pid, randomUUID())));
  await record('', ...temporary());
  await recorder.restore(items);
  assert.deepEqual(temporary().sort(), [unknown, ofRunning].sort());
  assert.match(skipped.join(), new RegExp(unknown));
  assert.deepEqual(
    (await store.heads('')).map(({ version }) => version.path),
    ['a.md'],
  );
});

test('a workspace folder behind a link is restored like any other', async () => {
  const { recorder, items, root, on, text } = await withFiles(['d/a.md']);
  renameSync(root, `${root} real`);
  symlinkSync(`${root} real`, root);
  assert.deepEqual((await recorder.restore(items)).failed, []);
  assert.equal(text('d/a.md'), 'one d/a.md');
  rmSync(on('d'), { recursive: true });
  const { failed, undo } = await recorder.restore(items);
  assert.deepEqual([failed, existsSync(dirname(on('d/a.md')))], [[], true]);
  await recorder.restore(undo);
  assert.equal(existsSync(on('d')), false);
});

test("nothing is written into git's own files, however they are spelled", async () => {
  const { recorder, store, root } = await setUp();
  for (const path of ['.git/hooks/pre-commit', 'sub/.GIT/config', 'git~1/x', '.git./x']) {
    const [version] = await store.append([draft(path, 'hostile', { kind: 'created' })]);
    const { restored, failed } = await recorder.restore([{ path, version: version?.id ?? '' }]);
    assert.deepEqual([restored, failed.map(({ error }) => error.code)], [[], ['badArgument']]);
  }
  assert.deepEqual(
    readdirSync(root).filter((name) => /git/i.test(name)),
    [],
  );
});

test('a file that comes back continues its own history, though another deleted one had the same content', async () => {
  const { write, record, recorder, store, on } = await withFiles([]);
  await write('a.md', 'text');
  await write('b.md', 'text');
  await record('a.md', 'b.md');
  const [version] = await store.versions('b.md', {});
  assert.ok(version);
  for (const name of ['b.md', 'a.md']) {
    rmSync(on(name));
    await record(name);
  }
  await recorder.restore([{ path: 'b.md', version: version.id }]);
  const [restored, deleted] = await store.versions('b.md', {});
  assert.deepEqual([restored?.kind, restored?.renamedFrom, deleted?.kind], ['created', undefined, 'deleted']);
  assert.equal((await store.versions('a.md', {}))[0]?.kind, 'deleted');
});
