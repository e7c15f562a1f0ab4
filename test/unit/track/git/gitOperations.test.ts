import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { CauseSpan } from '../../../../src/model/changeHint';
import type { Clock } from '../../../../src/base/clock';
import { GitOperations, parseReflog } from '../../../../src/track/git/gitOperations';

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A repository with the branches `main` and `topic`, and a commit on each. */
function repository(): { readonly root: string; readonly git: (...args: string[]) => string } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'obby-git-')));
  folders.push(root);
  const env = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', HOME: root };
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=Me', '-c', 'user.email=me@example.org', ...args], {
      cwd: root,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  git('init', '-q', '-b', 'main');
  writeFileSync(join(root, 'a.txt'), 'main\n');
  git('add', '-A');
  git('commit', '-qm', 'one');
  git('checkout', '-qb', 'topic');
  writeFileSync(join(root, 'a.txt'), 'topic\n');
  git('commit', '-qam', 'two');
  return { root, git };
}

let ahead = 0;

/** The last git operation; each call is late enough that git's files are read again. */
function lastOf(operations: GitOperations): CauseSpan | undefined {
  return operations.lately(Date.now() + (ahead += 1_000)).at(-1);
}

test('a branch that is named as a token is masked', () => {
  const { root, git } = repository();
  const operations = new GitOperations(root);
  lastOf(operations);
  const token = `ghp_${'a1'.repeat(18)}`;
  git('checkout', '-qb', `try-${token}`);
  git('checkout', '-q', 'main');
  assert.deepEqual(lastOf(operations)?.causeDetail, { operation: 'checkout', from: 'try-•••', to: 'main' });
});

test('a checkout, with from and to, covers what it wrote', () => {
  const { root, git } = repository();
  const operations = new GitOperations(root);
  lastOf(operations);
  git('checkout', '-q', 'main');
  const span = lastOf(operations);
  assert.deepEqual(span?.causeDetail, { operation: 'checkout', from: 'topic', to: 'main' });
  const written = statSync(join(root, 'a.txt')).ctimeMs;
  assert.ok(span.from <= written && written <= (span.to ?? 0), 'the file was written meanwhile');
});

test('a reset has both commits, a pull from another repository its kind', () => {
  const { root, git } = repository();
  const operations = new GitOperations(root);
  const [topic, main] = [git('rev-parse', 'topic'), git('rev-parse', 'main')].map((commit) => commit.slice(0, 8));
  git('reset', '-q', '--hard', 'main');
  assert.deepEqual(lastOf(operations)?.causeDetail, { operation: 'reset', from: topic, to: main });
  const other = repository();
  git('pull', '-q', '--rebase=false', '--allow-unrelated-histories', '-X', 'theirs', '--no-edit', other.root, 'topic');
  assert.equal(lastOf(operations)?.causeDetail.operation, 'pull');
});

test('a stash and its return', async () => {
  const { root, git } = repository();
  const operations = new GitOperations(root);
  lastOf(operations);
  writeFileSync(join(root, 'a.txt'), 'not committed\n');
  git('stash', '-q');
  assert.equal(lastOf(operations)?.causeDetail.operation, 'stash');
  await delay(20);
  git('stash', 'pop', '-q');
  const popped = lastOf(operations);
  assert.equal(popped?.causeDetail.operation, 'stash');
  const written = statSync(join(root, 'a.txt')).ctimeMs;
  assert.ok(popped.from <= written && written <= (popped.to ?? 0), 'the file came back meanwhile');
});

test('a commit touches no file', () => {
  const { root, git } = repository();
  const operations = new GitOperations(root);
  const before = lastOf(operations);
  git('commit', '-q', '--allow-empty', '-m', 'three');
  assert.deepEqual(lastOf(operations), before);
});

test('while it holds its lock, git is at work; when it is done, it is known what it did, as the same event', () => {
  const { root, git } = repository();
  const operations = new GitOperations(root);
  lastOf(operations);
  writeFileSync(join(root, '.git', 'index.lock'), '');
  const running = lastOf(operations);
  assert.deepEqual({ detail: running?.causeDetail, to: running?.to }, { detail: {}, to: undefined });
  rmSync(join(root, '.git', 'index.lock'));
  git('checkout', '-q', 'main');
  const done = lastOf(operations);
  assert.equal(done?.id, running?.id);
  assert.equal(done?.causeDetail.operation, 'checkout');
});

test('without a log, HEAD shows the operation', () => {
  const { root, git } = repository();
  git('config', 'core.logAllRefUpdates', 'false');
  rmSync(join(root, '.git', 'logs'), { recursive: true });
  const operations = new GitOperations(join(root));
  lastOf(operations);
  git('checkout', '-q', 'main');
  assert.deepEqual(lastOf(operations)?.causeDetail, { operation: 'checkout', from: 'topic', to: 'main' });
});

test('a folder inside of a repository, a linked working tree, and no repository at all', () => {
  const { root, git } = repository();
  mkdirSync(join(root, 'below'));
  const linked = `${root}-linked`;
  folders.push(linked);
  git('worktree', 'add', '-q', linked, 'main');
  git('checkout', '-q', '--detach');
  assert.equal(lastOf(new GitOperations(join(root, 'below')))?.causeDetail.operation, 'checkout');
  const tree = new GitOperations(linked);
  lastOf(tree);
  execFileSync('git', ['checkout', '-q', '-b', 'third'], { cwd: linked });
  assert.deepEqual(lastOf(tree)?.causeDetail, { operation: 'checkout', from: 'main', to: 'third' });
  assert.deepEqual(new GitOperations(tmpdir()).lately(Date.now()), []);
});

test('a log that anybody could have written: what is no entry is none, long names are cut', () => {
  const hash = 'a'.repeat(40);
  const entry = (subject: string): string => `${hash} ${hash} M <m@example.org> 1700000000 +0000\t${subject}\n`;
  const lines = ['cut in the mid', entry('commit: checkout: x'), entry('constructor: x'), 'x'.repeat(10_000)].join(
    '\n',
  );
  assert.deepEqual(
    parseReflog(lines, 0).map(({ operation }) => operation),
    [undefined, undefined],
  );
  const { root } = repository();
  writeFileSync(join(root, '.git', 'logs', 'HEAD'), entry(`checkout: moving from ${'f'.repeat(5_000)} to b`));
  assert.equal(lastOf(new GitOperations(root))?.causeDetail.from?.length, 200);
});

test('waits for the log, which git writes last', async () => {
  const { root, git } = repository();
  const operations = new GitOperations(root);
  lastOf(operations);
  git('checkout', '-q', 'main');
  const [log, index] = ['logs/HEAD', 'index'].map((name) => join(root, '.git', name)) as [string, string];
  const whole = readFileSync(log);
  const before = whole.subarray(0, whole.lastIndexOf('\n', whole.length - 2) + 1);
  // As it was when the files and the index were written, and the log was not.
  writeFileSync(log, before);
  utimesSync(log, 0, 0);
  let waits = 0;
  const clock: Clock = {
    now: () => statSync(index).ctimeMs + 20,
    elapsed: () => 0,
    after(_ms, callback) {
      if (++waits === 3) writeFileSync(log, whole);
      setImmediate(callback);
      return () => undefined;
    },
  };
  await operations.settled(clock);
  assert.equal(waits, 3);
  assert.equal(lastOf(operations)?.causeDetail.operation, 'checkout');
});

test('does not wait for a git that runs long, nor where there is none', async () => {
  const { root } = repository();
  const lock = join(root, '.git', 'index.lock');
  writeFileSync(lock, '');
  let waits = 0;
  let now = statSync(lock).ctimeMs;
  const clock: Clock = {
    now: () => now,
    elapsed: () => now,
    after(ms, callback) {
      waits++;
      now += ms;
      setImmediate(callback);
      return () => undefined;
    },
  };
  const operations = new GitOperations(root);
  await operations.settled(clock);
  const bound = waits;
  assert.ok(bound > 0 && bound <= 31, String(bound));
  // However far the clock is set back meanwhile.
  const setBack = { ...clock, now: () => (now -= waits > bound ? 60_000 : 0) };
  now = statSync(lock).ctimeMs;
  await operations.settled(setBack);
  assert.ok(waits <= bound + 31, String(waits));
  const most = waits;
  now = statSync(lock).ctimeMs + 1_000;
  await operations.settled(clock);
  await new GitOperations(tmpdir()).settled(clock);
  assert.equal(waits, most);
});
