import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { times } from '../../support/chance';
import fc from '../../support/properties';
import { fingerprintOf, similarities } from '../../../src/track/similarity';

function similarity(a: Uint8Array, b: Uint8Array): number {
  return similarities([fingerprintOf(a)], [fingerprintOf(b)])[0]?.[0] ?? NaN;
}

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** In percent, rounded down; 0 when git sees no rename at all. */
function percentByGit(before: Uint8Array, after: Uint8Array): number {
  const folder = mkdtempSync(join(tmpdir(), 'obby-similar-'));
  folders.push(folder);
  for (const side of ['a', 'b']) mkdirSync(join(folder, side));
  writeFileSync(join(folder, 'a', 'old'), before);
  writeFileSync(join(folder, 'b', 'new'), after);
  const found = /^R(\d+)/.exec(git(folder, ['diff', '--no-index', '-M1%', '--name-status', 'a', 'b']));
  return Number(found?.[1] ?? 0);
}

function git(cwd: string, args: readonly string[]): string {
  try {
    const env = { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', HOME: cwd };
    return execFileSync('git', args, { cwd, encoding: 'utf8', env });
  } catch (error) {
    // Its exit status is 1 when there are differences.
    const { status, stdout } = error as { status?: number; stdout?: string };
    if (status === 1 && stdout !== undefined) return stdout;
    throw error;
  }
}

const lineFeed = 10;

const aLine = fc.oneof(
  fc.constantFrom('{', '}', '', 'import a', 'x'.repeat(63), 'x'.repeat(64), 'x'.repeat(200), 'grüße 😀'),
  fc.string({ maxLength: 90 }),
);
const aText = fc
  .record({ lines: fc.array(aLine, { minLength: 1, maxLength: 30 }), eol: fc.constantFrom('\n', '\r\n') })
  .map(({ lines, eol }) => Buffer.from(lines.map((line) => line + eol).join('')));
const anEdit = fc.record({
  text: aText,
  cut: fc.nat(500),
  drop: fc.nat(200),
  insert: fc.oneof(aText, fc.uint8Array({ maxLength: 50 })),
});
const aPair = fc.oneof(
  anEdit.map(
    ({ text, cut, drop, insert }) =>
      [text, Buffer.concat([text.subarray(0, cut), insert, text.subarray(cut + drop)])] as const,
  ),
  fc.tuple(aText, aText),
);

test('files are as alike as git says, in whole percents, and never more', () => {
  fc.assert(
    fc.property(aPair, ([a, b]) => {
      fc.pre(a.length > 0 && b.length > 0 && !a.equals(b));
      const percent = Math.floor(similarity(a, b) * 100 + 1e-9);
      const byGit = percentByGit(a, b);
      // For git, a piece that begins with NULs is the same as one without them; newer versions count unfinished lines.
      const isExact = [a, b].every((file) => !file.includes(0) && file.at(-1) === lineFeed);
      assert.ok(isExact ? percent === byGit : percent <= byGit, `${percent} %, git: ${byGit} %`);
    }),
    { numRuns: times(60) },
  );
});

test('a file is like itself, like nothing that shares no line, and no empty one is like another', () => {
  const [a, b, none] = ['one\ntwo\n', 'three\n', ''].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer];
  assert.deepEqual([similarity(a, a), similarity(a, b), similarity(none, none), similarity(a, none)], [1, 0, 0, 0]);
});

test('a thousand times the same line counts as often as both have it', () => {
  assert.equal(similarity(Buffer.from('x\n'.repeat(1000)), Buffer.from('x\n'.repeat(250))), 0.25);
});
