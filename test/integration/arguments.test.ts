import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ObbyApi } from '../../src/api/api';
import { obby, rejection } from './support';

/** What JavaScript may pass: the argument that must be named, and a call that passes something else for it. */
type BadCall = readonly [argument: string, call: (api: ObbyApi, bad: never) => unknown];

const noUris: readonly unknown[] = [
  undefined,
  null,
  'file:///a',
  5,
  {},
  [],
  { path: '/a', scheme: 'file' },
  Object.create(null),
];
const noIds: readonly unknown[] = [
  undefined,
  null,
  '',
  'v1',
  'v1-x',
  5,
  {},
  ['v1-000000000-000000-1@0123456789ab'],
  Object.create(null),
];
const noNumbers: readonly unknown[] = ['5', NaN, Infinity, -1, 0, 1.5, null, {}];
const noTimes: readonly unknown[] = [undefined, null, '2020', NaN, Infinity, {}, new Date('never')];
const noObjects: readonly unknown[] = [null, 5, 'text'];
const noTexts: readonly unknown[] = [undefined, null, '', 5, {}];
const noNames: readonly unknown[] = [...noTexts, ' ', 'a\nb', 'x'.repeat(201)];
const someUri = vscode.Uri.file('/');
const inBrowser = vscode.Uri.parse('vscode-vfs://github/a/b.obby');

const calls: readonly (readonly [name: string, values: readonly unknown[], call: BadCall])[] = [
  ['watching.pause', noUris.slice(1), ['folder', (api, bad) => api.watching.pause(bad)]],
  ['watching.resume', noUris.slice(1), ['folder', (api, bad) => api.watching.resume(bad)]],
  ['watching.scan', noUris.slice(1), ['folder', (api, bad) => api.watching.scan(bad)]],
  ['watching.explain', noUris, ['uri', (api, bad) => api.watching.explain(bad)]],
  ['tracking.record', noUris, ['uri', (api, bad) => api.tracking.record(bad)]],
  ['tracking.hash', noUris, ['uri', (api, bad) => api.tracking.hash(bad)]],
  ['tracking.recordAll', [undefined, null, 5, {}], ['uris', (api, bad) => next(api.tracking.recordAll(bad))]],
  ['tracking.diff', [undefined, null, 5, {}, { text: 5 }], ['a', (api, bad) => api.tracking.diff(bad, 'b')]],
  ['tracking.diff', [undefined, null, 5, {}, { text: 5 }], ['b', (api, bad) => api.tracking.diff('a', bad)]],
  ['tracking.diff', noObjects, ['options', (api, bad) => api.tracking.diff('a', 'b', bad)]],
  [
    'tracking.diff',
    [-1, 'x', NaN, 1.5, null],
    ['options.context', (api, bad) => api.tracking.diff('a', 'b', { context: bad })],
  ],
  [
    'tracking.diff',
    [5, 'gbk', [5], null],
    ['options.encodings', (api, bad) => api.tracking.diff('a', 'b', { encodings: bad })],
  ],
  ['history.versions', noUris, ['uri', (api, bad) => api.history.versions(bad)]],
  ['history.version', noIds, ['id', (api, bad) => api.history.version(bad)]],
  ['history.content', noIds, ['id', (api, bad) => api.history.content(bad)]],
  ['history.text', noIds, ['id', (api, bad) => api.history.text(bad)]],
  ['history.diff', noIds, ['id', (api, bad) => api.history.diff(bad)]],
  ['history.fileAt', noUris, ['uri', (api, bad) => api.history.fileAt(bad, 0)]],
  ['history.lines', noUris, ['uri', (api, bad) => api.history.lines(bad)]],
  ['history.lineHistory', noUris, ['uri', (api, bad) => api.history.lineHistory(bad, { start: 0, end: 1 })]],
  ['history.lineHistory', noObjects, ['range', (api, bad) => api.history.lineHistory(someUri, bad)]],
  [
    'history.lineHistory',
    [0, -1, 1.5, '2', null, undefined],
    ['range.end', (api, bad) => api.history.lineHistory(someUri, { start: 0, end: bad })],
  ],
  ['history.folderAt', noUris, ['folder', (api, bad) => api.history.folderAt(bad, 0)]],
  ['history.folderAt', noTimes, ['time', (api, bad) => api.history.folderAt(someUri, bad)]],
  ['history.compareTimes', noUris, ['folder', (api, bad) => api.history.compareTimes(bad, 0)]],
  ['history.compareTimes', noTimes, ['from', (api, bad) => api.history.compareTimes(someUri, bad)]],
  ['history.compareTimes', noTimes.slice(1), ['to', (api, bad) => api.history.compareTimes(someUri, 0, bad)]],
  ['history.deletedFiles', noUris.slice(1), ['folder', (api, bad) => api.history.deletedFiles(bad)]],
  ['history.recent', noObjects, ['query', (api, bad) => api.history.recent(bad)]],
  ['history.recent', noNumbers, ['query.limit', (api, bad) => api.history.recent({ limit: bad })]],
  ['history.recent', noTimes.slice(1), ['query.since', (api, bad) => api.history.recent({ since: bad })]],
  ['history.recent', noTimes.slice(1), ['query.until', (api, bad) => api.history.recent({ until: bad })]],
  ['history.recent', noUris.slice(1), ['query.folder', (api, bad) => api.history.recent({ folder: bad })]],
  ['history.recent', ['', 'saved', 5, null], ['query.cause', (api, bad) => api.history.recent({ cause: bad })]],
  ['history.former', noUris, ['folder', (api, bad) => api.history.former(bad)]],
  ['act.useHistory', noTexts, ['name', (api, bad) => api.act.useHistory(bad, someUri)]],
  ['act.useHistory', noUris, ['folder', (api, bad) => api.act.useHistory('a', bad)]],
  ['act.removeHistory', noTexts, ['name', (api, bad) => api.act.removeHistory(bad)]],
  ['act.restore', [...noObjects, undefined, {}, []], ['plan', (api, bad) => api.act.restore(bad)]],
  ['act.restore', noIds, ['plan.versions[0]', (api, bad) => api.act.restore({ versions: [bad] })]],
  ['act.restore', [null, 5, {}], ['plan.steps[0]', (api, bad) => api.act.restore({ steps: [bad] })]],
  ['act.planRestore', ['', 5, null], ['request.undo[0]', (api, bad) => api.act.planRestore({ undo: [bad] })]],
  ['act.planRestore', [5, 'x', [5]], ['request.files', (api, bad) => api.act.planRestore({ undo: 'x', files: bad })]],
  [
    'act.planRestore',
    ['mine', 5, null],
    ['request.onConflict', (api, bad) => api.act.planRestore({ undo: 'x', onConflict: bad })],
  ],
  ['act.previewUndo', [undefined, null, 5, {}], ['plan', (api, bad) => api.act.previewUndo(bad, someUri)]],
  ['act.planRestore', [undefined, null, 5, {}], ['request', (api, bad) => api.act.planRestore(bad)]],
  ['history.labels', noUris.slice(1), ['folder', (api, bad) => api.history.labels(bad)]],
  ['history.storage', noUris.slice(1), ['folder', (api, bad) => api.history.storage(bad)]],
  ['act.label', noNames, ['name', (api, bad) => api.act.label(bad)]],
  ['act.label', noObjects, ['options', (api, bad) => api.act.label('x', bad)]],
  ['act.label', noUris.slice(1), ['options.folder', (api, bad) => api.act.label('x', { folder: bad })]],
  ['act.label', noTimes.slice(1), ['options.time', (api, bad) => api.act.label('x', { time: bad })]],
  ['act.removeLabel', noTexts, ['id', (api, bad) => api.act.removeLabel(bad)]],
  ['act.pin', noIds, ['id', (api, bad) => api.act.pin(bad)]],
  ['act.pin', [null, 0, 'yes', {}], ['pinned', (api, bad) => api.act.pin('v1-000000000-000000-1@0123456789ab', bad)]],
  ...(['planForget', 'forget'] as const).flatMap((call): typeof calls => [
    [`act.${call}`, [undefined, null, 5, 'x', {}, []], ['request', (api, bad) => api.act[call](bad)]],
    [`act.${call}`, noUris.slice(1), ['request.uri', (api, bad) => api.act[call]({ uri: bad })]],
    [`act.${call}`, noTexts.slice(1), ['request.pattern', (api, bad) => api.act[call]({ pattern: bad })]],
    [`act.${call}`, noTimes.slice(1), ['request.since', (api, bad) => api.act[call]({ since: bad })]],
    [`act.${call}`, noTimes.slice(1), ['request.until', (api, bad) => api.act[call]({ until: bad })]],
    [`act.${call}`, [null, 5, {}], ['request.text', (api, bad) => api.act[call]({ text: bad })]],
    [`act.${call}`, noUris.slice(1), ['request.folder', (api, bad) => api.act[call]({ text: 'word', folder: bad })]],
  ]),
  ['act.verify', noUris.slice(1), ['folder', (api, bad) => api.act.verify(bad)]],
  ['act.exportHistory', noUris, ['what', (api, bad) => api.act.exportHistory(bad, someUri)]],
  ['act.exportHistory', [...noUris, inBrowser], ['target', (api, bad) => api.act.exportHistory(someUri, bad)]],
  ['act.importHistory', [...noUris, inBrowser], ['source', (api, bad) => api.act.importHistory(bad, someUri)]],
  ['act.importHistory', noUris, ['folder', (api, bad) => api.act.importHistory(someUri, bad)]],
];

async function next(iterable: AsyncIterable<unknown>): Promise<unknown> {
  return iterable[Symbol.asyncIterator]().next();
}

describe('the public API names a bad argument:', () => {
  let api: ObbyApi;
  before(async () => (api = await obby()));

  for (const [name, values, [argument, call]] of calls) {
    it(`${name}: ${argument}`, async () => {
      for (const value of values) {
        const rejected = await rejection('badArgument', Promise.resolve(call(api, value as never)));
        assert.ok(rejected.startsWith(argument), `${argument} is not named first in "${rejected}".`);
      }
    });
  }

  it('history.versions: page, history.fileAt: time', async () => {
    const uri = vscode.workspace.workspaceFolders?.[0]?.uri ?? someUri;
    const file = vscode.Uri.joinPath(uri, 'a.txt');
    for (const limit of noNumbers) {
      const message = await rejection('badArgument', api.history.versions(file, { limit: limit as number }));
      assert.match(message, /^page\.limit/);
    }
    for (const before of [null, '', 'yesterday', NaN, {}]) {
      const message = await rejection('badArgument', api.history.versions(file, { before: before as number }));
      assert.match(message, /^page\.before/);
    }
    const earlier = api.history.versions(file, { earlier: 'yes' as unknown as boolean });
    assert.match(await rejection('badArgument', earlier), /^page\.earlier/);
    for (const time of noTimes) {
      assert.match(await rejection('badArgument', api.history.fileAt(file, time as number)), /^time/);
    }
  });

  it('subscribe', () => {
    const subscribe = (topics: unknown, listener: unknown) => api.subscribe(topics as never, listener as never);
    for (const topics of [undefined, null, 'version', 5, {}, ['versions'], [undefined]]) {
      assert.throws(() => subscribe(topics, () => undefined), {
        name: 'ObbyError',
        code: 'badArgument',
        message: /^topics/,
      });
    }
    for (const listener of [undefined, null, 'f', {}]) {
      assert.throws(() => subscribe(['version'], listener), {
        name: 'ObbyError',
        code: 'badArgument',
        message: /^listener/,
      });
    }
  });

  it('a message stays short, whatever was passed', async () => {
    for (const value of ['x'.repeat(100_000), Array.from({ length: 100_000 }, () => 'x')]) {
      const message = await rejection('badArgument', api.history.content(value as string));
      assert.ok(message.length < 300, `It has ${message.length} characters.`);
    }
  });
});
