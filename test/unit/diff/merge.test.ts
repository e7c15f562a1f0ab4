import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeBytes, type Merged } from '../../../src/diff/merge';
import type { OnConflict } from '../../../src/model/undo';
import { chanceOf, times } from '../../support/chance';
import { gitMergeFile } from '../../support/mergeOracle';
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
  const eol = (): string => (chance.below(12) === 0 ? '\r\n' : '\n');
  const line = (): string => (names === Infinity ? `line ${++fresh}` : `line ${chance.below(names)}`) + eol();
  const base = Array.from({ length: chance.below(20) }, line);
  const edited = (): string => {
    const lines = [...base];
    for (let edits = chance.below(4); edits > 0; edits--) {
      lines.splice(chance.below(lines.length + 1), chance.below(3), ...Array.from({ length: chance.below(3) }, line));
    }
    return ending(lines.join(''));
  };
  const ending = (text: string): string => (chance.below(5) === 0 ? text.replace(/\r?\n$/, '') : text);
  return [ending(base.join('')), edited(), edited()];
}

test('a merge of different lines is that of git merge-file, byte for byte, conflict markers included', () => {
  const chance = chanceOf('merge of different lines');
  let conflicts = 0;
  for (let round = 0; round < times(200); round++) {
    const [base, ours, theirs] = sides(chance, Infinity);
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
  assert.ok(conflicts > 10);
});
