import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Uri } from 'vscode';
import * as args from '../../../../src/host/api/arguments';

const id = 'v1-0loyw3v28-writer-1@0123456789ab';

/** What a Uri of VS Code consists of. */
function uriOf(path: string, scheme = 'file'): Uri {
  const parts = { scheme, authority: '', path, query: '', fragment: '', fsPath: path };
  const uri = { ...parts, with: () => uri, toJSON: () => parts, toString: () => `${scheme}://${path}` };
  return uri;
}

const bad = (what: RegExp | string) => ({ code: 'badArgument', message: what });

test('a Uri is known by its members, and anything else is named', () => {
  const uri = uriOf('/a');
  assert.equal(args.aUri('uri', uri), uri);
  assert.equal(args.anOptionalUri('uri', undefined), undefined);
  assert.equal(args.aFilePath('target', uri), '/a');
  const lacking = Object.fromEntries(Object.entries(uri).filter(([name]) => name !== 'fsPath'));
  for (const value of ['/a', 'file:///a', null, undefined, 1, {}, [], new URL('file:///a'), lacking, () => uri]) {
    assert.throws(() => args.aUri('uri', value), bad(/^uri: expected a Uri, got /));
  }
  assert.throws(() => args.aFilePath('target', uriOf('/a', 'untitled')), bad(/target: .* file on disk, got "untitled/));
});

test('what is shown of a bad value is short, and never more than its kind for an object', () => {
  const shown = (value: unknown): string => args.bad('x', 'y', value).message;
  assert.equal(shown('a'.repeat(1_000)).length, 'x: expected y, got "".'.length + 80);
  assert.equal(shown({ toString: () => assert.fail() }), 'x: expected y, got an object.');
  assert.equal(shown([1]), 'x: expected y, got an array.');
  assert.equal(
    shown(() => 1),
    'x: expected y, got a function.',
  );
  assert.equal(shown(Symbol('s')), 'x: expected y, got Symbol(s).');
  assert.equal(shown(10n ** 200n).length, 'x: expected y, got .'.length + 80);
});

test('times are numbers or dates that exist', () => {
  assert.equal(args.aTime('t', 5), 5);
  assert.equal(args.aTime('t', new Date(7)), 7);
  for (const value of [NaN, Infinity, new Date(NaN), '5', null]) {
    assert.throws(() => args.aTime('t', value), bad(/^t: expected a time/));
  }
});

test('pages and queries are parsed member by member; limits are bounded, unknown members dropped', () => {
  assert.deepEqual(args.aPage(undefined), {});
  assert.deepEqual(args.aPage({ limit: 99_999, before: id, earlier: true, other: 1 }), {
    limit: 10_000,
    before: id,
    earlier: true,
  });
  assert.deepEqual(args.aPage({ before: new Date(5) }), { before: 5 });
  for (const limit of [0, -1, 1.5, '1', NaN]) assert.throws(() => args.aPage({ limit }), bad(/^page\.limit: /));
  assert.throws(() => args.aPage({ before: 'v1' }), bad(/^page\.before: /));
  assert.throws(() => args.aPage({ earlier: 1 }), bad(/^page\.earlier: /));
  assert.throws(() => args.aPage(5), bad(/^page: expected an object, got 5\.$/));

  const folder = uriOf('/w');
  assert.deepEqual(args.aRecentQuery({ since: 1, until: new Date(2), folder, cause: 'git', limit: 3 }), {
    ...{ since: 1, until: 2, folder, cause: 'git', limit: 3 },
  });
  assert.throws(
    () => args.aRecentQuery({ cause: 'magic' }),
    bad(/^query\.cause: expected one of save, .* got "magic"/),
  );
  assert.deepEqual(args.aChangeSetQuery({ before: id, cause: 'git' }), { before: id });
  assert.throws(() => args.aChangeSetQuery({ before: 5 }), bad(/^query\.before: /));
  assert.deepEqual(args.aChangesPage({ offset: 0, limit: 1 }), { offset: 0, limit: 1 });
  for (const offset of [-1, 1.5, '1', null]) assert.throws(() => args.aChangesPage({ offset }), bad(/^page\.offset: /));
});

test('texts, names, flags, lists and options', () => {
  assert.equal(args.aName('name', '  a name '), 'a name');
  for (const value of ['', ' ', 'a\nb', 'a\rb', 'x'.repeat(201), 5]) {
    assert.throws(() => args.aName('name', value), bad(/^name: expected a text on one line/));
  }
  assert.equal(args.aText('t', ' '), ' ');
  assert.throws(() => args.aText('t', ''), bad(/^t: /));
  assert.throws(() => args.aBoolean('b', 0), bad(/^b: expected true or false, got 0/));
  assert.deepEqual([...args.anIterable('list', new Set([1]))], [1]);
  for (const value of [5, 'text', {}, undefined]) {
    assert.throws(() => args.anIterable('list', value as unknown as number[]), bad(/^list: /));
  }
  assert.deepEqual(args.aDiffOptions({ context: 0, encodings: ['utf8'] }), { context: 0, encodings: ['utf8'] });
  for (const context of [-1, 0.5, '1']) assert.throws(() => args.aDiffOptions({ context }), bad(/^options\.context: /));
  for (const encodings of ['utf8', [1]])
    assert.throws(() => args.aDiffOptions({ encodings }), bad(/^options\.encodings/));
});

test('a request to forget selects something, and its text is in no message', () => {
  assert.deepEqual(args.aForgetRequest({ text: 'secret', since: new Date(1) }), { text: 'secret', since: 1 });
  assert.throws(() => args.aForgetRequest({}), bad(/at least one of them/));
  assert.throws(() => args.aForgetRequest({ folder: uriOf('/w') }), bad(/at least one of them/));
  for (const request of [
    { text: { secret: 'hunter2' } },
    { text: 'hunter2', since: 'x' },
    { text: 'hunter2', uri: 1 },
  ]) {
    assert.throws(
      () => args.aForgetRequest(request),
      (error: Error) => !error.message.includes('hunter2'),
    );
  }
});
