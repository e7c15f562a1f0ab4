import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnchorFinder } from '../../../src/diff/anchors';
import { times } from '../../support/chance';
import fc from '../../support/properties';
import { longestCommon } from '../../support/textbookDiff';

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
