import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ObbyError } from '../../../src/base/errors';
import type { RestoreJournal } from '../../../src/track/restoreJournal';
import { setUp } from './recorderFixture';

test('what undoes a change is noted before it, and its end after it, also if it fails', async () => {
  const events: string[] = [];
  const refused = new ObbyError('diskFull', 'The disk is full.');
  const fault = (_port: string, call: string, [path]: readonly unknown[]): void => {
    if (call !== 'write') return;
    events.push(`write ${String(path)}`);
    if (path === 'b.md') throw refused;
  };
  const { recorder, write, record, store, on } = await setUp({ fault });
  const items: { path: string; version: string }[] = [];
  const ids = new Map<string, string>();
  for (const path of ['a.md', 'b.md', 'c.md']) {
    for (const text of ['one', 'two']) {
      await write(path, `${text} ${path}`);
      await record(path);
    }
    const [newest, first] = await store.versions(path, {});
    items.push({ path, version: first?.id ?? '' });
    ids.set(newest?.id ?? '', `two ${path}`).set(first?.id ?? '', `one ${path}`);
  }
  const journal: RestoreJournal = {
    begin: ({ undo, from, to }) => {
      events.push(`begin ${undo.path}: ${[undo.version, from, to].map((id) => ids.get(id ?? '')).join(', ')}`);
      return undo.path === 'c.md' ? Promise.reject(refused) : Promise.resolve();
    },
    end: (path, undo) => {
      events.push(`end ${path}: ${undo ? ids.get(undo.version ?? '') : 'failed'}`);
      return Promise.resolve();
    },
  };
  const { failed } = await recorder.restore(items, journal);
  assert.deepEqual(events, [
    'begin a.md: two a.md, two a.md, one a.md',
    'write a.md',
    'end a.md: two a.md',
    'begin b.md: two b.md, two b.md, one b.md',
    'write b.md',
    'end b.md: failed',
    'begin c.md: two c.md, two c.md, one c.md',
  ]);
  assert.deepEqual(
    failed.map(({ path }) => path),
    ['b.md', 'c.md'],
  );
  assert.equal(readFileSync(on('c.md'), 'utf8'), 'two c.md');
});
