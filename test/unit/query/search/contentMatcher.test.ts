import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { encode } from '../../../../src/diff/text';
import type { SearchPattern } from '../../../../src/model/search';
import { ContentMatcher } from '../../../../src/query/search/contentMatcher';
import { PatternThread } from '../../../../src/query/search/patternThread';
import { patternProgram } from '../../../support/patternProgram';

const thread = new PatternThread(patternProgram);
after(() => thread.dispose());

async function found(pattern: SearchPattern, text: string | Uint8Array, encodings: string[] = []): Promise<string[]> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const matches = await new ContentMatcher(pattern, thread, encodings).matches(bytes);
  return matches.map(({ line, text: shown, ranges, start = 0 }) => {
    const at = ranges.map(([from, to]) => `${from}-${to}`).join(' ');
    return `${line}${start > 0 ? `+${start}` : ''} ${JSON.stringify(shown)} ${at}`.trim();
  });
}

test('a text is found in lines, whatever their endings and their encoding', async () => {
  assert.deepEqual(await found({ text: 'B' }, 'a\r\nab b\rxb'), ['1 "ab b" 1-2 3-4', '2 "xb" 1-2']);
  assert.deepEqual(await found({ text: 'é' }, encode('x\né', 'utf16le')), ['1 "é" 0-1']);
  assert.deepEqual(await found({ text: 'é' }, Buffer.from('\xe9', 'latin1'), ['iso88591']), ['0 "é" 0-1']);
  assert.deepEqual(await found({ text: 'a' }, Buffer.from('a\0\0b')), []);
});

test('a text is taken literally, and case and words count when they are asked to', async () => {
  assert.deepEqual(await found({ text: '$&(.*)\\/' }, '$&(.*)\\/'), ['0 "$&(.*)\\\\/" 0-8']);
  assert.deepEqual(await found({ text: 'A', caseSensitive: true }, 'a\nA'), ['1 "A" 0-1']);
  assert.deepEqual(await found({ text: 'a', wholeWord: true }, 'ab\na_\né a\n(a)'), ['2 "é a" 2-3', '3 "(a)" 1-2']);
});

test('a text of several lines is found where they follow each other', async () => {
  const text = 'x = one(\r\n  two)\r\nx = one(\r\n  three)\r\n';
  assert.deepEqual(await found({ text: 'one(\n  t' }, text), ['0 "x = one(" 4-8', '2 "x = one(" 4-8']);
  assert.deepEqual(await found({ text: 'one(\n  two)\n' }, text), ['0 "x = one(" 4-8']);
});

test('a regular expression is matched against each line', async () => {
  assert.deepEqual(await found({ regex: '^b[^x]*$' }, 'a\nbc\nbx'), ['1 "bc" 0-2']);
  assert.deepEqual(await found({ regex: 'x*' }, 'ab\nx'), ['0 "ab"', '1 "x" 0-1']);
  assert.deepEqual(await found({ regex: 'a\\-b' }, 'a-b'), ['0 "a-b" 0-3']);
});

test('of a very long line, the part with the match is shown', async () => {
  const [shown] = await found({ text: 'needle' }, `${'x'.repeat(1e6)}needle${'y'.repeat(1e6)}`);
  assert.match(shown ?? '', /^0\+999800 "x{200}needley+" 200-206$/);
});

test('what cannot be searched for is a bad argument', () => {
  for (const pattern of [
    {},
    { text: '' },
    { text: '\n' },
    { text: 'a', regex: 'b' },
    { regex: '(' },
    { text: 'x'.repeat(1e5) },
  ]) {
    assert.throws(() => new ContentMatcher(pattern, thread), { code: 'badArgument' });
  }
});

test('a hostile expression ends its own search only, and blocks nothing', async () => {
  const quick = new PatternThread(patternProgram, 1_000);
  const hostile = new ContentMatcher({ regex: '(a+)+$' }, quick);
  const harmless = new ContentMatcher({ regex: 'a!' }, quick);
  const text = Buffer.from(`${'a'.repeat(50)}!`);
  let turns = 0;
  const timer = setInterval(() => turns++, 10);
  const slow = assert.rejects(hostile.matches(text), { code: 'badArgument', message: /too long/ });
  const [, matches] = await Promise.all([slow, harmless.matches(text)]);
  clearInterval(timer);
  assert.equal(matches.length, 1);
  assert.ok(turns > 5, `${turns} turns of the event loop`);
  quick.dispose();
});
