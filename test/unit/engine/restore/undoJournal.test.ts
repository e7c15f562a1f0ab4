import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { times } from '../../../support/chance';
import fc from '../../../support/properties';
import { three, undo, withFiles } from './restoresFixture';

const twos = three.map((path) => `two ${path}`);

test('a journal that Obby did not write is logged, changes nothing, and keeps no restore from being undone later', async () => {
  const { folder, on, items, journal, log, texts, reload } = await withFiles();
  const header = { format: 1, id: 'r-1', time: 1, writer: { pid: 1 }, isUndone: false };
  const lined = (...lines: unknown[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const path = 'a.md';
  const contents = [
    ...['', '\n', '{', 'null\n', '[]\n', '\0', lined(header).repeat(2), `${lined(header)}{\n`],
    ...[
      '..',
      '../x',
      'd/../../x',
      '/etc/passwd',
      '.git/config',
      'd/.GIT/x',
      'git~1/x',
      '',
      'a//b',
      './a',
      'a\0',
      1,
    ].map((bad) => lined(header, { path: bad, undo: {} })),
    ...['../x', 'other', 'a.m', '', '.git', 7].map((bad) =>
      lined(header, { path: 'a.md/x', undo: { folders: [bad] } }),
    ),
    ...[1, '', '../x', 'v1-x'].map((version) => lined(header, { path, undo: { version } })),
    ...[{ format: 2 }, { id: '../x' }, { time: '1' }, { writer: {} }].map((each) => lined({ ...header, ...each })),
  ];
  for (const content of contents) {
    writeFileSync(journal, content);
    log.lines.length = 0;
    assert.equal(await folder.engine.restores.last(), undefined, content);
    assert.match(log.lines.join('\n'), /^warn .*undo\.jsonl cannot be used/, content);
  }
  truncateSync(journal, 129_000_000);
  const engine = await reload();
  assert.deepEqual([await engine.restores.last(), texts()], [undefined, twos]);
  await engine.restores.restore(items, 'r-1');
  // A line without an end was being written.
  appendFileSync(journal, '{"path":"a.md","un');
  assert.deepEqual([await undo(engine), texts()], [[], twos]);
  writeFileSync(on('.env'), 'SECRET=1');
  writeFileSync(journal, lined(header, { path: '.env', undo: {} }));
  assert.deepEqual([await undo(engine), readFileSync(on('.env'), 'utf8')], [[], 'SECRET=1']);
  await engine.close();
});

test('whatever is in a journal, it is an answer without an error, and names only files in the folder', async () => {
  const { folder, journal } = await withFiles(['a.md']);
  const state = fc.record(
    { version: fc.oneof(fc.constant('v1-1-1-1'), fc.jsonValue()), folders: fc.array(fc.constantFrom('a', '..', 'b')) },
    { requiredKeys: [] },
  );
  const path = fc.oneof(fc.constantFrom('a/x', 'b', '../x', '.git/x'), fc.string());
  const entry = fc.record({ path, undo: state, undone: state, change: fc.jsonValue() }, { requiredKeys: ['path'] });
  const header = { format: 1, id: 'r', time: 1, writer: { pid: 1 }, isUndone: false };
  const lines = fc.array(fc.oneof({ weight: 5, arbitrary: entry }, { weight: 1, arbitrary: fc.jsonValue() }), {
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(lines, fc.boolean(), async (values, isWhole) => {
      const text = [header, ...values].map((value) => JSON.stringify(value)).join('\n');
      writeFileSync(journal, isWhole ? `${text}\n` : text);
      for (const each of (await folder.engine.restores.last())?.remaining ?? []) {
        for (const name of [each.path, ...(each.folders ?? [])].flatMap((some) => some.split('/'))) {
          assert.ok(!['', '.', '..', '.git'].includes(name), text);
        }
      }
    }),
    { numRuns: times(500) },
  );
  await folder.engine.close();
});
