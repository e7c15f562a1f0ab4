import fc from './properties';

/** Lines that occur often, so that there is much to confuse, and lines that a patch itself is made of. */
const line = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('', 'a', 'b', 'c', '}', '  x', '\tx') },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 99 }).map((number) => `line ${number}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '++',
      '--',
      '-- a/f0',
      '--- a/f0',
      '+++ b/f0',
      '++ b/f0',
      '@@ -1 +1 @@',
      '\\ No newline at end of file',
      'diff --git a/f0 b/f0',
      'Index: f0',
      '*** f0',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('\r', 'x\ry', '\ufeff', 'é', '\u{1f600}', ' \t ', '\v\f\x1b', '\u2028', '\x85'),
  },
);
const ending = fc.oneof({ weight: 12, arbitrary: fc.constant('\n') }, { weight: 1, arbitrary: fc.constant('\r\n') });
const whole = fc.tuple(line, ending).map((parts) => parts.join(''));
const lines = fc
  .tuple(fc.array(whole, { maxLength: 40 }), fc.option(line, { freq: 4, nil: '' }))
  .map(([all, last]) => [...all, last]);

const edit = fc.record({ at: fc.nat(40), remove: fc.nat(4), add: fc.array(whole, { maxLength: 4 }) });

/** Two forms of a text: one an edit of the other, or now and then with nothing to do with it. */
export const editedText = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(lines, fc.array(edit, { maxLength: 6 })).map(([before, edits]) => {
      const after = [...before];
      for (const { at, remove, add } of edits) after.splice(at, remove, ...add);
      return { before: before.join(''), after: after.join('') };
    }),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(lines, lines).map(([before, after]) => ({ before: before.join(''), after: after.join('') })),
  },
);

/** The same as a comparison shows it: without byte order marks. */
export const shownText = editedText.map(({ before, after }) => ({
  before: before.replace(/^\ufeff/, ''),
  after: after.replace(/^\ufeff/, ''),
}));
