import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PreviewText, type PreviewFacts } from '../../../../src/commands/proposal/preview';
import { TimeText } from '../../../../src/views/text/timeText';
import { FakeClock } from '../../../support/fakeClock';

const text = new PreviewText(new TimeText(new FakeClock(), 'en', 'UTC'));

const preview = { files: 567, bytes: 12_300_000, large: 0, isCut: false, folders: [], secrets: [] };
const cut = { hasEnded: false, large: [], deep: [], unreadable: [] };
const plain: PreviewFacts = { preview, cut, leftOut: [], unlisted: [], unusable: [], maxFileBytes: 5 * 1024 * 1024 };

test('the question says how much it is, and the button too', () => {
  assert.equal(text.question(plain, 'mono'), '567 files, 12 MB. Nothing is recorded yet.');
  assert.equal(text.agree(plain), 'Watch 567 Files');
  assert.equal(text.agree({ ...plain, preview: { ...preview, files: 1 } }), 'Watch 1 File');
  const nothing = { ...plain, preview: { ...preview, files: 0, bytes: 0 } };
  assert.equal(text.question(nothing, 'mo\nno'), 'There is nothing to watch in mo\\nno yet.');
  assert.equal(text.agree(nothing), 'Watch New Files');
});

test('what was not counted is shown, and the button promises no number', () => {
  for (const facts of [
    { ...plain, preview: { ...preview, isCut: true } },
    { ...plain, cut: { ...cut, hasEnded: true } },
    { ...plain, cut: { ...cut, large: ['data'] } },
    { ...plain, cut: { ...cut, deep: ['a/b'] } },
  ]) {
    assert.equal(text.agree(facts), 'Watch 567 or More Files');
    assert.equal(text.notes(facts).length, 1);
  }
});

test('the folders that hold most are named, the others together', () => {
  const folders = Array.from({ length: 7 }, (_, n) => ({ folder: n === 1 ? '' : `f${n}`, files: n + 1, bytes: 1_000 }));
  assert.deepEqual(
    text.folders({ preview: { ...preview, folders } }).map(({ label, description }) => `${label}: ${description}`),
    [
      ...['f0: 1 file · 1 kB', 'files in the root: 2 files · 1 kB', 'f2: 3 files · 1 kB', 'f3: 4 files · 1 kB'],
      ...['f4: 5 files · 1 kB', '2 more folders: 13 files · 2 kB'],
    ],
  );
});

test('what is not watched is named', () => {
  const leftOut = ['.git', 'a/node_modules', 'dist', 'b/node_modules', 'c', 'd', 'e', 'f', 'g/.git'];
  const facts: PreviewFacts = {
    ...plain,
    preview: { ...preview, large: 2, secrets: ['a/.env', '$(key).pem', 'x\u202ey'] },
    cut: { ...cut, unreadable: ['', 'closed'] },
    leftOut,
    unlisted: ['.config'],
    unusable: ['a/.gitignore'],
  };
  assert.deepEqual(
    text.notes(facts).map(({ label, description }) => `${label}: ${description}`),
    [
      '2 files larger than 5 MB: Changes are noted, contents are not stored.',
      'Ignored folders: node_modules (2), dist, c, d, e, 1 more',
      'Likely secrets, ignored: a/.env, \\$(key).pem, x\\u{202e}y',
      'Not listed: .config',
      'Ignored, since these cannot be converted: a/.gitignore',
      'Cannot be read: ., closed',
    ],
  );
  assert.deepEqual(text.notes(plain), []);
});
