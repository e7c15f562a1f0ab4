import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { recordedFolder, type Json } from './cliFixture';

function folder(t: TestContext) {
  const recorded = recordedFolder(t);
  const text = (path: string): string | undefined => {
    const file = join(recorded.root, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  return { ...recorded, text };
}

test('restore asks, writes a version back, and undo --last takes it back', async (t) => {
  const { obby, record, write, text } = folder(t);
  await record(() => write('a.md', 'one\n'));
  await record(() => write('a.md', 'two\n'));
  write('a.md', 'not recorded yet\n');
  const refused = await obby(['restore', 'a.md~1']);
  assert.deepEqual([refused.code, text('a.md')], [2, 'not recorded yet\n']);
  assert.match(refused.err, /--yes/);
  const declined = await obby(['restore', 'a.md~1'], { replies: ['n'] });
  assert.deepEqual([declined.code, text('a.md')], [1, 'not recorded yet\n']);
  // Opening recorded what was on disk.
  const done = await obby(['restore', 'a.md~2'], { replies: ['y'] });
  assert.deepEqual([done.code, text('a.md')], [0, 'one\n'], done.err);
  assert.match(done.out, /written {2}a\.md\nChanged 1 file/);
  assert.match(done.err, /write {4}a\.md\nChange 1 file\? \[y\/N\]/);
  const undone = await obby(['undo', '--last', '--yes']);
  assert.deepEqual([undone.code, text('a.md')], [0, 'not recorded yet\n'], undone.err);
});

test('deleted files come back, and a folder as it was at a time', async (t) => {
  const { obby, record, write, text, root } = folder(t);
  await record(() => {
    write('d/a.md', 'one\n');
    write('d/b.md', 'one\n');
  });
  const then = new Date().toISOString();
  await record(() => rmSync(join(root, 'd/a.md')));
  await record(() => write('d/b.md', 'two\n'));
  await record(() => write('d/c.md', 'new\n'));
  const one = await obby(['restore', 'd/a.md', '--yes']);
  assert.deepEqual([one.code, text('d/a.md')], [0, 'one\n'], one.err);
  const all = await obby(['restore', '--at', then, 'd', '--yes', '--json']);
  assert.deepEqual([all.code, text('d/b.md'), text('d/c.md')], [0, 'one\n', 'new\n'], all.err);
  const { restored, failed } = JSON.parse(all.out) as Json;
  assert.deepEqual([restored.map(({ path }) => path), failed], [['d/b.md'], []]);
});

test('undo takes one change back and keeps later edits; conflicts are named', async (t) => {
  const { obby, json, record, write, text } = folder(t);
  await record(() => write('a.md', 'one\ntwo\nthree\nfour\nfive\n'));
  await record(() => write('a.md', 'ONE\ntwo\nthree\nfour\nfive\n'));
  const id = (await json('log', '-n', '1')).changeSets[0]?.id ?? '';
  await record(() => write('a.md', 'ONE\ntwo\nthree\nfour\nFIVE\n'));
  const undone = await obby(['undo', id, '--yes']);
  assert.deepEqual([undone.code, text('a.md')], [0, 'one\ntwo\nthree\nfour\nFIVE\n'], undone.err);
  assert.equal((await obby(['undo', '--last', '--yes'])).code, 0);
  await record(() => write('a.md', 'One!\ntwo\nthree\nfour\nFIVE\n'));
  const conflict = await obby(['undo', id, '--yes']);
  assert.deepEqual([conflict.code, text('a.md')], [1, 'One!\ntwo\nthree\nfour\nFIVE\n'], conflict.err);
  assert.match(conflict.err, /conflict a\.md/);
  assert.equal((await obby(['undo', id, '--yes', '--on-conflict', 'theirs'])).code, 0);
  assert.equal(text('a.md'), 'one\ntwo\nthree\nfour\nFIVE\n');
  assert.equal((await obby(['undo', 'nonsense', '--yes'])).code, 1);
  assert.equal((await obby(['undo', '--yes'])).code, 2);
});

test('a plan is reviewed, then applied, unless the file changed since', async (t) => {
  const { obby, json, record, write, text, base } = folder(t);
  await record(() => {
    write('a.md', 'one\n');
    write('b.md', 'one\n');
  });
  await record(() => {
    write('a.md', 'two\n');
    write('b.md', 'two\n');
  });
  const id = (await json('log', '-n', '1')).changeSets[0]?.id ?? '';
  const undo = await obby(['plan', 'undo', id]);
  const plan = JSON.parse(undo.out) as Json;
  assert.deepEqual(
    plan.steps.map(({ path, action }) => [path, action]),
    [
      ['a.md', 'write'],
      ['b.md', 'write'],
    ],
  );
  // The reviewer leaves one file out.
  const reviewed = JSON.stringify({ ...plan, steps: plan.steps.slice(0, 1) });
  const applied = await obby(['apply', '--yes'], { input: reviewed });
  assert.deepEqual([applied.code, text('a.md'), text('b.md')], [0, 'one\n', 'two\n'], applied.err);
  const file = join(base, 'plan.json');
  writeFileSync(file, (await obby(['plan', 'restore', 'b.md~1'])).out);
  write('b.md', 'three\n');
  const late = await obby(['apply', file, '--yes'], { cwd: base });
  assert.deepEqual([late.code, text('b.md')], [1, 'three\n'], 'it is another file by now');
  assert.match(late.err, /not changed: b\.md/);
});

test('a hostile plan changes nothing', async (t) => {
  const { obby, json, record, write, text, root, base } = folder(t);
  await record(() => write('a.md', 'one\n'));
  await record(() => write('a.md', 'two\n'));
  write('../victim.md', 'mine\n');
  symlinkSync(base, join(root, 'link'));
  const version = (await json('log', 'a.md')).versions[1]?.id;
  const good = { format: 1, folder: root, restore: [{ path: 'a.md', action: 'write', version }] };
  const plans: unknown[] = [
    ...['../victim.md', '/etc/passwd', 'link/victim.md', 'b.md'].map((path) => ({
      ...good,
      restore: [{ path, action: 'write', version }],
    })),
    { ...good, restore: [{ path: 'a.md', action: 'write', version: '../x' }] },
    { ...good, folder: base },
    { ...good, format: 2 },
    { format: 1, folder: root, undo: ['x'], steps: [{ path: '../victim.md', state: 'x', onConflict: 'ours' }] },
    [],
    null,
  ];
  for (const plan of plans) {
    const { code, err } = await obby(['apply', '--yes'], { input: JSON.stringify(plan) });
    assert.ok(code !== 0 && err !== '', JSON.stringify(plan));
  }
  assert.equal((await obby(['apply', '--yes'], { input: '{' })).code, 2);
  assert.deepEqual([text('a.md'), text('../victim.md'), text('b.md')], ['two\n', 'mine\n', undefined]);
});
