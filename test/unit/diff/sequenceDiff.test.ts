import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffSequences, AnchorFinder } from '../../../src/diff/sequenceDiff';
import { times } from '../../support/chance';
import fc from '../../support/properties';
import { longestCommon, scattered } from '../../support/textbookDiff';

const kinds = 4;

function kept(sequence: Int32Array, marks: Uint8Array): number[] {
  return [...sequence].filter((_, index) => marks[index] === 0);
}

test('what is not marked is the same on both sides, and as much as can be', () => {
  const sequence = fc.array(fc.nat(kinds - 1), { maxLength: 80 }).map((all) => Int32Array.from(all));
  fc.assert(
    fc.property(sequence, sequence, (a, b) => {
      const { removed, added } = diffSequences(a, b, kinds);
      assert.deepEqual(kept(a, removed), kept(b, added));
      assert.equal(kept(a, removed).length, longestCommon(a, b));
    }),
    { numRuns: times(3000) },
  );
});

test('the search is bounded, whatever it is given', () => {
  const length = 200_000;
  const sparse = (period: number): Int32Array => Int32Array.from({ length }, (_, at) => (at % period === 0 ? 1 : 0));
  const random = (count: number, seed: number): Int32Array => Int32Array.from(scattered(length, count, seed));
  for (const [name, a, b, elements] of [
    ['2 kinds', random(2, 1), random(2, 2), 2],
    ['3 kinds', random(3, 1), random(3, 2), 3],
    ['20 kinds', random(20, 1), random(20, 2), 20],
    ['many kinds', random(50_000, 1), random(50_000, 2), 50_000],
    ['long matches everywhere', sparse(400), sparse(397), 2],
    ['short matches everywhere', sparse(2), sparse(3), 2],
    ['one element', sparse(length), sparse(2), 2],
  ] as const) {
    const { removed, added, steps } = diffSequences(a, b, elements);
    assert.deepEqual(kept(a, removed), kept(b, added), name);
    // Twice 2,000,000 and 8 for each element, the round that went beyond it, and the search for anchors.
    assert.ok(steps < 14_000_000, `${steps} steps for ${name}`);
  }
});

const elements = 24;

function occurringOnce(sequence: readonly number[]): number[] {
  return sequence.filter((element) => sequence.filter((other) => other === element).length === 1);
}

test('anchors occur once on both sides of a stretch, in one order, and are as many as can be', () => {
  const sequence = fc.array(fc.nat(elements - 1), { maxLength: 30 });
  const around = fc.array(fc.nat(elements - 1), { maxLength: 5 });
  fc.assert(
    fc.property(sequence, sequence, around, ([...a], [...b], before) => {
      const finder = new AnchorFinder(
        Int32Array.from([...before, ...a, ...before]),
        Int32Array.from([...before, ...b, ...before]),
        elements,
      );
      const start = before.length;
      const find = () => finder.find({ aStart: start, aEnd: start + a.length, bStart: start, bEnd: start + b.length });
      const anchors = find();
      const [inA, inB] = [occurringOnce(a), occurringOnce(b)];
      const found = anchors.map(({ x }) => a[x - start]);
      assert.deepEqual(
        found,
        anchors.map(({ y }) => b[y - start]),
      );
      assert.deepEqual(
        found.filter((element) => element === undefined || !inA.includes(element) || !inB.includes(element)),
        [],
      );
      const ascends = (values: readonly number[]) =>
        values.every((value, at) => at === 0 || value > (values[at - 1] ?? 0));
      assert.ok(ascends(anchors.map(({ x }) => x)) && ascends(anchors.map(({ y }) => y)));
      const both = (side: readonly number[], other: readonly number[]) =>
        side.filter((element) => other.includes(element));
      assert.equal(anchors.length, longestCommon(both(inA, inB), both(inB, inA)));
      assert.deepEqual(find(), anchors, 'a stretch leaves nothing behind for the next');
    }),
    { numRuns: times(3000) },
  );
});
