import assert from 'node:assert/strict';
import { TestFolder } from './support';

/** Far more than is needed to know a text again. */
const text = (name: string): string =>
  Array.from({ length: 20 }, (_, line) => `line ${line} of ${name}, which no other has\n`).join('');

/** As programs other than VS Code do them. */
describe('moves outside of VS Code keep the history of each file:', () => {
  let folder: TestFolder;

  beforeEach(async () => {
    const files = ['a', 'b', 'c', 'dir/d', 'dir/deep/e'].map((name) => [`${name}.md`, text(name)] as const);
    folder = await TestFolder.open({ '.obbywatch': '*.md\n', ...Object.fromEntries(files) });
  });

  /** Once found by the scan of `flush`, once told by events or polls. */
  async function moves(line: string): Promise<string[]> {
    const versions = await folder.recordedBy(() => folder.sh(line));
    await folder.assertHistoryIsTrue((name) => name.endsWith('.md'));
    return versions.map(({ kind, path, renamedFrom }) => [kind, renamedFrom, path].filter(Boolean).join(' ')).sort();
  }

  const first = async (name: string): Promise<string> => {
    const version = (await folder.versions(name)).at(-1);
    return folder.api.history.text(version?.id ?? '');
  };

  it('a file, edited in the same breath', async () => {
    assert.deepEqual(await moves('mv a.md x.md; echo edited >> x.md'), ['renamed a.md x.md']);
    assert.match(await folder.newestText('x.md'), /edited\n$/);
    assert.deepEqual(await moves('grep -v "line 3 " x.md > y.md; rm x.md'), ['renamed x.md y.md']);
    assert.equal(await first('y.md'), text('a'));
  });

  it('a folder with an edit inside', async () => {
    const moved = await moves('mv dir moved; echo edited >> moved/deep/e.md');
    assert.deepEqual(moved, ['renamed dir/d.md moved/d.md', 'renamed dir/deep/e.md moved/deep/e.md']);
    assert.equal(await first('moved/deep/e.md'), text('dir/deep/e'));
  });

  it('two files that are exchanged', async () => {
    assert.deepEqual(await moves('mv a.md t; mv b.md a.md; mv t b.md'), ['renamed a.md b.md', 'renamed b.md a.md']);
    assert.deepEqual([await first('a.md'), await first('b.md')], [text('b'), text('a')]);
  });

  it('a chain', async () => {
    const chain = await moves('mv c.md x.md; mv b.md c.md; mv a.md b.md');
    assert.deepEqual(chain, ['renamed a.md b.md', 'renamed b.md c.md', 'renamed c.md x.md']);
    assert.deepEqual([await first('b.md'), await first('c.md'), await first('x.md')], ['a', 'b', 'c'].map(text));
  });

  it('a name that changes its case alone', async () => {
    assert.deepEqual(await moves('mv a.md A.md; mv dir Dir'), [
      'renamed a.md A.md',
      'renamed dir/d.md Dir/d.md',
      'renamed dir/deep/e.md Dir/deep/e.md',
    ]);
    assert.equal(await first('A.md'), text('a'));
  });
});
