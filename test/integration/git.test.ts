import assert from 'node:assert/strict';
import { TestFolder } from './support';

describe('git, run outside of VS Code:', () => {
  let folder: TestFolder;
  const isWatched = (name: string): boolean => name.startsWith('src/') && !name.endsWith('.log');

  before(async () => {
    folder = await TestFolder.open({
      '.obbywatch': 'src/\n',
      '.obbyignore': '*.log\n',
      'src/stays.txt': 'the same on both branches\n',
      'src/changes.txt': 'on main\n',
      'src/only/main.txt': 'main only\n',
      'src/old name.txt': 'a text long enough\nto be recognised\nwhen it is renamed\n',
    });
    await folder.sh('git init -q -b main; git config user.name Me; git config user.email me@example.org');
    await folder.sh('git add -A; git commit -qm main; git checkout -qb topic');
    await folder.writeAll({ 'src/changes.txt': 'on topic\n', 'src/only/topic.txt': 'topic only\n' });
    await folder.sh('git rm -qr src/only/main.txt; git mv "src/old name.txt" "src/new name.txt"');
    await folder.sh('git add -A; git commit -qm topic');
    await folder.api.flush();
  });
  after(() => folder.close());

  async function told(change: () => Promise<unknown>): Promise<string[]> {
    const versions = await folder.recordedBy(change);
    await folder.assertHistoryIsTrue(isWatched);
    return versions.map(({ kind, path }) => `${kind} ${path}`).sort();
  }

  it('a checkout of another branch', async () => {
    assert.deepEqual(await told(() => folder.run('git', 'checkout', '-q', 'main')), [
      'created src/only/main.txt',
      'deleted src/only/topic.txt',
      'modified src/changes.txt',
      'renamed src/old name.txt',
    ]);
    assert.deepEqual(await told(() => folder.run('git', 'checkout', '-q', 'topic')), [
      'created src/only/topic.txt',
      'deleted src/only/main.txt',
      'modified src/changes.txt',
      'renamed src/new name.txt',
    ]);
  });

  it('a stash, and its return', async () => {
    await folder.writeAll({ 'src/changes.txt': 'not committed\n', 'src/untracked.txt': 'not added\n' });
    assert.deepEqual(await told(() => folder.run('git', 'stash', '-qu')), [
      'deleted src/untracked.txt',
      'modified src/changes.txt',
    ]);
    assert.deepEqual(await told(() => folder.run('git', 'stash', 'pop', '-q')), [
      'created src/untracked.txt',
      'modified src/changes.txt',
    ]);
  });

  it('a hard reset and a clean', async () => {
    assert.deepEqual(await told(() => folder.sh('git reset -q --hard; git clean -qfd')), [
      'deleted src/untracked.txt',
      'modified src/changes.txt',
    ]);
  });

  it('a merge with a conflict, and giving it up', async () => {
    await folder.sh('git checkout -q main; echo other > src/changes.txt; git commit -qam other');
    await folder.api.flush();
    assert.ok((await told(() => folder.sh('git merge -q topic || true'))).includes('modified src/changes.txt'));
    const conflict = await folder.newestText('src/changes.txt');
    assert.match(conflict, /^<<<<<<< /m);
    assert.ok((await told(() => folder.sh('git merge --abort'))).includes('modified src/changes.txt'));
  });

  it('many checkouts in a row end with the truth', async () => {
    await told(() => folder.sh('for i in 1 2 3 4 5 6 7 8 9; do git checkout -q topic; git checkout -q main; done'));
  });

  it('nothing in .git is recorded, and git sees nothing of Obby', async () => {
    assert.ok((await folder.recorded()).every(({ path }) => !path.includes('.git/')));
    assert.equal(await folder.run('git', 'status', '--porcelain'), '');
  });
});
