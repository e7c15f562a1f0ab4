import { setTimeout as delay } from 'node:timers/promises';
import { byShell, type Disaster } from './disaster';
import type { Place } from './place';

const fewFiles = 12;
const agentPauseMs = 2_000;

/** Losses by commands, as people, scripts and agents run them. */
export const shellDisasters: readonly Disaster[] = [
  byShell(
    'rm of everything, the rules too',
    'anthropics/claude-code#23913',
    'find . -mindepth 1 -maxdepth 1 -exec rm -rf {} +',
  ),
  byShell(
    'sed -i over the tree',
    'anthropics/claude-code#94657',
    "find src notes -type f -exec sed -i 's/line/lime/g' {} +",
  ),
  {
    name: `${fewFiles} files, one every two seconds`,
    report: 'anthropics/claude-code#43887',
    prepare: (place) => eachOfFew((name) => place.write(name)),
    strike: ({ folder }) =>
      eachOfFew(async (name) => {
        await folder.run('rm', name);
        // The pause is a part of the report: no burst shows.
        await delay(agentPauseMs);
      }),
  },
  byShell('A file cut to nothing', 'microsoft/vscode#250940', ': > src/edited.ts; : > src/generated.ts'),
  byShell('mv over a file', 'microsoft/vscode#212386', 'mv src/committed.ts notes/saved.md'),
  {
    name: 'An archive unpacked over the tree',
    report: 'microsoft/vscode#146878',
    prepare: ({ folder }) => folder.sh('git archive -o .git/old.tar HEAD'),
    strike: ({ folder }) => folder.run('tar', '-xf', '.git/old.tar'),
  },
  byShell(
    'A link takes the place of a file',
    'bytedance/deer-flow#4170',
    'rm notes/written.md; ln -s /nowhere notes/written.md',
  ),
  byShell(
    'A link takes the place of a folder',
    'syncthing/syncthing#2571',
    'rm -r notes; mkdir .git/empty; ln -s .git/empty notes',
  ),
  byShell(
    'A folder takes the place of a file',
    'bytedance/deer-flow#4170',
    'rm src/edited.ts; mkdir src/edited.ts; echo 1 > src/edited.ts/index.ts',
  ),
  byShell('A file takes the place of a folder', 'Kilo-Org/kilocode#11864', 'rm -r src notes; echo 1 > src'),
  { name: 'A folder renamed, then written over', report: 'microsoft/vscode#148479', strike: renameFolder },
];

async function eachOfFew(run: (name: string) => Promise<unknown>): Promise<void> {
  for (let count = 1; count <= fewFiles; count++) await run(`tests/${count}.test.ts`);
}

async function renameFolder(place: Place): Promise<void> {
  await place.folder.run('mv', 'src', 'lib');
  place.moved('src/', 'lib/');
  await place.folder.api.flush();
  await place.folder.sh('for file in lib/*; do echo export {} > $file; done');
}
