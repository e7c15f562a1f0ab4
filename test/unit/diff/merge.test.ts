import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeBytes, type Merged } from '../../../src/diff/merge';
import type { OnConflict } from '../../../src/model/undo';
import { chanceOf, times } from '../../support/chance';
import { gitMergeFile, nodeDiff3 } from '../../support/mergeOracle';
import type { Random } from '../../model/random';

const labels = { ours: 'now', theirs: 'before' };

function merge(base: string, ours: string, theirs: string, onOverlap: OnConflict = 'refuse'): Merged {
  const [from, mine, other] = [base, ours, theirs].map((text) => Buffer.from(text));
  return mergeBytes(
    { base: from ?? Buffer.of(), ours: mine ?? Buffer.of(), theirs: other ?? Buffer.of() },
    { onOverlap, labels },
  );
}

function textOf(merged: Merged): string | undefined {
  return merged.kind === 'merged' && merged.bytes ? Buffer.from(merged.bytes).toString() : undefined;
}

/** Lines of a file, and what two writers made of them. `names`: how many different lines there are. */
function sides(chance: Random, names: number): [string, string, string] {
  let fresh = 0;
  const eol = chance.integer(0, 2) === 0 ? '\r\n' : '\n';
  const line = (): string => (names === Infinity ? `line ${++fresh}` : `line ${chance.integer(0, names - 1)}`) + eol;
  const base = Array.from({ length: chance.integer(0, 19) }, line);
  const edited = (): string => {
    const lines = [...base];
    for (let edits = chance.integer(0, 3); edits > 0; edits--) {
      lines.splice(
        chance.integer(0, lines.length),
        chance.integer(0, 2),
        ...Array.from({ length: chance.integer(0, 2) }, line),
      );
    }
    return ending(lines.join(''));
  };
  const ending = (text: string): string => (chance.integer(0, 4) === 0 ? text.replace(/\r?\n$/, '') : text);
  return [ending(base.join('')), edited(), edited()];
}

test('a merge of different lines is that of git merge-file, byte for byte, conflict markers included', () => {
  const chance = chanceOf('merge of different lines');
  let conflicts = 0;
  for (let round = 0; round < times(25); round++) {
    const [base, ours, theirs] = sides(chance, Infinity);
    // If no line of the base has an ending, git ends its markers with LF, whatever the sides have.
    if (!base.includes('\n')) continue;
    const git = gitMergeFile(base, ours, theirs, labels);
    const merged = merge(base, ours, theirs, 'markers');
    assert.ok(merged.kind === 'merged');
    const what = JSON.stringify({ base, ours, theirs });
    assert.equal(merged.overlaps, git.conflicts, what);
    assert.equal(textOf(merged), git.text, what);
    const refused = merge(base, ours, theirs);
    assert.equal(textOf(refused), git.conflicts > 0 ? undefined : git.text, what);
    if (git.conflicts > 0) conflicts++;
    for (const answer of ['ours', 'theirs'] as const) {
      assert.equal(
        textOf(merge(base, ours, theirs, answer)),
        gitMergeFile(base, ours, theirs, labels, answer).text,
        what,
      );
    }
  }
  assert.ok(conflicts > 2);
});

test('where equal lines leave open which of them are meant, nothing is guessed', () => {
  const block = 'f() {\n  agent\n}\n';
  // The block was copied: which of both is the changed one?
  const copied = merge(block, block + block, 'f() {\n  before\n}\n');
  assert.deepEqual([textOf(copied), copied.kind === 'merged' && copied.overlaps], [undefined, 1]);
  // A copied block of which one was edited, and the copy is taken back.
  assert.equal(textOf(merge(block + block, 'f() {\n  mine\n}\n' + block, block)), undefined);
  // Equal lines beside it leave nothing open.
  const other = 'g() {\n  mine\n}\n';
  assert.equal(textOf(merge(block, block + other, 'f() {\n  before\n}\n')), `f() {\n  before\n}\n${other}`);
});

test('random merges of few different lines lose no side, and agree with both other tools where all are sure', () => {
  const chance = chanceOf('merge of equal lines');
  let [clean, alike] = [0, 0];
  for (let round = 0; round < times(400); round++) {
    const [base, ours, theirs] = sides(chance, 6);
    const what = JSON.stringify({ base, ours, theirs });
    assert.equal(textOf(merge(base, ours, base)), ours, what);
    assert.equal(textOf(merge(base, base, theirs)), theirs, what);
    assert.equal(textOf(merge(base, ours, ours)), ours, what);
    const merged = textOf(merge(base, ours, theirs));
    assert.equal(textOf(merge(base, theirs, ours)), merged, what);
    const other = nodeDiff3(base, ours, theirs);
    if (merged === undefined || other === undefined) continue;
    clean++;
    if (merged === other) alike++;
  }
  assert.ok(clean > 20 && alike >= 0.9 * clean, `${alike} of ${clean} are alike`);
});

test('UTF-16 is merged by its characters, bytes that are no text and texts of two encodings are not', () => {
  const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');
  const sidesOf = (...all: Buffer[]) => ({
    base: all[0] ?? utf16(''),
    ours: all[1] ?? utf16(''),
    theirs: all[2] ?? utf16(''),
  });
  const options = { onOverlap: 'refuse', labels } as const;
  const base = 'a\u0a0a\nb\nc\nd\ne\n';
  const merged = mergeBytes(sidesOf(...[base, base.replace('e', 'mine'), base.replace('a', 'x')].map(utf16)), options);
  assert.ok(merged.kind === 'merged');
  assert.deepEqual(merged.bytes, utf16('x\u0a0a\nb\nc\nd\nmine\n'));
  const binary = Buffer.from([1, 0, 2]);
  assert.equal(mergeBytes(sidesOf(binary, binary, binary), options).kind, 'cannot');
  assert.equal(mergeBytes(sidesOf(utf16('a'), Buffer.from('a'), utf16('b')), options).kind, 'cannot');
});

test('the line ending of a file is merged on its own, whichever side changed it', () => {
  const [lf, edited] = ['a\nb\nc\nd', 'a\nmine\nc\nd'];
  const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
  assert.equal(textOf(merge(crlf(lf), crlf(edited), lf)), edited);
  assert.equal(textOf(merge(lf, crlf(edited), lf.replace('d', 'x'))), crlf(edited.replace('d', 'x')));
  assert.equal(textOf(merge(lf, crlf(lf), crlf(edited))), crlf(edited));
  const marked = textOf(merge(crlf(lf), crlf(edited), lf.replace('b', 'before'), 'markers'));
  assert.equal(marked, 'a\n<<<<<<< now\nmine\n=======\nbefore\n>>>>>>> before\nc\nd');
  // Where the endings of a side are mixed, no line gets another one.
  assert.equal(textOf(merge(crlf(lf), 'a\nmine\r\nc\r\nd', lf)), undefined);
});
