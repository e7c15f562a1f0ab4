import assert from 'node:assert/strict';
import fs, { mkdirSync, mkdtempSync, rmSync, writeFileSync, realpathSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, mock } from 'node:test';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import type { RuleSources } from '../../../src/model/ruleSources';
import { readRules, rereadRules } from '../../../src/rules/readRuleSources';
import { Rules } from '../../../src/rules/rules';

const root = mkdtempSync(join(tmpdir(), 'obby-rules-'));
after(() => rmSync(root, { recursive: true }));
const write = (path: string, text: string): void => writeFileSync(join(root, path), text);
const read = (): RuleSources => readRules(root, []).sources;

/** Rereads the rules, and calls `meanwhile` in the pause, if there is one. */
async function reread(
  before: RuleSources,
  meanwhile: () => void,
): Promise<{ readonly now: RuleSources; readonly pauses: number }> {
  let pauses = 0;
  const pause = (): Promise<void> => {
    pauses++;
    meanwhile();
    return Promise.resolve();
  };
  const { sources } = await rereadRules(before, () => readRules(root, []), { root, pause });
  return { now: sources, pauses };
}

test('an ignore file that is being rewritten never counts as empty or missing', async () => {
  write('.obbywatch', '*\n');
  mkdirSync(join(root, 'docs'));
  for (const path of ['.obbyignore', 'docs/.obbyignore']) {
    write(path, 'secret\n');
    const before = read();
    const rewrite = (): void => write(path, 'secret\nmore\n');
    write(path, '');
    const empty = await reread(before, rewrite);
    rmSync(join(root, path));
    const gone = await reread(before, rewrite);
    for (const { now, pauses } of [empty, gone]) {
      assert.equal(pauses, 1);
      assert.ok(now.ignores.some(({ text }) => text === 'secret\nmore\n'));
    }
  }
});

test('one that stays empty, or went with its folder, ignores nothing any more', async () => {
  write('.obbyignore', 'secret\n');
  const before = read();
  write('.obbyignore', '');
  const emptied = await reread(before, () => undefined);
  assert.deepEqual([emptied.pauses, emptied.now.ignores[0]?.text], [1, '']);
  rmSync(join(root, 'docs'), { recursive: true });
  const without = await reread(emptied.now, () => assert.fail('nobody writes where there is no folder'));
  assert.deepEqual([without.pauses, without.now.ignores.length], [0, 1]);
});

test('one that is cut short in the middle of being written is read again, a line that is added is not waited for', async () => {
  rmSync(join(root, '.obbyignore'));
  mkdirSync(join(root, 'docs'), { recursive: true });
  for (const path of ['.obbyignore', 'docs/.obbyignore', '.obbywatch']) {
    write('.obbywatch', '*\n!other\n');
    for (const half of ['secret\n', 'secret\nmore\nmo', '']) {
      write(path, 'secret\nmore\n');
      const before = read();
      write(path, half);
      const { now, pauses } = await reread(before, () => write(path, 'secret\nmore\nmost\n'));
      assert.deepEqual([pauses, now], [1, read()], `${path} ${JSON.stringify(half)}`);
    }
    const { pauses } = await reread(read(), () => assert.fail('nothing is under way'));
    assert.equal(pauses, 0);
    write(path, 'secret\nmore\nmost\nall\n');
    assert.equal((await reread(read(), () => assert.fail('nothing is under way'))).pauses, 0);
  }
});

test('one that is new may be in the middle of being written too', async () => {
  rmSync(join(root, 'docs/.obbyignore'));
  const before = read();
  write('docs/.obbyignore', '');
  const { now, pauses } = await reread(before, () => write('docs/.obbyignore', 'secret\n'));
  assert.deepEqual([pauses, now.ignores.find(({ dir }) => dir === 'docs')?.text], [1, 'secret\n']);
});

test('a file that is written again and again is not waited for without end', async () => {
  write('.obbyignore', 'secret\n');
  const before = read();
  write('.obbyignore', 'a');
  let count = 0;
  const { pauses } = await reread(before, () => write('.obbyignore', 'a'.repeat(++count + 1)));
  assert.equal(pauses, 4);
});

const base = realpathSync(mkdtempSync(join(tmpdir(), 'obby-rule-files-')));
after(() => rmSync(base, { recursive: true }));
let count = 0;

/** A folder in which all is watched, with an ignore file in `docs` that `make` makes. */
function folderWith(make: (file: string) => void): { root: string; read: () => Rules } {
  const root = join(base, `${++count}`);
  mkdirSync(join(root, 'docs/sub'), { recursive: true });
  writeFileSync(join(root, '.obbywatch'), '*\n');
  make(join(root, 'docs/.obbyignore'));
  return { root, read: () => new Rules(readRules(root, []).sources) };
}

const unreadable: Record<string, { make: (file: string) => void; says: RegExp }> = {
  'a folder': { make: (file) => mkdirSync(file), says: /is a folder/ },
  'a pipe': { make: (file) => execFileSync('mkfifo', [file]), says: /no regular file/ },
  'a link to a pipe': {
    make: (file) => {
      execFileSync('mkfifo', [`${file}.pipe`]);
      symlinkSync('.obbyignore.pipe', file);
    },
    says: /no regular file/,
  },
  'a link to a folder': { make: (file) => symlinkSync('sub', file), says: /is a folder/ },
  'a link that leads nowhere': { make: (file) => symlinkSync('nowhere', file), says: /leads to no file/ },
  'a link to itself': { make: (file) => symlinkSync('.obbyignore', file), says: /leads to no file/ },
  'a link out of the folder': {
    make: (file) => {
      writeFileSync(join(base, 'outside'), '*.log\n');
      symlinkSync(join(base, 'outside'), file);
    },
    says: /leads out of the workspace folder/,
  },
  'too large': { make: (file) => writeFileSync(file, '#'.repeat(1_000_001)), says: /more than 1000000 bytes/ },
};

for (const [what, { make, says }] of Object.entries(unreadable)) {
  test(`an ignore file that is ${what} ignores its folder and says why`, () => {
    const { read } = folderWith(make);
    const rules = read();
    assert.deepEqual(
      ['docs/a', 'docs/sub/a', 'a'].map((path) => rules.isWatched(path)),
      [false, false, true],
    );
    const [problem, ...others] = rules.problems;
    assert.deepEqual([problem?.file, others], ['docs/.obbyignore', []]);
    assert.match(problem?.message ?? '', says);
  });
}

test('a socket under the name of a rule file is reported, not opened', async () => {
  const { root, read } = folderWith(() => undefined);
  rmSync(join(root, '.obbywatch'));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(root, '.obbywatch'), resolve));
  const rules = read();
  assert.deepEqual([rules.isEmpty, rules.problems[0]?.file], [true, '.obbywatch']);
  assert.match(rules.problems[0]?.message ?? '', /no regular file.* nothing is watched/);
  await new Promise((resolve) => server.close(resolve));
});

/** Refuses what the disk would refuse to a user who may not read everything; root may. */
function refusing<T>(calls: Readonly<Record<'openSync' | 'readdirSync', string>>, run: () => T): T {
  const mocks = Object.entries(calls).map(([name, refused]) => {
    const method = name as keyof typeof calls;
    const original = fs[method] as (...args: unknown[]) => unknown;
    return mock.method(fs, method, (...args: unknown[]) => {
      if (args[0] !== refused) return original(...args);
      throw Object.assign(new Error(`EACCES: permission denied, ${name} '${refused}'`), { code: 'EACCES' });
    });
  });
  try {
    return run();
  } finally {
    for (const { mock: each } of mocks) each.restore();
  }
}

test('a file that may not be read, and a folder that may not be listed, ignore their folders', () => {
  const { root, read } = folderWith((file) => writeFileSync(file, '*.log\n'));
  mkdirSync(join(root, 'src'));
  const rules = refusing({ openSync: join(root, 'docs/.obbyignore'), readdirSync: join(root, 'src') }, read);
  assert.deepEqual(
    ['docs/a', 'src/a', 'src/sub/a', 'a'].map((path) => rules.isWatched(path)),
    [false, false, false, true],
  );
  const told = rules.problems.map(({ file, message }) => `${file}: ${message}`);
  assert.equal(told.length, 2);
  assert.match(told[0] ?? '', /^docs\/\.obbyignore: docs\/\.obbyignore cannot be read \(EACCES.*Check its permissions/);
  assert.match(told[1] ?? '', /^src\/\.obbyignore: The folder src cannot be listed \(EACCES.*Check its permissions/);
});

test('a link inside the folder is read, and its file counts as a rule file', () => {
  const { root, read } = folderWith((file) => symlinkSync('../ignored', file));
  writeFileSync(join(root, 'ignored'), '*.log\n');
  const rules = read();
  assert.deepEqual([rules.isWatched('docs/a.log'), rules.isWatched('docs/a')], [false, true]);
  assert.deepEqual(
    ['ignored', 'docs/.obbyignore', 'docs/a'].map((path) => rules.isRuleFile(path)),
    [true, true, false],
  );
});

test('an empty file, and none, ignore nothing', () => {
  for (const make of [(file: string) => writeFileSync(file, ''), () => undefined]) {
    const rules = folderWith(make).read();
    assert.deepEqual([rules.isWatched('docs/a'), rules.problems], [true, []]);
  }
});

test('a folder that is a file by now, or gone, is no fault', () => {
  const { root, read } = folderWith(() => undefined);
  rmSync(join(root, 'docs'), { recursive: true });
  writeFileSync(join(root, 'docs'), 'a file');
  assert.deepEqual(read().problems, []);
});

test('where there are too many ignore files, folders with further ones are ignored', () => {
  const { root, read } = folderWith(() => undefined);
  for (let n = 0; n < 1_005; n++) {
    mkdirSync(join(root, `f${n}`));
    writeFileSync(join(root, `f${n}/.obbyignore`), '*.log\n');
  }
  const rules = read();
  const all = Array.from({ length: 1_005 }, (_, n) => `f${n}/a`);
  assert.equal(all.filter((path) => rules.isWatched(path)).length, 1_000);
  assert.ok(rules.isWatched('docs/a'));
  assert.match(rules.problems[0]?.message ?? '', /more than 1000 ignore files/);
});
