import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { byShell, type Disaster } from './disaster';
import type { Place } from './place';

/** Losses by git. */
export const gitDisasters: readonly Disaster[] = [
  byShell('git reset --hard', 'microsoft/vscode#95332', 'git reset -q --hard'),
  byShell('git clean -fdx', 'github/copilot-cli#1675', 'git clean -qfdx'),
  byShell('git checkout .', 'kirodotdev/Kiro#6049', 'git checkout -q .'),
  byShell(
    'git restore .',
    'Field-Guide/construction-inspector-tracking-app#86',
    'git restore --staged --worktree .',
    ({ folder }) => folder.sh('git add src/edited.ts'),
  ),
  byShell(
    'git checkout of a branch by force',
    'anthropics/claude-code#39394',
    'git checkout -qf other',
    makeOtherBranch,
  ),
  byShell(
    'git stash -u, stash drop',
    'martymcenroe/AssemblyZero#2364',
    'git stash push -q --include-untracked; git stash drop -q',
  ),
  byShell(
    'git rebase --autostash, stash drop',
    'git-for-windows/git#3839',
    'git rebase -q --autostash other; git checkout -qf HEAD; git reset -q --hard; git stash drop -q',
    makeOtherBranch,
  ),
  byShell('git merge --abort', 'fork-dev/Tracker#1870', 'git merge --abort', resolveConflict),
  byShell(
    'git worktree remove --force',
    'gitbutlerapp/gitbutler#15201',
    'git worktree remove --force feature',
    workInWorktree,
  ),
  { name: 'Restore of an agent checkpoint', report: 'cline/cline#1213', strike: restoreCheckpoint },
];

/** A branch `other` with other contents of the files that are being edited; the work is as before. */
async function makeOtherBranch(place: Place): Promise<void> {
  const { folder } = place;
  await folder.sh('git branch other; git worktree add -q .git/other-tree other');
  for (const name of ['src/edited.ts', 'src/generated.ts']) {
    await folder.write(`.git/other-tree/${name}`, place.text(name, 'other'));
  }
  await folder.sh('git -C .git/other-tree commit -qam two; git worktree remove .git/other-tree');
}

/** A merge that stopped at a conflict, which was then resolved in an editor. */
async function resolveConflict(place: Place): Promise<void> {
  await makeOtherBranch(place);
  await place.folder.sh('git commit -qam mine; git merge -q other || true');
  await place.folder.api.flush();
  await place.save('src/edited.ts', 'resolved');
  await place.write('src/generated.ts', 'resolved');
}

async function workInWorktree(place: Place): Promise<void> {
  await place.folder.sh('git worktree add -q feature');
  await place.save('feature/src/edited.ts', 'in the worktree');
  await place.write('feature/src/generated.ts', 'in the worktree');
  await place.write('feature/new.md', 'in the worktree');
}

/** A checkpoint as agents take it, in a repository of their own; its restore takes away all later work. */
async function restoreCheckpoint({ folder }: Place): Promise<void> {
  const shadow = await mkdtemp(path.join(tmpdir(), 'obby-shadow-'));
  const git = `git --git-dir=${shadow} --work-tree=.`;
  try {
    await folder.sh(
      [
        `${git} init -q; ${git} config user.name Agent; ${git} config user.email agent@example.org`,
        `${git} add .obbywatch src/committed.ts; ${git} commit -qm checkpoint`,
        `${git} reset -q --hard; ${git} clean -qfd`,
      ].join('\n'),
    );
  } finally {
    await rm(shadow, { recursive: true, force: true });
  }
}
