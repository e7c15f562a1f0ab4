import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Uri } from 'vscode';
import type { Version } from '../../../../src/api/api';
import type { TextDiff } from '../../../../src/model/diff';
import type { Side } from '../../../../src/views/diff/comparison';
import type { ComparedContent, ContentComparison } from '../../../../src/model/diff';
import { bodyOf, DiffStates, type EditorFacts } from '../../../../src/views/diff/diffState';
import { TimeText } from '../../../../src/views/text/timeText';
import { VersionText } from '../../../../src/views/text/versionText';

const now = Date.UTC(2026, 6, 27, 14, 5);
const text = new VersionText(new TimeText({ now: () => now }, 'en-GB', 'UTC'));
const states = new DiffStates(text, ({ left, right }) => [`<${left.kind}>`, `<${right.kind}>`], 'en-GB');
const uri = { toString: () => 'file:///w/a.ts' } as unknown as Uri;
const editor: EditorFacts = { path: 'src/a.ts', tabSize: 2, lineHeight: 0, isUnsaved: false };

const version: Version = {
  id: 'v1-000000000-abcdef-1@0123456789ab',
  uri,
  path: 'src/a.ts',
  kind: 'modified',
  cause: 'terminal',
  confidence: 'likely',
  time: now - 180_000,
  size: 12_000,
  eolOnly: false,
  binary: false,
  pinned: false,
  changeSet: 'm',
};
const left: Side = { kind: 'version', version };
const right: Side = { kind: 'file', uri };

const diff: TextDiff = {
  patch: '',
  hunks: [],
  changes: [{ oldStart: 0, oldEnd: 1, newStart: 0, newEnd: 1 }],
  added: 1,
  removed: 1,
  eolOnly: false,
  eolChanged: 0,
  encodingOnly: false,
  binary: false,
  tooLarge: false,
  identical: false,
};

function loaded(changed: Partial<TextDiff> = {}, leftText = 'a'): ContentComparison {
  return {
    left: { text: leftText, size: 1, sha256: 'aa' },
    right: { text: 'b', size: 2048, sha256: 'bb' },
    diff: { ...diff, ...changed },
  };
}

describe('the state of a diff panel', () => {
  test('says what is compared in words', () => {
    assert.deepEqual(states.state({ left, right }, 'unified', editor, { body: { kind: 'binary' }, loaded: loaded() }), {
      path: 'src/a.ts',
      left: {
        label: '<version>',
        time: { full: 'Monday, 27 July 2026 at 14:02:00', ago: '3 minutes ago' },
        cause: {
          icon: 'terminal',
          words: 'likely terminal',
          sentence: 'Probably by a command in the terminal',
        },
        size: '1 byte',
        sha256: 'aa',
      },
      right: { label: '<file>', size: '2 kB', sha256: 'bb' },
      canRestore: true,
      layout: 'unified',
      tabSize: 2,
      lineHeight: 0,
      locale: 'en-GB',
      saved: { left: { kind: 'version', id: version.id }, right: { kind: 'file', uri: 'file:///w/a.ts' } },
      body: { kind: 'binary' },
    });
  });

  test('says that the editor holds unsaved text, and of which side', () => {
    const unsaved = { ...editor, isUnsaved: true };
    const state = states.state({ left, right }, 'unified', unsaved, { body: { kind: 'loading' } });
    assert.equal(state.right.cause?.words, 'unsaved');
    assert.equal(state.left.cause?.words, 'likely terminal');
  });

  test('offers no restore of nothing, and gives it no size', () => {
    const nothing: Side = { kind: 'nothing', uri };
    const content = { body: { kind: 'loading' }, loaded: loaded() } as const;
    const state = states.state({ left: nothing, right: left }, 'sideBySide', editor, content);
    assert.equal(state.canRestore, false);
    assert.deepEqual(state.left, { label: '<nothing>', sha256: 'aa' });
  });
});

describe('what is shown of two sides', () => {
  test('is their texts', () => {
    const { changes } = diff;
    assert.deepEqual(bodyOf(loaded()), { kind: 'text', left: 'a', right: 'b', changes, added: 1, removed: 1 });
  });

  test('names what alone differs', () => {
    const bodies = [loaded({ eolOnly: true }), loaded({ encodingOnly: true })].map(bodyOf);
    assert.deepEqual(
      bodies.map((body) => body.kind === 'text' && body.only),
      ['line endings', 'encoding'],
    );
  });

  test('is told what differs beside the lines', () => {
    const notesOf = (left: Partial<ComparedContent>, right: Partial<ComparedContent>, eolChanged = 0) => {
      const { diff: changed, ...sides } = loaded({ eolChanged });
      const body = bodyOf({ left: { ...sides.left, ...left }, right: { ...sides.right, ...right }, diff: changed });
      return body.kind === 'text' ? body.notes : body.kind;
    };
    assert.deepEqual(notesOf({ lineEnding: 'CRLF' }, { lineEnding: 'LF' }, 9), ['Line endings: CRLF → LF']);
    assert.deepEqual(notesOf({ lineEnding: 'mixed' }, { lineEnding: 'CR' }), ['Line endings: mixed → CR']);
    assert.deepEqual(notesOf({ lineEnding: 'mixed' }, { lineEnding: 'mixed' }, 1), [
      '1 unchanged line ends differently',
    ]);
    assert.deepEqual(notesOf({ encoding: 'gbk' }, { encoding: 'utf8bom' }), ['Encoding: GBK → UTF-8 with BOM']);
    assert.equal(notesOf({ encoding: 'utf8', lineEnding: 'LF' }, { lineEnding: 'LF' }), undefined);
  });

  test('is a message where lines cannot be shown', () => {
    const kinds = [
      loaded({ identical: true, binary: true }),
      loaded({ binary: true }),
      loaded({ tooLarge: true }),
      loaded({}, 'x'.repeat(10_000_001)),
    ].map((each) => bodyOf(each).kind);
    assert.deepEqual(kinds, ['identical', 'binary', 'tooLarge', 'tooLarge']);
  });
});
