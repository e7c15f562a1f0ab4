import assert from 'node:assert/strict';
import { test } from 'node:test';
import { singleLineLog, type Log } from '../../../src/base/log';

function recordingLog(): { readonly log: Log; readonly entries: string[] } {
  const entries: string[] = [];
  const add = (message: string | Error): void => void entries.push(String(message));
  return { log: singleLineLog({ debug: add, info: add, warn: add, error: add }), entries };
}

test('a name with line feeds and control characters is no further entry of the log', () => {
  const { log, entries } = recordingLog();
  const name = 'a\n2026-01-01 [error] b\r\u001b[2J\u202e';
  for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level](`${name} was not recorded.`);
  assert.deepEqual(new Set(entries), new Set(['a\\n2026-01-01 [error] b\\r\\u{1b}[2J\\u{202e} was not recorded.']));
});

test('the stack of an error keeps its lines, its message does not', () => {
  const { log, entries } = recordingLog();
  const error = new Error('no file a\nb');
  log.error(error);
  const [message, ...frames] = (entries[0] ?? '').split('\n');
  assert.equal(message, 'Error: no file a\\nb');
  assert.ok(frames.length > 0 && frames.every((each) => each.startsWith('    at ')));
});

test('ordinary entries stay as they are', () => {
  const { log, entries } = recordingLog();
  log.info('Über uns.md: 3 versions (“x”)');
  assert.deepEqual(entries, ['Über uns.md: 3 versions (“x”)']);
});
