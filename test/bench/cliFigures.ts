import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { draft } from '../unit/store/fixtures';
import { openBenchStore } from './benchStore';
import type { Group, Measured } from './figure';
import { gitEnvironment } from './gitHistory';
import { importIntoGit, type PeerCommit } from './gitPeer';
import { sourceLine } from './sourceText';
import { median, msOf } from './timing';

const name = 'file.ts';
const versions = 100;
const others = 300;

/** The command line from a cold start, compared with `git log FILE` of the same commits. */
export const cliFigures: Group = {
  kinds: [{ name: 'cli.log.ms', unit: 'ms', bound: 150 }],
  async measure(bench) {
    const root = path.join(bench.folder, 'cli');
    const store = path.join(bench.folder, 'cli.store');
    await Promise.all([mkdir(root), mkdir(store)]);
    const commits = commitsOf();
    const opened = await openBenchStore(store);
    for (const commit of commits)
      await opened.append(commit.map((file) => draft(file.path, file.content?.bytes ?? '')));
    await opened.close();
    await writeFile(path.join(store, 'folder.json'), JSON.stringify({ format: 1, root }));
    const repo = path.join(bench.folder, 'cli.git');
    await importIntoGit(repo, Readable.from(commits));
    const own = await repeated(() =>
      run(process.execPath, [path.resolve('dist/cli.js'), 'log', name, '--store', store], root),
    );
    const peer = await repeated(() => run('git', ['--git-dir', repo, 'log', 'main', '--', name], root));
    const note = `${versions} versions of the file, ${others} other files, Node.js included; peer: git log FILE`;
    return new Map<string, Measured>([['cli.log.ms', { value: own, peer, ratio: own / peer, note }]]);
  },
};

function commitsOf(): PeerCommit[] {
  const file = (at: string, text: string): PeerCommit[number] => {
    return { path: at, content: { object: `${at} ${text.length}`, bytes: Buffer.from(text) } };
  };
  const first = Array.from({ length: others }, (_, at) => file(`other${at}.ts`, sourceLine(at)));
  const changes = Array.from({ length: versions }, (_, at) => [
    file(name, Array.from({ length: at + 1 }, (_line, line) => sourceLine(line)).join('')),
  ]);
  return [first, ...changes];
}

function run(program: string, args: readonly string[], cwd: string): void {
  const lines = execFileSync(program, args, { cwd, env: gitEnvironment, encoding: 'utf8' });
  if (!lines.includes('\n')) throw new Error(`${program} ${args.join(' ')} listed nothing.`);
}

async function repeated(work: () => void): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < 7; turn++) {
    times.push(
      await msOf(() => {
        work();
        return Promise.resolve();
      }),
    );
  }
  return median(times);
}
