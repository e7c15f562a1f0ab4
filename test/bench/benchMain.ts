/** `npm run bench`: measures every figure, prints a table, and fails when a bound does not hold. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { HostError } from '../support/host/hostError';
import { interruptedExitCode } from '../support/host/interruption';
import { runProgram } from '../support/host/program';
import { parseBenchOptions, usage, type BenchOptions } from './benchOptions';
import { judge, missing, type Bench, type Figure, type FigureKind, type Group } from './figure';
import { groups } from './groups';
import { tableOf } from './report';

/** Read before the program makes it a folder of its own, which is deleted at the end. */
const systemTemp = tmpdir();

async function main(args: readonly string[]): Promise<boolean> {
  if (args.includes('--help')) {
    process.stdout.write(`${usage}\n`);
    return true;
  }
  const options = parseBenchOptions(args, process.env['INIT_CWD'] ?? process.cwd());
  assertKnown(options.only ?? []);
  // Better known before the minutes that it takes.
  if (options.json !== undefined) await mkdir(path.dirname(options.json), { recursive: true });
  const figures = await measureAll(options);
  process.stdout.write(`${tableOf(figures)}\n`);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify({ figures }, undefined, 2)}\n`);
  const broken = figures.filter(({ holds }) => !holds).map(({ name }) => name);
  if (broken.length > 0) process.stderr.write(`Bounds that do not hold: ${broken.join(', ')}\n`);
  return broken.length === 0;
}

function assertKnown(names: readonly string[]): void {
  const known = groups.flatMap(({ kinds }) => kinds.map(({ name }) => name));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new HostError(`There is no figure ${JSON.stringify(unknown)}; there are ${known.join(', ')}.`);
}

async function measureAll({ repo, isQuick, only }: BenchOptions): Promise<Figure[]> {
  const cacheDir = path.join(systemTemp, 'obby-bench');
  await mkdir(cacheDir, { recursive: true });
  const say = (message: string): boolean => process.stderr.write(`${message}\n`);
  const [load = 0] = loadavg();
  if (load > cpus().length) say(`The machine is busy (load ${load.toFixed(1)}): times are worth little.`);
  const figures: Figure[] = [];
  for (const group of groups) {
    const kinds = group.kinds.filter(({ name }) => only?.includes(name) ?? true);
    if (kinds.length === 0) continue;
    if (isQuick && group.isSlow === true && only === undefined) {
      say(`Left out of a quick run: ${namesOf(kinds)}.`);
      continue;
    }
    const folder = await mkdtemp(path.join(tmpdir(), 'bench-'));
    const measured = await measureGroup({ ...group, kinds }, { isQuick, repo, folder, cacheDir, say });
    figures.push(...measured);
    await rm(folder, { recursive: true, force: true });
  }
  return figures;
}

/** A group that breaks down leaves its figures missing, and the others are still measured. */
async function measureGroup(group: Group, bench: Bench): Promise<Figure[]> {
  bench.say(`Measuring ${namesOf(group.kinds)}…`);
  try {
    const measured = await group.measure(bench);
    return group.kinds.map((kind) => {
      const own = measured.get(kind.name);
      return own ? judge(kind, own) : missing(kind, 'was not measured');
    });
  } catch (error) {
    bench.say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return group.kinds.map((kind) => missing(kind, error instanceof Error ? error.message : String(error)));
  }
}

function namesOf(kinds: readonly FigureKind[]): string {
  return kinds.map(({ name }) => name).join(', ');
}

runProgram((interrupted) => {
  // Whatever runs then ends with this process.
  void interrupted.then(() => process.exit(interruptedExitCode));
  return main(process.argv.slice(2));
});
