import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  foldPartOf,
  isSelectAll,
  isSwitchSide,
  movedRow,
  selectionMoveOf,
  stepOf,
} from '../../../../src/webview/diff/keys';

/** `Shift+F7` as an event. */
function key(name: string) {
  const parts = name.split('+');
  return {
    key: parts.at(-1) ?? '',
    altKey: parts.includes('Alt'),
    shiftKey: parts.includes('Shift'),
    ctrlKey: parts.includes('Ctrl'),
    metaKey: parts.includes('Meta'),
  };
}

describe('keys', () => {
  test('go from change to change', () => {
    const steps = ['F7', 'Shift+F7', 'n', 'Shift+N', 'p', 'Ctrl+n', 'Alt+F7', 'Meta+p', 'x'].map((name) =>
      stepOf(key(name)),
    );
    assert.deepEqual(steps, [
      'next',
      'previous',
      'next',
      'next',
      'previous',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('unfold', () => {
    const parts = ['Enter', ' ', 'Alt+ArrowDown', 'Alt+ArrowUp', 'Alt+Enter', 'Ctrl+Enter', 'x'].map((name) =>
      foldPartOf(key(name)),
    );
    assert.deepEqual(parts, ['all', 'all', 'first', 'last', undefined, undefined, undefined]);
  });

  test('move from row to row and stay inside', () => {
    const visible = { start: 10, end: 20 };
    const moved = (name: string, from: number) => movedRow(key(name), from, visible, 30);
    assert.deepEqual(
      [moved('ArrowDown', 5), moved('ArrowUp', 5), moved('PageDown', 5), moved('PageUp', 25)],
      [6, 4, 14, 16],
    );
    assert.deepEqual([moved('Home', 5), moved('End', 5), moved('ArrowDown', 29), moved('ArrowUp', 0)], [0, 29, 29, 0]);
    assert.deepEqual(
      [moved('Ctrl+ArrowDown', 5), moved('ArrowLeft', 5), moved('a', 5)],
      [undefined, undefined, undefined],
    );
    assert.equal(movedRow(key('ArrowDown'), -1, { start: 0, end: 0 }, 0), undefined);
  });

  test('move the end of a selection', () => {
    const moves = (...names: readonly string[]) =>
      names.map((name) => {
        const move = selectionMoveOf(key(name), 9);
        return move && `${move.unit} ${move.by}`;
      });
    assert.deepEqual(
      moves('Shift+ArrowLeft', 'Shift+Ctrl+ArrowRight', 'Shift+Alt+ArrowLeft', 'Shift+Meta+ArrowRight'),
      ['character -1', 'word 1', 'word -1', 'lineEnd 1'],
    );
    assert.deepEqual(moves('Shift+ArrowDown', 'Shift+PageUp', 'Shift+Meta+ArrowUp'), ['row 1', 'row -9', 'textEnd -1']);
    assert.deepEqual(moves('Shift+Home', 'Shift+Ctrl+End', 'Shift+Meta+Home'), [
      'lineEnd -1',
      'textEnd 1',
      'textEnd -1',
    ]);
    assert.deepEqual(moves('ArrowLeft', 'Shift+a', 'Shift+Alt+ArrowDown', 'Shift+Ctrl+PageDown'), [
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('select all of a side and go to the other one', () => {
    assert.deepEqual(
      ['Ctrl+a', 'Meta+A', 'a', 'Shift+Ctrl+a', 'Ctrl+Alt+a', 'Ctrl+Meta+a'].map((name) => isSelectAll(key(name))),
      [true, true, false, false, false, false],
    );
    assert.deepEqual(
      ['s', 'Ctrl+s', 'Shift+s', 'Meta+s'].map((name) => isSwitchSide(key(name))),
      [true, false, false, false],
    );
  });
});
