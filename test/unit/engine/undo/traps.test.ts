import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { told, withWriters } from './undoFixture';

function replaced(lines: readonly string[], at: number, line: string): string[] {
  return lines.map((each, index) => (index === at ? line : each));
}

const block = 'f() {\n  before\n}\n';

test('repeated text: the changed one of equal lines is taken back, not the first that looks like it', async () => {
  const { write, undo, text, engine } = await withWriters();
  await write({ 'a.md': `${block}\n${'x\n'.repeat(5)}${block}` });
  const set = await write({ 'a.md': `${block}\n${'x\n'.repeat(5)}f() {\n  agent\n}\n` });
  await write({ 'a.md': `f() {\n  agent\n}\n\n${'x\n'.repeat(5)}f() {\n  agent\n}\n` });
  await undo({ changeSets: [set] });
  assert.equal(text('a.md'), `f() {\n  agent\n}\n\n${'x\n'.repeat(5)}${block}`);
  await engine.close();
});

test('no half revert: a file with one overlap stays whole, the others are undone, and it is named', async () => {
  const { write, plan, undo, text, engine } = await withWriters();
  const lines = Array.from({ length: 9 }, (_, at) => `${at}`);
  await write({ 'a.md': lines.join('\n'), 'b.md': 'b\n' });
  const agent = replaced(replaced(lines, 1, 'agent'), 7, 'agent');
  const set = await write({ 'a.md': agent.join('\n'), 'b.md': 'agent\n' });
  const mine = replaced(agent, 1, 'mine').join('\n');
  await write({ 'a.md': mine });
  assert.deepEqual(told(await plan({ changeSets: [set] })), ['conflict a.md overlap', 'write b.md']);
  const { failed } = await undo({ changeSets: [set] });
  assert.deepEqual(
    failed.map(({ path, problem }) => [path, problem.code]),
    [['a.md', 'conflict']],
  );
  assert.deepEqual([text('a.md'), text('b.md')], [mine, 'b\n']);
  const files = (onConflict: 'markers' | 'theirs' | 'ours') => [{ path: 'a.md', onConflict }];
  await undo({ changeSets: [set], files: files('ours') });
  assert.equal(text('a.md'), replaced(lines, 1, 'mine').join('\n'));
  await write({ 'a.md': mine });
  await undo({ changeSets: [set], files: files('markers') });
  const marked = ['<<<<<<< present', 'mine', '=======', '1', '>>>>>>> before the change that is undone'];
  assert.equal(text('a.md'), ['0', ...marked, ...lines.slice(2)].join('\n'));
  await write({ 'a.md': mine });
  await undo({ changeSets: [set], files: files('theirs') });
  assert.equal(text('a.md'), lines.join('\n'));
  await engine.close();
});

test('stale undo: a file that changed after the plan was reviewed stays as it is', async () => {
  const { write, plan, undo, text, on, engine } = await withWriters();
  await write({ 'a.md': 'a\n', 'b.md': 'b\n' });
  const set = await write({ 'a.md': 'agent\n', 'b.md': 'agent\n' });
  const { steps } = await plan({ changeSets: [set] });
  writeFileSync(on('a.md'), 'typed a moment ago\n');
  const files = steps.map(({ path, state }) => ({ path, state }));
  const { failed } = await undo({ changeSets: [set], files });
  assert.deepEqual(
    failed.map(({ path, problem }) => [path, problem.code]),
    [['a.md', 'outdated']],
  );
  assert.deepEqual([text('a.md'), text('b.md')], ['typed a moment ago\n', 'b\n']);
  await engine.close();
});

test('no false conflict within one undo: several change sets of the same lines, with others between, are one', async () => {
  const { write, plan, undo, text, engine } = await withWriters();
  const lines = Array.from({ length: 12 }, (_, at) => `${at}\n`);
  const of = (changes: Readonly<Record<number, string>>): string =>
    lines.map((line, at) => changes[at] ?? line).join('');
  await write({ 'a.md': of({}) });
  const first = await write({ 'a.md': of({ 2: 'agent\n' }) });
  await write({ 'a.md': of({ 2: 'agent\n', 9: 'mine\n' }) });
  const second = await write({ 'a.md': of({ 2: 'agent again\n', 9: 'mine\n' }) });
  assert.deepEqual(told(await plan({ changeSets: [first] })), ['conflict a.md overlap']);
  assert.deepEqual(told(await plan({ changeSets: [second, first] })), ['merge a.md']);
  await undo({ changeSets: [second, first] });
  assert.equal(text('a.md'), of({ 9: 'mine\n' }));
  assert.deepEqual(told(await plan({ changeSets: [second, first] })), []);
  await engine.close();
});

test('an undo while the command still runs: what it writes afterwards is undone next, and nothing twice', async () => {
  const { engine, store, on, plan, undo, text, clock } = await withWriters();
  const command = { id: 's1', cause: 'terminal', causeDetail: { command: './agent.sh' } } as const;
  writeFileSync(on('a.md'), 'a\n');
  writeFileSync(on('b.md'), 'b\n');
  await engine.scan('asked');
  await engine.flush();
  clock.advance(1_000);
  writeFileSync(on('a.md'), 'agent\n');
  await engine.record(['a.md']);
  const [newest] = await store.recent({ limit: 1 });
  const set = newest?.changeSet ?? command.id;
  await undo({ changeSets: [set] });
  assert.equal(text('a.md'), 'a\n');
  writeFileSync(on('b.md'), 'agent\n');
  await engine.record(['b.md']);
  assert.deepEqual([text('a.md'), text('b.md')], ['a\n', 'agent\n']);
  const [later] = await store.versions('b.md', {});
  await undo({ changeSets: [...new Set([set, later?.changeSet ?? set])] });
  assert.deepEqual([text('a.md'), text('b.md')], ['a\n', 'b\n']);
  assert.deepEqual(told(await plan({ changeSets: [set] })), []);
  await engine.close();
});

test("git's index and HEAD are not touched", async () => {
  const { write, undo, on, engine } = await withWriters();
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: on('') }).toString();
  git('init', '--quiet');
  await write({ 'a.md': 'a\n', 'gone.md': 'gone\n' });
  git('add', '.');
  const set = await write({ 'a.md': 'agent\n', 'new.md': 'agent\n' });
  git('add', 'new.md');
  const index = (): unknown[] => [readFileSync(on('.git/index')), statSync(on('.git/index')).mtimeMs];
  const before = [index(), readFileSync(on('.git/HEAD'))];
  await undo({ changeSets: [set] });
  assert.deepEqual([index(), readFileSync(on('.git/HEAD'))], before);
  assert.equal(existsSync(on('new.md')), false);
  await engine.close();
});

test('binary files, modes, created files that were edited, and paths that are taken', async () => {
  const { write, change, move, plan, undo, on, text, engine } = await withWriters();
  const bytes = (last: number): Buffer => Buffer.from([0, 1, 2, last]);
  await write({ 'x.bin': bytes(1), 'run.sh': 'a\n', 'm.md': 'moved\n' });
  chmodSync(on('run.sh'), 0o644);
  await engine.record(['run.sh']);
  await engine.flush();
  const set = await change(() => {
    writeFileSync(on('x.bin'), bytes(2));
    writeFileSync(on('new.md'), 'agent\n');
    chmodSync(on('run.sh'), 0o755);
  }, ['run.sh']);
  assert.deepEqual(told(await plan({ changeSets: [set] })), ['delete new.md', 'write run.sh', 'write x.bin']);
  await write({ 'x.bin': bytes(3), 'new.md': 'agent\nmine\n' });
  assert.deepEqual(told(await plan({ changeSets: [set] })), [
    'conflict new.md edited',
    'write run.sh',
    'conflict x.bin unmergeable',
  ]);
  await undo({ changeSets: [set] });
  assert.equal(statSync(on('run.sh')).mode & 0o777, 0o644);
  assert.deepEqual([text('new.md'), readFileSync(on('x.bin'))], ['agent\nmine\n', bytes(3)]);
  const moved = await move('m.md', 'n.md');
  await write({ 'm.md': 'another\n' });
  assert.deepEqual(told(await plan({ changeSets: [moved] })), ['conflict n.md occupied']);
  assert.deepEqual(told(await plan({ changeSets: [moved], onConflict: 'theirs' })), ['conflict n.md occupied']);
  await engine.close();
});

test('a link that took the place of a file is named, and what it leads to is never written', async () => {
  const { write, change, plan, undo, on, text, engine } = await withWriters();
  await write({ 'a.md': 'a\n', 'target.md': 'target\n' });
  const set = await change(() => {
    unlinkSync(on('a.md'));
    symlinkSync('target.md', on('a.md'));
  }, ['a.md']);
  const { steps } = await plan({ changeSets: [set] });
  assert.deepEqual(
    steps.map(({ action, conflict, detail }) => [action, conflict, detail?.includes('link')]),
    [['conflict', 'unreadable', true]],
  );
  await undo({ changeSets: [set] });
  assert.deepEqual([text('target.md'), text('a.md')], ['target\n', 'target\n']);
  await engine.close();
});

test('unsaved text counts as the present content, and a renamed file keeps its history', async () => {
  const { write, move, undo, store, text, engine } = await withWriters();
  const lines = Array.from({ length: 9 }, (_, at) => `${at}\n`);
  await write({ 'a.md': lines.join('') });
  const agent = replaced(lines, 1, 'agent\n');
  const set = await write({ 'a.md': agent.join('') });
  const unsaved = [{ path: 'a.md', unsavedText: replaced(agent, 7, 'typed\n').join('') }];
  await undo({ changeSets: [set], unsaved });
  assert.equal(text('a.md'), replaced(lines, 7, 'typed\n').join(''));
  const moved = await move('a.md', 'b.md');
  await undo({ changeSets: [moved] });
  const versions = await store.versions('a.md', {});
  assert.deepEqual(
    versions.slice(0, 3).map(({ kind, path, renamedFrom, cause }) => [kind, path, renamedFrom, cause]),
    [
      ['renamed', 'a.md', 'b.md', 'restore'],
      ['renamed', 'b.md', 'a.md', versions[1]?.cause],
      ['modified', 'a.md', undefined, 'restore'],
    ],
  );
  await engine.close();
});
