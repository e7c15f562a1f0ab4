import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { judge, missing, type Figure } from '../../bench/figure';
import { git } from '../../bench/gitHistory';
import { tableOf } from '../../bench/report';
import { percentile } from '../../bench/timing';

const folder = mkdtemp(path.join(tmpdir(), 'obby-bench-test-'));
after(async () => rm(await folder, { recursive: true }));

async function bench(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['out/bench/benchMain.js', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

// How fast this machine is, is not the point: a bound may or may not hold here.
test('the bench measures, prints a table, and writes the figures that were asked for', async () => {
  const json = path.join(await folder, 'figures.json');
  const wanted = ['hub.broadcast.ms', 'diff.10k.1000.ms'];
  const { code, stdout, stderr } = await bench('--quick', '--only', wanted.join(','), '--json', json);
  const { figures } = JSON.parse(await readFile(json, 'utf8')) as { figures: Figure[] };
  assert.deepEqual(
    figures.map(({ name, unit, bound }) => ({ name, unit, bound })),
    [
      { name: 'hub.broadcast.ms', unit: 'ms', bound: 5 },
      { name: 'diff.10k.1000.ms', unit: 'ms', bound: 30 },
    ],
  );
  for (const { name, value, bound, holds } of figures) {
    assert.ok(value !== null && value > 0, `${name} was measured`);
    assert.equal(holds, value <= (bound ?? Infinity));
    assert.ok(stdout.includes(name));
  }
  const broken = figures.filter(({ holds }) => !holds);
  assert.equal(code, broken.length === 0 ? 0 : 1);
  for (const { name } of broken) assert.ok(stderr.includes(name));
});

test('a repository is replayed with all its files, whatever their names, and compared with git', async () => {
  const repo = path.join(await folder, 'repo');
  const write = (name: string, text: string) => writeFile(path.join(repo, name), text);
  await mkdir(path.join(repo, 'sub'), { recursive: true });
  await git(repo, ['init', '--quiet']);
  const commit = async (): Promise<void> => {
    await git(repo, ['add', '-A']);
    await git(repo, ['commit', '--quiet', '-m', 'x']);
  };
  await write('a "b" \\ é.txt', 'one\n');
  await write('sub/same.txt', 'one\n');
  await symlink('same.txt', path.join(repo, 'sub', 'link'));
  await commit();
  await write('a "b" \\ é.txt', 'two\n');
  await rm(path.join(repo, 'sub'), { recursive: true });
  await commit();
  const json = path.join(await folder, 'replayed.json');
  await bench('--repo', repo, '--only', 'store.bytes.vs.git,store.ratio.full', '--json', json);
  const { figures } = JSON.parse(await readFile(json, 'utf8')) as { figures: Figure[] };
  // Two baselines, a change and a deletion; the link is no file.
  assert.match(figures[0]?.note ?? '', /^4 versions, 2 contents of /);
  assert.equal(figures[1]?.peer, 12);
});

test('a figure that does not exist is an error that names those that do', async () => {
  const { code, stderr } = await bench('--only', 'hub.broadcast');
  assert.equal(code, 1);
  assert.match(stderr, /no figure "hub\.broadcast"; there are .*hub\.broadcast\.ms/);
});

test('a bound is the most or the least that a value may be, and what is missing does not hold', () => {
  const most = { name: 'a', unit: 'ms', bound: 5 };
  const least = { name: 'b', unit: '1/s', bound: 5, isLeast: true };
  const holds = [
    judge(most, { value: 5 }),
    judge(most, { value: 6 }),
    judge(least, { value: 6 }),
    judge(least, { value: 4 }),
  ];
  assert.deepEqual(
    holds.map((figure) => figure.holds),
    [true, false, true, false],
  );
  assert.deepEqual(judge({ name: 'c', unit: '×' }, { value: 1, peer: 2, ratio: 0.5 }), {
    ...{ name: 'c', value: 1, unit: '×', bound: null, holds: true, peer: 2, ratio: 0.5 },
  });
  assert.equal(missing(most, 'no disk').holds, false);
  assert.match(tableOf([missing(most, 'no disk')]), /^figure .*\na .* NO .* no disk$/);
});

test('a percentile is one of the values', () => {
  const values = [5, 1, 4, 2, 3];
  assert.deepEqual(
    [0, 0.5, 0.99, 1].map((p) => percentile(values, p)),
    [1, 3, 5, 5],
  );
});
