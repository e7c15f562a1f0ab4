import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Clock } from '../../../../src/base/clock';
import {
  fileAccessByTurns,
  nodeFileAccess,
  readFile,
  type FileAccess,
  type FileRead,
  type ReadOptions,
} from '../../../../src/track/disk/readFile';
import { chanceOf } from '../../../support/chance';

const maxBytes = 10_000_000;
let parent = '';
let root = '';

before(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'obby-read-')));
  root = join(parent, 'root');
  mkdirSync(root);
});
after(() => rmSync(parent, { recursive: true, force: true }));

function at(name: string, content?: string | Uint8Array): string {
  const path = join(root, name);
  if (content !== undefined) writeFileSync(path, content);
  return path;
}

function read(path: string, options: Partial<ReadOptions> = {}): Promise<FileRead> {
  return readFile(path, { root, maxBytes, ...options });
}

async function textOf(path: string, options?: Partial<ReadOptions>): Promise<string> {
  const result = await read(path, options);
  assert.equal(result.state, 'file');
  return Buffer.from(result.bytes).toString();
}

/** The disk, with some calls replaced; counts the files that are open. */
function access(changed: Partial<FileAccess>): FileAccess & { openFiles: number } {
  const all = { ...nodeFileAccess, ...changed };
  const counting = {
    ...all,
    openFiles: 0,
    open: (path: string) => {
      const file = all.open(path);
      counting.openFiles++;
      return file;
    },
    close: (file: number) => {
      counting.openFiles--;
      all.close(file);
    },
  };
  return counting;
}

/** Each wait ends at once. */
function hurriedClock(waits: number[]): Clock {
  return {
    now: () => 0,
    elapsed: () => 0,
    after: (ms, callback) => {
      waits.push(ms);
      queueMicrotask(callback);
      return () => undefined;
    },
  };
}

function errno(code: string): Error {
  return Object.assign(new Error(`${code}: no luck`), { code });
}

function throwing(error: Error): () => never {
  return () => {
    throw error;
  };
}

describe('a file', () => {
  test('is read byte for byte, with what the disk says of it', async () => {
    for (const content of [
      new Uint8Array(),
      Buffer.from('\r\n\0\xff', 'latin1'),
      chanceOf('read file').bytes(5_000_000),
    ]) {
      const path = at('file', content);
      const { size, mtimeNs, ctimeNs, ino } = lstatSync(path, { bigint: true });
      const result = await read(path);
      assert.equal(result.state, 'file');
      assert.equal(Buffer.compare(result.bytes, content), 0);
      const { stat } = result;
      assert.deepEqual([stat.size, stat.mtimeNs, stat.ctimeNs, stat.ino], [size, mtimeNs, ctimeNs, ino]);
    }
  });

  test('of any name is read', async () => {
    for (const name of [' ', 'a\nb', '"quoted"', '-rf', '😀', '..a', 'back\\slash']) {
      assert.equal(await textOf(at(name, name)), name);
    }
  });

  test('may be as large as allowed, and is not read beyond', async () => {
    assert.equal(await textOf(at('limit', 'abc'), { maxBytes: 3 }), 'abc');
    const result = await read(at('limit', 'abcd'), { maxBytes: 3 });
    assert.deepEqual([result.state, result.state === 'too large' && result.size], ['too large', 4]);
  });

  test('that is not there is missing, and so is one below a file', async () => {
    assert.deepEqual(await read(at('nothing')), { state: 'missing' });
    assert.deepEqual(await read(join(at('limit', ''), 'below')), { state: 'missing' });
  });

  test('that disappears while it is read is missing', async () => {
    const path = at('going', 'x');
    const removing = { realFolder: (folder: string) => (rmSync(path), nodeFileAccess.realFolder(folder)) };
    assert.deepEqual(await read(path, { access: access(removing) }), { state: 'missing' });
  });
});

describe('what is no file', () => {
  test('a folder', async () => {
    mkdirSync(at('folder'));
    assert.deepEqual(await read(at('folder')), { state: 'directory' });
  });

  test('a pipe, whether or not anybody writes to it', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    assert.deepEqual(await read(at('pipe')), { state: 'other', what: 'pipe' });
  });

  test('a pipe that replaces a file after the first check', async () => {
    const [path, file] = [at('replaced', ''), lstatSync(at('file'), { bigint: true })];
    rmSync(path);
    execFileSync('mkfifo', [path]);
    const late = access({ lstat: () => file });
    assert.deepEqual(await read(path, { access: late }), { state: 'other', what: 'pipe' });
    assert.equal(late.openFiles, 0);
  });

  test('a socket', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(at('socket'), resolve));
    assert.deepEqual(await read(at('socket')), { state: 'other', what: 'socket' });
    await new Promise((resolve) => server.close(resolve));
  });

  test('a device', async () => {
    assert.deepEqual(await read('/dev/null'), { state: 'other', what: 'device' });
  });
});

describe('a link', () => {
  const link = { state: 'other', what: 'link' };

  test('to a file inside the root is followed', async () => {
    at('target', 'target');
    symlinkSync('target', at('inside'));
    assert.equal(await textOf(at('inside')), 'target');
  });

  test('to a file outside is not, not even to a neighbour whose name begins like the root', async () => {
    for (const outside of [join(parent, 'secret'), `${root}-secret`]) {
      writeFileSync(outside, 'secret');
      symlinkSync(outside, at('outside'));
      assert.deepEqual(await read(at('outside')), link);
      rmSync(at('outside'));
    }
  });

  test('in the middle of a path does not lead outside either', async () => {
    symlinkSync(parent, at('up'));
    assert.deepEqual(await read(join(at('up'), 'secret')), link);
    assert.deepEqual(await read(join(root, '..', 'secret')), link);
  });

  test('to a folder, a pipe, nothing, or itself is no file', async () => {
    for (const target of ['folder', 'pipe', 'nothing', 'limit/below', 'circle', '.']) {
      symlinkSync(target, at('circle'));
      assert.deepEqual(await read(at('circle')), link, target);
      rmSync(at('circle'));
    }
  });

  test('may lead to the root', async () => {
    const alias = join(parent, 'alias');
    symlinkSync(root, alias);
    assert.equal(await textOf(join(alias, 'target'), { root: alias }), 'target');
    assert.equal(await textOf(join(alias, 'inside'), { root: alias }), 'target');
  });
});

describe('many files of a folder', () => {
  test('query its real path once, and notice a folder that a link replaced in the next turn', async () => {
    const folder = at('many');
    mkdirSync(folder);
    const [first, second] = [at('many/first', '1'), at('many/second', '2')];
    const asked: string[] = [];
    const realFolder = (path: string) => (asked.push(path), nodeFileAccess.realFolder(path));
    const disk = fileAccessByTurns({ ...nodeFileAccess, realFolder });
    assert.deepEqual(await Promise.all([first, second].map((path) => textOf(path, { access: disk }))), ['1', '2']);
    assert.deepEqual(asked, [folder]);
    await new Promise(setImmediate);
    renameSync(folder, join(parent, 'moved'));
    symlinkSync(join(parent, 'moved'), folder);
    assert.deepEqual(await read(first, { access: disk }), { state: 'other', what: 'link' });
  });
});

describe('a file that is written to', () => {
  /** Does something to the file after each of the first reads of it. */
  const writing = (path: string, change: (path: string) => void, times: number) => {
    let left = times;
    return access({
      read: (file, buffer, offset) => {
        const count = nodeFileAccess.read(file, buffer, offset);
        if (left-- > 0) change(path);
        return count;
      },
    });
  };
  const rewrite = (path: string) => {
    const { mtimeNs } = lstatSync(path, { bigint: true });
    // The clock of the disk may tick slower than this loop.
    while (lstatSync(path, { bigint: true }).mtimeNs === mtimeNs) writeFileSync(path, 'BBBB');
  };

  for (const [how, change, expected] of [
    ['grows', (path) => appendFileSync(path, 'C'), 'AAAAC'],
    ['shrinks', (path) => truncateSync(path, 2), 'AA'],
    ['changes, but not in size', rewrite, 'BBBB'],
  ] as const satisfies [string, (path: string) => void, string][]) {
    test(`is read again when it ${how}`, async () => {
      const path = at('changing', 'AAAA');
      const waits: number[] = [];
      const disk = writing(path, change, 1);
      assert.equal(await textOf(path, { access: disk, clock: hurriedClock(waits) }), expected);
      assert.deepEqual(waits, [20]);
      assert.equal(disk.openFiles, 0);
    });
  }

  test('on a disk without times of change, or with late ones, is not mixed', async () => {
    const path = at('changing', 'AAAA');
    const timeless = writing(path, rewrite, 1);
    timeless.fstat = (file) => Object.assign(nodeFileAccess.fstat(file), { ctimeNs: 0n });
    assert.equal(await textOf(path, { access: timeless, clock: hurriedClock([]) }), 'BBBB');
    const stat = lstatSync(path, { bigint: true });
    appendFileSync(path, 'C');
    const late = read(path, { access: access({ fstat: () => stat }), clock: hurriedClock([]) });
    await assert.rejects(late, { code: 'changedWhileRead' });
  });

  test('without pause is an error that names it', async () => {
    const path = at('restless "log"', '');
    const waits: number[] = [];
    const disk = writing(path, (file) => appendFileSync(file, 'x'), Infinity);
    await assert.rejects(read(path, { access: disk, clock: hurriedClock(waits) }), {
      name: 'ObbyError',
      code: 'changedWhileRead',
      message: `${JSON.stringify(path)} changed while it was read, 5 times in a row. Try again when nothing writes to it.`,
    });
    assert.deepEqual(waits, [20, 40, 60, 80]);
    assert.equal(disk.openFiles, 0);
  });

  test('without pause is read as it comes where it may be torn', async () => {
    const path = at('restless', 'AAAA');
    const disk = writing(path, (file) => appendFileSync(file, 'x'), Infinity);
    const found = await read(path, { access: disk, clock: hurriedClock([]), mayBeTorn: true });
    assert.ok(found.state === 'file' && found.isTorn);
    assert.equal(Buffer.from(found.bytes).toString(), 'AAAAxxxx');
    assert.equal(disk.openFiles, 0);
  });

  test('in small pieces arrives whole', async () => {
    const path = at('pieces', 'abcdefgh');
    const disk = access({
      read: (file, buffer, offset) =>
        nodeFileAccess.read(file, buffer.subarray(0, Math.min(buffer.length, offset + 3)), offset),
    });
    assert.equal(await textOf(path, { access: disk }), 'abcdefgh');
  });
});

describe('a file that cannot be read', () => {
  const failing: [string, Partial<FileAccess>][] = [
    ['looked at', { lstat: throwing(errno('EACCES')) }],
    ['opened', { open: throwing(errno('EACCES')) }],
    ['read', { read: throwing(errno('EIO')) }],
    ['closed', { close: throwing(errno('EIO')) }],
  ];
  for (const [step, calls] of failing) {
    test(`when it is ${step} is reported by name, with the reason`, async () => {
      const disk = access(calls);
      const result = await read(at('file', 'x'), { access: disk });
      assert.equal(result.state, 'unreadable');
      assert.equal(result.error.code, 'unreadable');
      assert.match(result.error.message, /file" cannot be read \(E(ACCES|IO): no luck\)\. /);
      assert.equal(disk.openFiles, 0);
    });
  }

  test('because of its name', async () => {
    assert.equal((await read(join(root, 'nul\0'))).state, 'unreadable');
    assert.equal((await read(join(root, 'long'.repeat(1000)))).state, 'unreadable');
  });

  test('because of a bug is not called unreadable', async () => {
    const broken = access({ fstat: throwing(new TypeError('bug')) });
    await assert.rejects(read(at('file', 'x'), { access: broken }), TypeError);
    assert.equal(broken.openFiles, 0);
  });
});
