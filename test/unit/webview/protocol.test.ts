import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../../support/properties';
import { parseFromWebview, parseSaved } from '../../../src/webview/protocol';

describe('what a webview sent', () => {
  test('is read when it is of the protocol', () => {
    const messages = [
      { type: 'ready' },
      { type: 'layout', layout: 'unified' },
      { type: 'action', id: 3, action: 'restore' },
    ];
    assert.deepEqual(messages.map(parseFromWebview), messages);
  });

  test('is dropped when it is not', () => {
    const messages = [
      undefined,
      null,
      'ready',
      {},
      { type: 'layout' },
      { type: 'layout', layout: 'toString' },
      { type: 'action', id: '3', action: 'restore' },
      { type: 'action', id: 3, action: 'rm -rf' },
      { type: 'state' },
    ];
    assert(messages.every((message) => parseFromWebview(message) === undefined));
  });

  test('never throws', () => {
    const anything = fc.property(fc.anything(), (message) => {
      parseFromWebview(message);
      parseSaved(message);
    });
    fc.assert(anything);
  });
});

describe('what a webview kept', () => {
  const version = { kind: 'version', id: 'v1-000000000-abcdef-1@0123456789ab' };
  const file = { kind: 'file', uri: 'file:///a' };

  test('opens its comparison again', () => {
    assert.deepEqual(parseSaved({ saved: { left: version, right: file }, place: {} }), { left: version, right: file });
    assert.deepEqual(parseSaved({ saved: { left: { kind: 'nothing', uri: 'file:///a' }, right: version } }), {
      left: { kind: 'nothing', uri: 'file:///a' },
      right: version,
    });
  });

  test('is not trusted', () => {
    for (const left of [undefined, {}, { kind: 'version', id: '../x' }, { kind: 'file' }, { kind: 'other', uri: 'x' }])
      assert.equal(parseSaved({ saved: { left, right: file } }), undefined);
    assert.equal(parseSaved('x'), undefined);
  });
});
