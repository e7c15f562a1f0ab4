import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { maxShownLength, segmentsOf, type TextRange } from '../../../../../src/webview/diff/words/segments';
import { times } from '../../../../support/chance';
import fc from '../../../../support/properties';

/** A short form to compare: `[marked]`, `<U+202E>`, `{blanks}`, `…12`. */
function drawn(line: string, marks: readonly TextRange[] = [], showTrailing = false): string {
  return segmentsOf(line, marks, showTrailing)
    .map((segment) => {
      switch (segment.kind) {
        case 'text':
          return segment.marked ? `[${segment.text}]` : segment.text;
        case 'blank':
          return `{${segment.text}}`;
        case 'symbol':
          return segment.marked ? `[<${segment.label}>]` : `<${segment.label}>`;
        case 'cut':
          return `…${segment.count}`;
      }
    })
    .join('');
}

describe('what is shown of a line', () => {
  test('marks what changed', () => {
    assert.equal(drawn('let a = 1;', [{ start: 8, end: 9 }]), 'let a = [1];');
  });

  test('names what would reorder or hide text', () => {
    assert.equal(drawn('user\u202e \u2066// admin\u2069'), 'user<U+202E> <U+2066>// admin<U+2069>');
    assert.equal(drawn('a\u200bb\ufeff\x1b[31m\x7f\x00\x85'), 'a<U+200B>b<U+FEFF><ESC>[31m<DEL><NUL><U+0085>');
    assert.equal(drawn('\ud800x\u{e0041}'), '<U+D800>x<U+E0041>');
  });

  test('leaves tabs, scripts, accents and emoji as they are', () => {
    const line = '\tשלום é 日本 👩‍👧 ❤️ नि‍';
    assert.equal(drawn(line), line);
  });

  test('names blanks and joiners where they are what changed', () => {
    assert.equal(drawn('a\u00a0b', [{ start: 1, end: 2 }]), 'a[<U+00A0>]b');
    assert.equal(drawn('a\u200db', [{ start: 1, end: 2 }]), 'a[<U+200D>]b');
    assert.equal(drawn('x👩\u200d👧', [{ start: 1, end: 6 }]), 'x[👩\u200d👧]');
  });

  test('shows blanks that changed by themselves or at the end', () => {
    assert.equal(drawn('a  b', [{ start: 1, end: 3 }]), 'a{  }b');
    assert.equal(drawn('a b \t', [{ start: 2, end: 5 }]), 'a [b]{ \t}');
    assert.equal(drawn('a b c', [{ start: 1, end: 4 }]), 'a[ b ]c');
  });

  test('shows blanks at the end of a line that is new as a whole', () => {
    assert.equal(drawn('a b  ', [], true), 'a b{  }');
    assert.equal(drawn('   ', [], true), '{   }');
    assert.equal(drawn('a b  '), 'a b  ');
  });
});

describe('a long line', () => {
  const long = 'x'.repeat(3 * maxShownLength);

  test('is cut at its end', () => {
    const [text, cut] = segmentsOf(long, []);
    assert.deepEqual([text?.kind, cut], ['text', { kind: 'cut', count: 2 * maxShownLength }]);
  });

  test('is cut so that its first change is seen', () => {
    const start = 2 * maxShownLength;
    const segments = segmentsOf(long, [{ start, end: start + 1 }]);
    assert.deepEqual(segments[0], { kind: 'cut', count: start - 200 });
    assert.deepEqual(segments[2], { kind: 'text', text: 'x', marked: true });
  });

  test('shows where each of its changes begins', () => {
    const line = 'x'.repeat(160_000);
    const change = fc.record({ start: fc.nat(159_000), length: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.nat(900)) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 300 }), (changes) => {
        const marks: TextRange[] = [];
        for (const { start, length } of [...changes].sort((a, b) => a.start - b.start)) {
          if (start > (marks.at(-1)?.end ?? -1)) marks.push({ start, end: start + length + 1 });
        }
        const begun = new Set<number>();
        let [at, shown] = [0, 0];
        for (const segment of segmentsOf(line, marks)) {
          const length = segment.kind === 'cut' ? segment.count : segment.text.length;
          if (segment.kind !== 'cut') shown += length;
          if (segment.kind === 'text' && segment.marked) begun.add(at);
          at += length;
        }
        assert.equal(at, line.length);
        assert.ok(shown <= 2 * maxShownLength, `${shown} are shown`);
        assert.ok(marks.every(({ start }) => begun.has(start)));
      }),
      { numRuns: times(200) },
    );
  });

  test('is never cut inside of a character', () => {
    const line = `${'😀'.repeat(5950)}z${'😀'.repeat(6000)}`;
    const segments = segmentsOf(line, [{ start: 12_001, end: 12_003 }]);
    assert.deepEqual(segments[0], { kind: 'cut', count: 11_800 });
    assert(segments.every(({ kind }) => kind !== 'symbol'));
  });
});

test('nothing of a line is lost, added or out of order', () => {
  const line = fc.string({
    unit: fc.constantFrom('a', ' ', '\t', '\u202e', 'é', '\u200d', '😀', '\xa0'),
    maxLength: 30,
  });
  const cuts = fc.array(fc.nat(40), { maxLength: 6 });
  fc.assert(
    fc.property(line, cuts, fc.boolean(), (text, at, showTrailing) => {
      const ends = [...new Set(at)].sort((a, b) => a - b);
      const marks = ends.flatMap((end, index) => (index % 2 === 1 ? [{ start: ends[index - 1] ?? 0, end }] : []));
      const shown = segmentsOf(text, marks, showTrailing).map((segment) => {
        if (segment.kind === 'symbol') return String.fromCodePoint(Number.parseInt(segment.name.slice(2), 16));
        return segment.kind === 'cut' ? '' : segment.text;
      });
      assert.equal(shown.join(''), text);
    }),
    { numRuns: times(1000) },
  );
});
