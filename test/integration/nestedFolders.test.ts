import assert from 'node:assert/strict';
import type { Version } from '../../src/api/api';
import { TestFolder, until } from './support';

const paths = (versions: readonly Version[]): string[] => [...new Set(versions.map(({ path }) => path))].sort();

describe('a workspace folder inside another', () => {
  let outer: TestFolder;
  let inner: TestFolder;

  beforeEach(async () => {
    outer = await TestFolder.open({
      '.obbywatch': '*.md\n',
      'a.md': 'outer',
      'in/.obbywatch': '*.md\n*.txt\n',
      'in/.obbyignore': 'no.md\n',
      'in/b.md': 'inner',
      'in/deep/c.txt': 'inner',
      'inside.md': 'outer',
    });
    inner = TestFolder.at(outer.api, outer.uriOf('in'));
  });

  it('records what it holds, and the outer one does not', async () => {
    await inner.addToWindow();
    await outer.api.flush();
    assert.deepEqual(paths(await inner.recorded()), ['b.md', 'deep/c.txt']);
    await outer.eventsArrive();
    await inner.eventsArrive();
    const [inOuter, inInner] = [outer.listen(), inner.listen()];
    await outer.sh('echo 2 > in/b.md; echo new > in/new.md; mkdir -p in/x/y; echo new > in/x/y/z.md; rm in/deep/c.txt');
    await outer.sh('echo 2 > a.md; echo 2 > inside.md; mkdir in2; echo new > in2/d.md');
    const told = (name: string) => outer.api.watching.explain(outer.uriOf(name));
    await until('the outer changes', () => paths(inOuter.versions).length === 3);
    await until('the inner changes', () => paths(inInner.versions).length === 4);
    await outer.api.flush();
    assert.deepEqual(paths(inOuter.versions), ['a.md', 'in2/d.md', 'inside.md']);
    assert.deepEqual(paths(inInner.versions), ['b.md', 'deep/c.txt', 'new.md', 'x/y/z.md']);
    const hinted = inOuter.heard('file').map(({ uri }) => uri.path);
    assert.deepEqual(
      hinted.filter((each) => each.startsWith(`${inner.uri.path}/`)),
      [],
    );
    // Its own rule file decides, the outer one's has no say.
    assert.equal((await told('in/b.md')).ruleFile?.fsPath, inner.pathOf('.obbywatch'));
    assert.equal((await told('in/no.md')).verdict, 'ignored');
    await inner.assertHistoryIsTrue((name) => /\.(md|txt)$/.test(name));
  });

  it('takes over when it is added, without a deletion in the outer history', async () => {
    assert.deepEqual(paths(await outer.recorded()), ['a.md', 'in/b.md', 'inside.md']);
    assert.equal((await outer.status()).files, 3);
    await inner.addToWindow();
    await outer.write('in/b.md', 'inner, changed');
    await outer.api.flush();
    assert.equal((await inner.newest('b.md')).uri.fsPath, inner.pathOf('b.md'));
    assert.equal(await inner.newestText('b.md'), 'inner, changed');
    const outerVersions = (await outer.recorded()).filter(({ path }) => path === 'in/b.md');
    assert.deepEqual(
      outerVersions.map(({ kind, cause }) => [kind, cause]),
      [['created', 'baseline']],
    );
    assert.equal((await outer.status()).files, 2);
    assert.equal((await outer.status()).lastScan?.files, 2);
  });

  it('gives back to the outer one when it is removed', async () => {
    await inner.addToWindow();
    await outer.api.flush();
    await inner.write('b.md', 'recorded by the inner one');
    await outer.api.flush();
    await inner.removeFromWindow();
    await outer.write('in/late.md', 'late');
    await outer.api.flush();
    assert.equal(await outer.newestText('in/b.md'), 'recorded by the inner one');
    assert.equal((await outer.newest('in/late.md')).kind, 'created');
    assert.equal((await outer.status()).files, 4);
    assert.equal((await outer.api.watching.explain(outer.uriOf('in/no.md'))).verdict, 'ignored');
  });
});
