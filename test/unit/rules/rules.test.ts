import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { maxDepth, Rules } from '../../../src/rules/rules';
import { GitOracle } from '../../support/gitOracle';
import { usableRules } from '../../support/usableRules';

const ignoring = (text: string, dir = '') => [{ dir, text }];
const lines = (...all: string[]) => `${all.join('\n')}\n`;

/** The examples of git's own manual page for its ignore files: of the paths, those that git ignores, and those that it does not. */
const documented: { files: Record<string, string>; folders?: string[]; ignored: string[]; others: string[] }[] = [
  { files: { '': '\n\n' }, ignored: [], others: ['a', '\n'] },
  { files: { '': '#a\n\\#b\n' }, ignored: ['#b'], others: ['#a', 'a', 'b'] },
  { files: { '': 'a  \nb\\ \n' }, ignored: ['a', 'b '], others: ['a  ', 'b', 'b\\ '] },
  { files: { '': '\\!important!.txt' }, ignored: ['!important!.txt', 'a/!important!.txt'], others: ['important!.txt'] },
  { files: { '': 'a*\n!ab\n' }, ignored: ['ac', 'ac/ab'], others: ['ab', 'x/ab'] },
  {
    files: { '': 'doc/frotz/' },
    folders: ['doc/frotz', 'a/doc/frotz'],
    ignored: ['doc/frotz', 'doc/frotz/x'],
    others: ['a/doc/frotz', 'a/doc/frotz/x'],
  },
  {
    files: { '': 'frotz/' },
    folders: ['frotz', 'a/frotz'],
    ignored: ['frotz', 'a/frotz', 'a/frotz/x'],
    others: ['b/frotz'],
  },
  {
    files: { '': '/a*c?e[a-zA-Z]' },
    ignored: ['abcdeF', 'ac.ez', 'acdeQ/x'],
    others: ['a/cdez', 'ac/ez', 'acde1', 'x/abcdeF'],
  },
  { files: { '': '\\*\n\\a\nb\\' }, ignored: ['*', 'a'], others: ['x', '\\a', 'b', 'b\\'] },
  { files: { '': '**/foo' }, ignored: ['foo', 'a/foo', 'a/b/foo/c'], others: ['afoo'] },
  { files: { '': '**/foo/bar' }, ignored: ['foo/bar', 'a/foo/bar'], others: ['foo/a/bar', 'bar'] },
  { files: { '': 'abc/**' }, folders: ['abc'], ignored: ['abc/a', 'abc/a/b/c'], others: ['abc', 'a/abc/b'] },
  { files: { '': 'a/**/b' }, ignored: ['a/b', 'a/x/b', 'a/x/y/b'], others: ['b', 'ab', 'c/a/b'] },
  { files: { '': 'x/a**c' }, ignored: ['x/ac', 'x/abc'], others: ['x/a/c', 'x/ab/bc'] },
  { files: { '': 'hello.*' }, ignored: ['hello.txt', 'a/hello.java'], others: ['hello', 'ahello.c'] },
  { files: { '': '/hello.*' }, ignored: ['hello.txt', 'hello.c'], others: ['a/hello.java'] },
  { files: { '': 'foo/' }, folders: ['foo'], ignored: ['foo', 'foo/a'], others: ['bar/foo'] },
  { files: { '': '/doc/frotz' }, ignored: ['doc/frotz'], others: ['a/doc/frotz'] },
  { files: { '': 'doc/frotz' }, ignored: ['doc/frotz'], others: ['a/doc/frotz'] },
  {
    files: { '': 'foo/*' },
    folders: ['foo/bar'],
    ignored: ['foo/test.json', 'foo/bar', 'foo/bar/hello.c'],
    others: ['foo', 'a/foo/test.json'],
  },
  { files: { '': 'fo[a-z]/x?z\n*.[oa]' }, ignored: ['foo/xyz', 'a.o', 'b/c.a'], others: ['foo/x/z', 'fo/xyz', 'a.c'] },
  {
    files: { '': '/foo/*\n!/foo/bar/' },
    folders: ['foo/bar'],
    ignored: ['foo/test.json'],
    others: ['foo/bar', 'foo/bar/hello.c'],
  },
  {
    files: { '': '# objects\n*.[oa]\n', Documentation: '*.html\n!foo.html\n' },
    ignored: ['file.o', 'lib.a', 'src/internal.o', 'Documentation/gitignore.html'],
    others: ['Documentation/foo.html', 'index.html'],
  },
  {
    files: { '': 'vmlinux*\n', 'arch/foo/kernel': '!/vmlinux*\n' },
    ignored: ['vmlinux', 'arch/vmlinux.lds', 'arch/foo/kernel/a/vmlinux'],
    others: ['arch/foo/kernel/vmlinux.lds.S'],
  },
  {
    files: { '': '/*\n!/foo\n/foo/*\n!/foo/bar\n' },
    folders: ['foo', 'foo/bar'],
    ignored: ['a', 'foo/b'],
    others: ['foo', 'foo/bar', 'foo/bar/c'],
  },
];

describe('rules', () => {
  test("each of git's documented examples means the same", () => {
    const oracle = new GitOracle();
    after(() => oracle.dispose());
    for (const { files, folders = [], ignored, others } of documented) {
      const ignores = Object.entries(files).map(([dir, text]) => ({ dir, text }));
      const paths = [...ignored, ...others];
      const [matches = []] = oracle.ask([{ ignores, folders, paths }]);
      assert.deepEqual(
        paths.filter((_, index) => matches[index]?.negated === false),
        ignored,
      );
      const rules = new Rules({ watch: '*', ignores: ignores.map(usableRules) });
      assert.deepEqual(
        paths.filter((path) => !rules.explain(path, folders.includes(path) ? 'folder' : 'file').watched),
        ignored,
      );
    }
  });

  test("each of git's documented examples that takes nothing out means the same in .obbywatch", () => {
    let compared = 0;
    for (const { files, folders = [], ignored, others } of documented) {
      const { '': watch, ...deeper } = files;
      if (Object.keys(deeper).length > 0 || /^!/m.test(watch ?? '')) continue;
      const rules = new Rules({ watch, ignores: [] });
      const listed = [...ignored, ...others].filter((path) => {
        const { reason } = rules.explain(path, folders.includes(path) ? 'folder' : 'file');
        return reason === 'listed';
      });
      assert.deepEqual(listed, ignored, watch);
      compared++;
    }
    assert.ok(compared > 15, `${compared} examples`);
  });

  test('without a line that lists something, nothing is watched', () => {
    for (const watch of [undefined, '', '\n \r\n', '# *.md\n', '!*.md\n', '[\n']) {
      const rules = new Rules({ watch, ignores: ignoring('*.log') });
      assert.deepEqual([rules.isEmpty, rules.mayContainWatched('')], [true, false]);
      for (const path of ['a.md', 'a.log', '.obbywatch']) {
        assert.deepEqual(rules.explain(path), { watched: false, reason: 'no rules' });
      }
    }
  });

  test('each verdict names its reason, file, line and pattern', () => {
    const rules = new Rules({
      watch: lines('# notes', '*.md', '!drafts/', 'src/'),
      ignores: [...ignoring('*.tmp.md\n'), ...ignoring('/secret*\n', 'src/keys')],
    });
    const told = (path: string) => {
      const verdict = rules.explain(path);
      if (!('rule' in verdict)) return [verdict.reason];
      return [verdict.reason, verdict.rule.file, verdict.rule.line, verdict.rule.pattern];
    };
    assert.deepEqual(told('a/b.md'), ['listed', '.obbywatch', 2, '*.md']);
    assert.deepEqual(told('a/drafts/b.md'), ['taken out', '.obbywatch', 3, '!drafts/']);
    assert.deepEqual(told('src/a/b.c'), ['listed', '.obbywatch', 4, 'src/']);
    assert.deepEqual(told('src/a.tmp.md'), ['ignored', '.obbyignore', 1, '*.tmp.md']);
    assert.deepEqual(told('src/keys/secret/a'), ['ignored', 'src/keys/.obbyignore', 1, '/secret*']);
    assert.deepEqual(told('a.txt'), ['not listed']);
    assert.deepEqual(told('src/.git/a.md'), ['always ignored']);
    assert.deepEqual(told('../a.md'), ['outside']);
    assert.deepEqual(structuredClone(rules.explain('a.md')), rules.explain('a.md'));
  });

  test('the last line about a path or a folder above it decides what is listed', () => {
    const watched = (watch: string, paths: string[]) => {
      const rules = new Rules({ watch, ignores: [] });
      return paths.filter((path) => rules.isWatched(path));
    };
    assert.deepEqual(watched(lines('notes/', '!notes/private.md'), ['notes/a.md', 'notes/private.md']), ['notes/a.md']);
    assert.deepEqual(watched(lines('*.md', '!drafts/'), ['a.md', 'drafts/a.md', 'x/drafts/y/a.md']), ['a.md']);
    assert.deepEqual(watched(lines('!drafts/', '*.md'), ['drafts/a.md']), ['drafts/a.md']);
    assert.deepEqual(watched(lines('a/', '!a/b/', 'a/b/c/'), ['a/x', 'a/b/x', 'a/b/c/x']), ['a/x', 'a/b/c/x']);
    assert.deepEqual(watched(lines('a/'), ['a', 'a/b', 'x/a/b']), ['a/b', 'x/a/b']);
    assert.deepEqual(watched(lines('*.md'), ['.obbywatch', 'a/.obbyignore']), []);
    assert.deepEqual(watched(lines('.obby*'), ['.obbywatch', 'a/.obbyignore']), ['.obbywatch', 'a/.obbyignore']);
  });

  test('what is ignored is not watched, and nothing in an ignored folder comes back', () => {
    const rules = new Rules({
      watch: '*\n',
      ignores: [
        ...ignoring('build/\n!build/keep\n*.log\n'),
        ...ignoring('!*.log\n', 'logs'),
        ...ignoring('!*\n', 'build'),
      ],
    });
    const paths = ['build', 'build/keep', 'a/build/x', 'a.log', 'logs/a.log', 'logs/a/b.log'];
    assert.deepEqual(
      paths.filter((path) => rules.isWatched(path)),
      ['build', 'logs/a.log', 'logs/a/b.log'],
    );
  });

  test("git's own files, Obby's own and paths that are none of the workspace's are never watched", () => {
    const rules = new Rules({ watch: '*\n', ignores: [], reserved: ['.obby', 'a/store'] });
    const reasons = (paths: string[]) => [...new Set(paths.map((path) => rules.explain(path).reason))];
    const tooDeep = `${'a/'.repeat(maxDepth + 1)}a`;
    assert.deepEqual(reasons(['.git', '.git/config', 'a/.git', 'a/.git/b/c', '.obby/x', 'a/store/b/x']), [
      'always ignored',
    ]);
    assert.deepEqual(reasons(['.gitignore', 'a.git', '.github/a', 'store/x', 'x:y', tooDeep.slice(2)]), ['listed']);
    assert.deepEqual(
      reasons([
        '',
        '/',
        '/a',
        '/a/b',
        '.',
        '..',
        '../a',
        './a',
        'a/../b',
        'a/./b',
        'a//b',
        'a/',
        'c:/a',
        'C:',
        tooDeep,
        '/'.repeat(1e6),
      ]),
      ['outside'],
    );
  });

  test('a walk is cut short where surely nothing is watched', () => {
    const dirs = ['', 'docs', 'docs/a/b', 'node_modules', 'x/docs', 'docs/drafts', '.git', 'a/.git/b', '..', '/a'];
    const entered = (watch: string, ignore = '') => {
      const rules = new Rules({ watch, ignores: ignoring(ignore) });
      return dirs.filter((dir) => rules.mayContainWatched(dir));
    };
    assert.deepEqual(entered('docs/**/*.md'), ['', 'docs', 'docs/a/b', 'docs/drafts']);
    assert.deepEqual(entered('/docs/*.md'), ['', 'docs']);
    assert.deepEqual(entered('/README.md'), ['']);
    assert.deepEqual(entered('docs/a/'), ['', 'docs', 'docs/a/b']);
    assert.deepEqual(entered('**/docs/*'), ['', 'docs', 'docs/a/b', 'node_modules', 'x/docs', 'docs/drafts']);
    assert.deepEqual(entered('*.md', 'node_modules/\n'), ['', 'docs', 'docs/a/b', 'x/docs', 'docs/drafts']);
    assert.deepEqual(entered('*.md\n!docs/'), ['', 'node_modules']);
    assert.deepEqual(entered('*.md\n!docs/\ndocs/drafts/*'), ['', 'docs', 'node_modules', 'docs/drafts']);
    assert.deepEqual(entered('*.md\n!*\n'), ['']);
  });

  test('the problems of all files are reported', () => {
    const rules = new Rules({ watch: '[\n*\n', ignores: [...ignoring('a\\'), ...ignoring('\n//', 'a')] });
    assert.deepEqual(
      rules.problems.map(({ file, line }) => `${file}:${line}`),
      ['.obbywatch:1', '.obbyignore:1', 'a/.obbyignore:2'],
    );
  });

  test('an ignore file of which any part cannot be used ignores its whole folder, and nothing above or beside it', () => {
    const tooMany = lines(...Array.from({ length: 10_001 }, (_, n) => `a${n}`));
    for (const text of [
      '*.log\n[a-\n',
      '![a-\n',
      'b\\',
      '/\n',
      'a\0b\n',
      `${'a'.repeat(2_000)}\n`,
      's\uFFFDcret\n',
      tooMany,
    ]) {
      const rules = new Rules({ watch: '*\n', ignores: [...ignoring('*.tmp\n'), ...ignoring(text, 'docs')] });
      const reasonOf = (path: string) => rules.explain(path).reason;
      assert.deepEqual(
        ['docs/a', 'docs/sub/a', 'docs/a.tmp', 'a', 'a.tmp', 'src/a'].map(reasonOf),
        ['unusable ignore file', 'unusable ignore file', 'unusable ignore file', 'listed', 'ignored', 'listed'],
        text.slice(0, 20),
      );
      const told = rules.problems.map(({ file, message }) => [file, /nothing in docs is recorded\.$/.test(message)]);
      assert.deepEqual(told[0], ['docs/.obbyignore', true]);
    }
  });

  test('a re-include, deeper or later, does not reach into a folder whose ignore file cannot be used', () => {
    const ignores = [...ignoring('[a-\n!*\n!a.md\n'), ...ignoring('!*\n', 'docs')];
    const rules = new Rules({ watch: '*\n', ignores });
    assert.deepEqual(
      ['a.md', 'docs', 'docs/a.md'].filter((path) => rules.isWatched(path)),
      [],
    );
  });

  test('a comment or blank line with bytes that are no text is none of it', () => {
    const rules = new Rules({ watch: '*\n', ignores: ignoring('# f\uFFFDr\n  \n*.log\n') });
    assert.deepEqual([rules.problems, rules.isWatched('a'), rules.isWatched('a.log')], [[], true, false]);
  });

  test('a walk meets an ignore file that cannot be used, and goes no further', () => {
    const rules = new Rules({ watch: '*\n', ignores: ignoring('[\n', 'docs') });
    assert.deepEqual(
      ['', 'docs', 'docs/a', 'docs/a/b'].filter((dir) => rules.mayContainWatched(dir)),
      ['', 'docs'],
    );
  });

  test('a rule file that cannot be read is a problem: nothing is watched, or nothing in its folder', () => {
    const fault = 'docs/.obbyignore is a folder. Delete it.';
    const watchFault = '.obbywatch is a folder. Delete it.';
    const one = new Rules({ watch: '*\n', ignores: [{ dir: 'docs', text: '', fault }] });
    assert.deepEqual([one.isWatched('docs/a'), one.isWatched('a')], [false, true]);
    assert.match(one.problems[0]?.message ?? '', /^docs\/.obbyignore is a folder.* nothing in docs is recorded\.$/);
    const none = new Rules({ watch: undefined, watchFault, ignores: [] });
    assert.deepEqual([none.isEmpty, none.isWatched('a')], [true, false]);
    assert.match(none.problems[0]?.message ?? '', /^\.obbywatch is a folder.* nothing is watched\.$/);
  });

  test('a ! line of .obbywatch that cannot be used takes out all above it, also where it was not read', () => {
    const watched = (watch: string) => {
      const rules = new Rules({ watch, ignores: [] });
      const paths = ['a.md', 'b.txt'].filter((path) => rules.isWatched(path));
      return [paths, rules.problems.some(({ message }) => message.includes('takes out everything'))];
    };
    assert.deepEqual(watched('*\n!secret[\n*.txt\n'), [['b.txt'], true]);
    assert.deepEqual(watched('*\n!s\uFFFDcret\n'), [[], true]);
    const many = 'x\n'.repeat(10_000);
    assert.deepEqual(watched(`*\n${many}\n!secret\n`), [[], true]);
    assert.deepEqual(watched(`*\n${many}\nsecret\n`), [['a.md', 'b.txt'], false]);
    assert.deepEqual(watched('*\nsecret[\n'), [['a.md', 'b.txt'], false]);
  });

  test('answers stay the same when there are more folders than are remembered', () => {
    const rules = new Rules({ watch: 'a/**/b\n', ignores: [] });
    const paths = Array.from({ length: 120_000 }, (_, n) => `a/${n}/b`);
    assert.ok(paths.every((path) => rules.isWatched(path)));
    assert.ok(paths.every((path) => rules.isWatched(path) && !rules.isWatched(path.slice(2))));
  });
});
