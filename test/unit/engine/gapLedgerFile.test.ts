import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { GapLedger, gapFileIn } from '../../../src/engine/gapLedger';
import { nodeFilePort } from '../../../src/store/disk/nodeFilePort';
import { FakeClock } from '../../support/fakeClock';
import { times } from '../../support/chance';
import fc from '../../support/properties';
import { ListLog, temporaryFolder } from '../store/fixtures';

function setUp(content?: string | Uint8Array) {
  const dir = temporaryFolder();
  const path = join(dir, 'gaps.json');
  const log = new ListLog();
  if (content !== undefined) writeFileSync(path, content);
  const file = gapFileIn(dir, nodeFilePort, log);
  /** The gaps that a window makes of the file. */
  const gaps = async () => {
    const ledger = new GapLedger({ file, clock: new FakeClock(), log });
    await ledger.load();
    return ledger.all;
  };
  return { dir, path, log, file, gaps };
}

test('what was written is read again, and nothing else is left in the folder', async () => {
  const { dir, file, log } = setUp();
  assert.equal(await file.read(), undefined);
  await Promise.all([file.write([1]), file.write([2])]);
  await file.write([{ kind: 'closed' }]);
  assert.deepEqual([await file.read(), readdirSync(dir), log.lines], [[{ kind: 'closed' }], ['gaps.json'], []]);
});

test('what is not JSON is begun again, and logged', async () => {
  for (const content of ['', '[', '[{"kind":"closed","from":1,"count":0}', '\0', Buffer.from([0xff, 0xfe])]) {
    const { path, log, file, gaps } = setUp(content);
    assert.equal(await file.read(), undefined);
    assert.match(log.lines.join('\n'), /^warn .*gaps\.json is invalid and will be replaced: /);
    assert.deepEqual(await gaps(), []);
    await file.write([]);
    assert.equal(readFileSync(path, 'utf8'), '[]');
  }
});

test('a file that cannot be read costs no more than the gaps of earlier windows', async () => {
  const { path, log, file, gaps } = setUp();
  mkdirSync(path);
  await assert.rejects(file.read());
  assert.deepEqual(await gaps(), []);
  assert.match(log.lines.join('\n'), /could not be read/);
});

test('whatever is in the file, a window has at most 50 gaps, each of them whole', async () => {
  const time = fc.oneof(
    { weight: 40, arbitrary: fc.integer({ min: 0, max: 9 }) },
    { weight: 1, arbitrary: fc.constantFrom(-1, null, '1', true) },
  );
  const kind = fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom('closed', 'paused', 'polling') },
    { weight: 1, arbitrary: fc.constantFrom('open', 1, null, '__proto__') },
  );
  const reason = fc.oneof(
    fc.record({ code: fc.string(), args: fc.array(fc.string(), { maxLength: 12 }) }),
    fc.jsonValue(),
  );
  const gap = fc.oneof(
    { weight: 1, arbitrary: fc.record({ kind, from: time, to: time, count: time, reason }, { requiredKeys: [] }) },
    {
      weight: 6,
      arbitrary: fc.record({ kind, from: time, to: time, count: time }, { requiredKeys: ['kind', 'from', 'count'] }),
    },
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.jsonValue(), fc.array(gap, { maxLength: 120, size: 'max' })), async (value) => {
      const all = await setUp(JSON.stringify(value)).gaps();
      assert.ok(all.length <= 50);
      for (const { kind, from, to = from, count } of all) {
        assert.ok(['closed', 'paused', 'polling'].includes(kind) && from >= 0 && to >= from && count >= 0);
      }
    }),
    { numRuns: times(100) },
  );
});

test('a file that is far too large is not read, and replaced with the next gap', async () => {
  const { path, log, file, gaps } = setUp('[]');
  truncateSync(path, 1 << 30);
  const before = process.memoryUsage().rss;
  assert.deepEqual(await gaps(), []);
  assert.ok(process.memoryUsage().rss - before < 256 << 20);
  assert.match(log.lines.join('\n'), /^warn .*gaps\.json has 1073741824 bytes/);
  await file.write([]);
  assert.equal(readFileSync(path, 'utf8'), '[]');
});
