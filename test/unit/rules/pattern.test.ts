import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { anyFolders } from '../../../src/rules/glob';
import { compilePattern, startPositions, follow, type FolderTest } from '../../../src/rules/pattern';
import { Rules } from '../../../src/rules/rules';
import { GitOracle } from '../../support/gitOracle';

describe('patterns', () => {
  const oracle = new GitOracle();
  after(() => oracle.dispose());

  /** What git says, once Obby was seen to say the same. */
  function matching(line: string, paths: readonly string[]): string[] {
    const rules = new Rules({ watch: `${line}\n`, ignores: [] });
    const [matches = []] = oracle.ask([{ ignores: [{ dir: '', text: `${line}\n` }], folders: [], paths }]);
    const expected = paths.filter((_, index) => matches[index] !== undefined);
    assert.deepEqual(
      paths.filter((path) => rules.isWatched(path)),
      expected,
      line,
    );
    return expected;
  }

  test('every named class holds the bytes that git gives it', () => {
    const bytes = Array.from({ length: 127 }, (_, index) => String.fromCharCode(index + 1)).filter(
      (byte) => byte !== '/',
    );
    const sizes = Object.fromEntries(
      ['alnum', 'alpha', 'blank', 'cntrl', 'digit', 'graph', 'lower', 'print', 'punct', 'space', 'upper', 'xdigit'].map(
        (name) => [
          name,
          matching(
            `xy[[:${name}:]]`,
            bytes.map((byte) => `xy${byte}`),
          ).length,
        ],
      ),
    );
    assert.deepEqual(sizes, {
      ...{ alnum: 62, alpha: 52, blank: 2, cntrl: 32, digit: 10, graph: 93 },
      ...{ lower: 26, print: 94, punct: 31, space: 4, upper: 26, xdigit: 22 },
    });
  });

  test('what minimatch reads in another way means what git says', () => {
    const paths = [
      'x',
      'a]',
      'a\\',
      '.a',
      'a.b',
      '{a,b}',
      '+(a)',
      'é',
      'ab',
      'a/b',
      'a/x/b',
      'ax/b',
      'ax/y/b',
      'a-b',
      '#a',
      '!a',
    ];
    const expected: Record<string, string[]> = {
      '*\\]': ['a]'],
      '*\\\\': ['a\\'],
      '*a': ['.a', 'a/b', 'a/x/b', '#a', '!a'],
      '{a,b}': ['{a,b}'],
      '+(a)': ['+(a)'],
      '\\#a': ['#a'],
      '\\!a': ['!a'],
      '?': ['x', 'a/b', 'a/x/b', 'ax/b', 'ax/y/b'],
      '??': ['a]', 'a\\', '.a', 'é', 'ab', 'ax/b', 'ax/y/b', '#a', '!a'],
      'a[!]]b': ['a.b', 'a-b'],
      'a[/]b': [],
      'a[^/]b': ['a.b', 'a-b'],
      'a[+--]b': ['a-b'],
      '/a**b': ['a.b', 'ab', 'a-b'],
      'a**/b': ['a/b', 'ax/b'],
      'a***/b': ['a/b', 'ax/b'],
      'a**/**/b': ['a/b', 'a/x/b', 'ax/b', 'ax/y/b'],
      'a/x**/b': ['a/x/b'],
      'a**\\/b': ['a/b', 'ax/b'],
      '/a**/': ['a/b', 'a/x/b', 'ax/b', 'ax/y/b'],
      'a/**/b': ['a/b', 'a/x/b'],
      'a/**\\/b': ['a/x/b'],
      '?*/**/b': ['a/b', 'a/x/b', 'ax/b', 'ax/y/b'],
      '?**/b': ['a/b', 'ax/b'],
    };
    const actual = Object.fromEntries(Object.keys(expected).map((line) => [line, matching(line, paths)]));
    assert.deepEqual(actual, expected);
  });

  test('several stars in a name are placed without trying again', () => {
    const paths = [
      'abc',
      'aXbXc',
      'acb',
      'ab',
      'aab',
      'abab',
      'aabaab',
      'a.b.c',
      'ba',
      'aa',
      'a',
      'bab',
      'xaybz',
      'abcabc',
    ];
    for (const line of [
      '*a*b*',
      'a*b*c',
      '*a*a*',
      '*ab*ab',
      'ab*ab*',
      '*?a?*',
      '*[ab]*[bc]*',
      'a*?*b',
      '*a*b*a*b*',
      '*.*.*',
    ]) {
      matching(line, paths);
    }
  });

  test('a name takes no more steps than its length times the length of the pattern', () => {
    // With its stars tried again, each of these would need more than 10^100 steps for a name of all `a`.
    const ends: Record<string, string> = {
      [`${'*a'.repeat(500)}b*a`]: 'ba',
      [`${'*a?'.repeat(300)}*ba`]: 'ba',
      [`*${'a'.repeat(500)}b${'*a'.repeat(200)}`]: `b${'a'.repeat(200)}`,
    };
    const name = 'a'.repeat(20_000);
    for (const [glob, end] of Object.entries(ends)) {
      const pattern = compilePattern(glob);
      assert.deepEqual([pattern.name(name), pattern.name(name + end)], [false, true], glob);
    }
  });

  test('each folder of a path takes one test for each folder of the pattern at most', () => {
    let tests = 0;
    const isA = (name: string): boolean => {
      tests++;
      return name === 'a';
    };
    const folders: FolderTest[] = Array.from({ length: 30 }, () => [anyFolders, isA, isA] as const).flat();
    const depth = 200;
    let places = startPositions(folders);
    for (let level = 0; level < depth; level++) places = follow(folders, places, 'a');
    assert.ok(places.includes(folders.length));
    assert.ok(tests <= folders.length * depth, `${tests} tests`);
    assert.deepEqual(follow([isA, isA], startPositions([isA, isA]), 'b'), []);
  });
});
