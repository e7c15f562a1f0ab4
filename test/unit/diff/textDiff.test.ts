import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { describe, test } from 'node:test';
import { times } from '../../support/chance';
import fc from '../../support/properties';
import type { TextDiff } from '../../../src/model/diff';
import { encode } from '../../../src/diff/text';
import { normalizeEol } from '../../../src/diff/lines';
import { compareBytes, countChanges, diffBytes } from '../../../src/diff/textDiff';
import { type FileChange, gitApply, gitFileNames, gitNumstat, patchApply } from '../../support/diffOracle';
import { editedText } from '../../support/editedText';

function diff({ path, before, after }: FileChange, context = 3): TextDiff {
  return diffBytes({ path, bytes: before }, { path, bytes: after }, { context });
}

function diffTexts(before: string, after: string, context?: number): TextDiff {
  return diff({ path: 'f', before: utf8(before), after: utf8(after) }, context);
}

function utf8(text: string): Uint8Array {
  return encode(text, 'utf8');
}

/** Files f0, f1, … for one run of a tool over all of them. */
function someChanges(count: number): FileChange[] {
  const kind = fc.constantFrom('modified', 'modified', 'modified', 'created', 'deleted');
  return fc.sample(fc.tuple(editedText, kind), count).map(([{ before, after }, kind], index) => ({
    path: `f${index}`,
    before: kind === 'created' && after !== '' ? undefined : utf8(before),
    after: kind === 'deleted' && before !== '' ? undefined : utf8(after),
  }));
}

function textsOf({ before, after }: FileChange): string {
  const [from, to] = [before, after].map((bytes) => JSON.stringify(bytes && Buffer.from(bytes).toString()));
  return `${from} to ${to}`;
}

function assertAfter(changes: readonly FileChange[], files: readonly (Buffer | undefined)[]): void {
  changes.forEach((change, index) => {
    assert.deepEqual(files[index]?.toString(), change.after && Buffer.from(change.after).toString(), textsOf(change));
  });
}

describe('against git and patch', () => {
  for (const context of [1, 3]) {
    test(`both apply patches with ${context} lines of context and get the new bytes`, () => {
      const changes = someChanges(times(500));
      const patch = changes.map((change) => diff(change, context).patch).join('');
      assertAfter(changes, gitApply(changes, patch));
      assertAfter(changes, patchApply(changes, patch));
    });
  }

  // Not git: it looks for a removal one line too early then, also with its own patches.
  test('patch applies patches without context and gets the new bytes', () => {
    const changes = someChanges(times(500));
    const patch = changes.map((change) => diff(change, 0).patch).join('');
    assertAfter(changes, patchApply(changes, patch));
  });

  test('no more lines are counted than git counts without marks and endings, the same by a diff and for a version', () => {
    const changes = someChanges(times(700));
    const plain = (bytes: Uint8Array | undefined): Uint8Array | undefined =>
      bytes &&
      utf8(
        normalizeEol(
          Buffer.from(bytes)
            .toString()
            .replace(/^\ufeff/, ''),
        ),
      );
    const byGit = gitNumstat(
      changes.map(({ path, before, after }) => ({ path, before: plain(before), after: plain(after) })),
    );
    changes.forEach((change, index) => {
      const { added, removed, eolOnly } = diff(change);
      const none = new Uint8Array();
      const counts = countChanges(change.before ?? none, change.after ?? none);
      assert.deepEqual([counts.added, counts.removed], [added, removed]);
      const git = byGit[index];
      assert.ok(git);
      if (eolOnly) {
        assert.deepEqual(git, { added: 0, removed: 0 }, textsOf(change));
        return;
      }
      assert.equal(added - removed, git.added - git.removed, textsOf(change));
      assert.ok(added <= git.added, `${added} added, ${git.added} by git's count: ${textsOf(change)}`);
    });
  });
});

test('names that could deceive are quoted as git quotes them', () => {
  const paths = [
    'plain.txt',
    'with space.txt',
    'tab\there "quoted" back\\slash',
    'line\nfeed and space',
    'bell\x07 \b\v\f\r\x01\x7f',
    'größe/日本語/😀.md',
    'rtl\u202egnp.exe',
    '-dash',
    "it's",
  ];
  for (const path of paths) {
    const [before, after] = [utf8('a\nb\n'), utf8('b\nc\n')];
    for (const change of [
      { path, before, after },
      { path, before: undefined, after },
      { path, before, after: undefined },
    ]) {
      const { patch } = diff(change);
      assert.deepEqual(patch.split('\n').slice(0, 2), gitFileNames(change), path);
      assertAfter([change], gitApply([change], patch));
      assertAfter([change], patchApply([change], patch));
    }
  }
});

test('a file that is moved keeps both names', () => {
  const [from, to] = [
    { path: 'old/a', bytes: utf8('1\n') },
    { path: 'new/b', bytes: utf8('2\n') },
  ];
  assert.equal(diffBytes(from, to).patch, '--- a/old/a\n+++ b/new/b\n@@ -1 +1 @@\n-1\n+2\n');
});

test('hunks carry their lines, their numbers and their context', () => {
  const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni';
  const after = 'a\nb\nC\nd\ne\nf\ng\nh\n';
  assert.deepEqual(diffTexts(before, after, 1).hunks, [
    { oldStart: 2, oldLines: 3, newStart: 2, newLines: 3, lines: [' b', '-c', '+C', ' d'] },
    { oldStart: 8, oldLines: 2, newStart: 8, newLines: 1, lines: [' h', '-i', '\\ No newline at end of file'] },
  ]);
  assert.equal(diffTexts(before, after, 3).hunks.length, 1);
  assert.deepEqual(diffTexts('', 'x\n').hunks, [{ oldStart: 0, oldLines: 0, newStart: 1, newLines: 1, lines: ['+x'] }]);
  assert.deepEqual(diffTexts(before, after).changes, [
    { oldStart: 2, oldEnd: 3, newStart: 2, newEnd: 3 },
    { oldStart: 8, oldEnd: 9, newStart: 8, newEnd: 8 },
  ]);
});

test('lines that begin with ++ or -- count like any other', () => {
  const { added, removed } = diffTexts('-- a\n--- b\nx\n', 'x\n++ a\n+++ b\n+\n');
  assert.deepEqual({ added, removed }, { added: 3, removed: 2 });
});

test('a context that is no number of lines is refused by name', () => {
  for (const context of [-1, 0.5, NaN, Infinity]) {
    assert.throws(() => diffTexts('a', 'b', context), { code: 'badArgument', message: /"context"/ });
  }
});

describe('what differs', () => {
  const text = 'é\nb\n';
  const facts = (before: Uint8Array, after: Uint8Array): unknown => {
    const { added, removed, eolOnly, encodingOnly, binary, tooLarge, identical } = diff({ path: 'f', before, after });
    const counts = countChanges(before, after);
    assert.deepEqual([counts.eolOnly, counts.binary], [eolOnly, binary]);
    assert.equal('added' in counts, !binary && !tooLarge);
    const is = { eolOnly, encodingOnly, binary, tooLarge, identical };
    return [added, removed, ...Object.entries(is).flatMap(([name, holds]) => (holds ? [name] : []))];
  };
  const binary = Uint8Array.of(1, 0, 2);

  test('nothing', () => {
    assert.deepEqual(facts(utf8(text), utf8(text)), [0, 0, 'identical']);
    assert.deepEqual(facts(utf8(''), utf8('')), [0, 0, 'identical']);
  });

  test('line endings', () => {
    assert.deepEqual(facts(utf8('é\nb\n'), utf8('é\r\nb\r\n')), [2, 2, 'eolOnly']);
    assert.deepEqual(facts(utf8('a\rb\r'), utf8('a\nb\n')), [2, 2, 'eolOnly']);
    assert.deepEqual(facts(utf8('a\r\nb\n'), utf8('a\nb\r\n')), [2, 2, 'eolOnly']);
    assert.deepEqual(facts(encode('a\n', 'utf16le'), encode('a\r\n', 'utf16le')), [1, 1, 'eolOnly']);
    assert.deepEqual(facts(utf8('a\r\nb\n'), utf8('a\nc\n')), [1, 1]);
    assert.deepEqual(facts(utf8('a\n'), utf8('a')), [1, 1]);
    assert.deepEqual(facts(utf8('a\n'), utf8('a\n\n')), [1, 0]);
    assert.deepEqual(facts(utf8('a\r\n'), encode('a\n', 'utf16le')), [1, 1]);
  });

  test('the encoding', () => {
    assert.deepEqual(facts(encode(text, 'utf16le'), encode(text, 'utf16be')), [0, 0, 'encodingOnly']);
    assert.deepEqual(facts(utf8(text), encode(text, 'utf16be')), [0, 0, 'encodingOnly']);
    assert.deepEqual(facts(utf8(text), Buffer.from(text, 'latin1')), [0, 0, 'encodingOnly']);
    assert.deepEqual(facts(utf8(text), encode(text, 'utf8bom')), [0, 0, 'encodingOnly']);
  });

  test('bytes that are no text', () => {
    assert.deepEqual(facts(binary, utf8(text)), [0, 0, 'binary']);
    assert.deepEqual(facts(utf8(''), binary), [0, 0, 'binary']);
    assert.deepEqual(facts(binary, binary), [0, 0, 'binary', 'identical']);
  });

  test('more than is compared', () => {
    const large = Buffer.alloc(32 * 1024 * 1024 + 1, 'x');
    assert.deepEqual(facts(utf8(text), large), [0, 0, 'tooLarge']);
    assert.deepEqual(facts(large, large), [0, 0, 'tooLarge', 'identical']);
    assert.deepEqual(facts(Buffer.alloc(1_000_001, '\n'), utf8(text)), [0, 0, 'tooLarge']);
    assert.deepEqual(facts(large.subarray(1), utf8(text)), [2, 1]);
    assert.deepEqual(facts(Buffer.alloc(1_000_000, '\n'), utf8('')), [0, 1_000_000]);
  });
});

describe('lines that did not change are unchanged', () => {
  const lines = Array.from({ length: 1000 }, (_, n) => `línea ${n}\n`);
  const withLine = (all: readonly string[], at: number, line: string): string[] =>
    all.map((each, n) => (n === at ? line : each));
  const edited = withLine(lines, 500, 'otra\n');
  const whole = lines.join('');
  const counts = (before: Uint8Array, after: Uint8Array): unknown => {
    const change = { path: 'f', before, after };
    const { added, removed, changes, patch, eolChanged } = diff(change);
    assert.deepEqual(countChanges(before, after), { added, removed, eolOnly: false, binary: false });
    if (isUtf8(before) && isUtf8(after)) assertAfter([change], gitApply([change], patch));
    return [added, removed, ...changes.map(({ oldStart, newStart }) => `${oldStart}:${newStart}`), eolChanged];
  };

  test('when line endings changed', () => {
    for (const ending of ['\r\n', '\r']) {
      const other = whole.replaceAll('\n', ending);
      assert.deepEqual(counts(utf8(other), utf8(edited.join(''))), [1, 1, '500:500', 999]);
      assert.deepEqual(counts(utf8(edited.join('')), utf8(other)), [1, 1, '500:500', 999]);
      assert.deepEqual(counts(utf8(other), utf8(edited.join('').replaceAll('\n', ending))), [1, 1, '500:500', 0]);
    }
    const mixed = lines.map((line, n) => (n % 2 === 0 ? line : line.replace('\n', '\r\n')));
    const last = (mixed.at(-1) ?? '').replace('\r\n', '\n');
    assert.deepEqual(counts(utf8(mixed.join('')), utf8(withLine(withLine(mixed, 500, 'otra\n'), 999, last).join(''))), [
      ...[1, 1, '500:500', 1],
    ]);
  });

  test('when a byte order mark came or went', () => {
    assert.deepEqual(counts(encode(whole, 'utf8bom'), utf8(edited.join(''))), [1, 1, '500:500', 0]);
    assert.deepEqual(counts(utf8(whole), encode(edited.join('').replaceAll('\n', '\r\n'), 'utf8bom')), [
      ...[1, 1, '500:500', 999],
    ]);
    assert.deepEqual(counts(encode(whole, 'utf16le'), encode(edited.join(''), 'utf16be').subarray(2)), [
      ...[1, 1, '500:500', 0],
    ]);
  });

  test('when a byte is wrong, in the middle, at the end or in place of a whole character', () => {
    const bytes = Buffer.from(whole);
    const middle = bytes.indexOf('línea 500') + 1;
    const replaced = Buffer.from(bytes).fill(0xff, middle, middle + 1);
    const cut = bytes.subarray(0, bytes.lastIndexOf(0xad));
    const inserted = Buffer.concat([bytes.subarray(0, middle), Buffer.of(0xe9), bytes.subarray(middle)]);
    for (const damaged of [replaced, inserted]) {
      assert.deepEqual(counts(bytes, damaged), [1, 1, '500:500', 0]);
      assert.deepEqual(counts(damaged, bytes), [1, 1, '500:500', 0]);
      const other = Buffer.from(damaged.toString('latin1').replace(/l.{1,2}nea 7\n/, 'x\n'), 'latin1');
      assert.deepEqual(counts(damaged, other), [1, 1, '7:7', 0]);
    }
    assert.deepEqual(counts(bytes, cut), [1, 1, '999:999', 0]);
    assert.deepEqual(counts(inserted, replaced), [1, 1, '500:500', 0]);
  });

  test('when a byte of a text in another encoding is wrong', () => {
    const line = Buffer.from([0xd6, 0xd0, 0xce, 0xc4, 0xb5, 0xda, 0xd2, 0xbb, 0xd0, 0xd0, 0x0a]);
    const all = Array.from({ length: 100 }, () => line);
    const damaged = (at: number, byte: number): Buffer =>
      Buffer.concat(
        all.map((each, n) =>
          n === 50 ? Buffer.concat([each.subarray(0, at), Buffer.of(byte), each.subarray(at)]) : each,
        ),
      );
    for (const [before, after] of [
      [Buffer.concat(all), damaged(4, 0x81)],
      [Buffer.concat(all), damaged(10, 0xd6)],
      [damaged(10, 0xd6), damaged(10, 0xd7)],
    ] as const) {
      const { old, diff: found } = compareBytes(
        { path: 'f', bytes: before },
        { path: 'f', bytes: after },
        { encodings: ['gbk'] },
      );
      assert.equal(old.encoding, 'gbk');
      assert.deepEqual(found.changes, [{ oldStart: 50, oldEnd: 51, newStart: 50, newEnd: 51 }]);
    }
  });

  test('when two wrong bytes of one line are beside few right ones', () => {
    const [before, after] = ['ä\nb\nc\n', 'ä\nb\xff\xfe\nc\n'].map((text) =>
      Buffer.from(text.replace('ä', '\xc3\xa4'), 'latin1'),
    );
    assert.ok(before && after);
    assert.deepEqual(counts(before, after), [1, 1, '1:1', 0]);
    assert.deepEqual(counts(after, before), [1, 1, '1:1', 0]);
  });
});

describe('against the text of an editor', () => {
  const against = (bytes: Uint8Array, text: string, encodings?: string[]): TextDiff => {
    const options = encodings ? { encodings } : {};
    const forth = diffBytes({ path: 'f', bytes }, { path: 'f', bytes: utf8(text), isGiven: true }, options);
    const back = diffBytes({ path: 'f', bytes: utf8(text), isGiven: true }, { path: 'f', bytes }, options);
    assert.deepEqual([back.added, back.removed, back.identical], [forth.removed, forth.added, forth.identical]);
    return forth;
  };

  test('a byte order mark is no difference', () => {
    for (const encoding of ['utf8bom', 'utf16le', 'utf16be'] as const) {
      const bytes = encode('a\nb\nc\n', encoding);
      assert.equal(against(bytes, 'a\nb\nc\n').identical, true);
      const { changes, patch, encodingOnly } = against(bytes, 'a\nB\nc\n');
      assert.deepEqual([changes, encodingOnly], [[{ oldStart: 1, oldEnd: 2, newStart: 1, newEnd: 2 }], false]);
      if (encoding !== 'utf8bom') continue;
      const change = { path: 'f', before: bytes, after: encode('a\nB\nc\n', 'utf8bom') };
      assertAfter([change], gitApply([change], patch));
    }
  });

  test('wrong bytes are the replacement characters that the editor shows', () => {
    const bytes = Buffer.from('caf\xe9\nb\n', 'latin1');
    assert.equal(against(bytes, 'caf\ufffd\nb\n', ['utf8']).identical, true);
    assert.deepEqual(against(bytes, 'caf\ufffd\nc\n', ['utf8']).added, 1);
    assert.equal(against(bytes, 'café\nb\n', ['windows1252']).identical, true);
  });

  test('the encoding of the editor decodes the other side', () => {
    const gbk = Buffer.from([0xd6, 0xd0, 0x0a, 0xce, 0xc4, 0x0a]);
    assert.equal(against(gbk, '中\n文\n', ['gbk']).identical, true);
    const { added, removed } = against(gbk, '中\n日\n', ['gbk']);
    assert.deepEqual([added, removed], [1, 1]);
  });
});

test('a text that stands for no file says nothing about the encoding of the other', () => {
  const nothing = { path: 'f', bytes: Buffer.of(), isGiven: true };
  const { new: now } = compareBytes(
    nothing,
    { path: 'f', bytes: Buffer.from('caf\xe9\n', 'latin1') },
    {
      encodings: ['utf8'],
    },
  );
  assert.deepEqual([now.text, now.encoding], ['café\n', 'windows1252']);
});

test('a text in ASCII has no encoding of its own', () => {
  const ascii = { path: 'f', bytes: Buffer.from('cafe\nb\n') };
  const { old, new: now } = compareBytes(ascii, { path: 'f', bytes: Buffer.from('caf\xe9\nb\n', 'latin1') }, {});
  assert.deepEqual([old.encoding, now.encoding], ['windows1252', 'windows1252']);
});

test('a byte order mark is part of the first line of a patch in UTF-8', () => {
  const change = { path: 'f', before: encode('a\nb\n', 'utf8bom'), after: utf8('a\nc\n') };
  const { patch } = diff(change);
  assert.equal(patch, '--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-\ufeffa\n-b\n+a\n+c\n');
  assertAfter([change], gitApply([change], patch));
});
