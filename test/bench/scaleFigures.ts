import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../support/host/project';
import { bytesOf } from './benchStore';
import type { Group } from './figure';
import type { ScaleProbe } from './scaleProbeMain';
import { scaleStore } from './scaleStore';
import { median, percentile } from './timing';

const maxOutputBytes = 16 << 20;

/** How a very large history answers, each time in a process that has just opened it. */
export const scaleFigures: Group = {
  kinds: [
    { name: 'scale.open.ms', unit: 'ms', bound: 150 },
    { name: 'scale.timeline.ms', unit: 'ms', bound: 10 },
    { name: 'scale.rebuild.p99.ms', unit: 'ms', bound: 20 },
    { name: 'scale.memory.mb', unit: 'MB', bound: 150 },
    { name: 'recent.50.ms', unit: 'ms', bound: 5 },
  ],
  async measure(bench) {
    const size = bench.isQuick ? { files: 2_000, versionsPerFile: 10 } : { files: 50_000, versionsPerFile: 20 };
    const dir = await scaleStore(size, bench);
    const queries = bench.isQuick ? 200 : 1_000;
    const empty = await runProbe();
    const probes: ScaleProbe[] = [];
    for (let run = 0; run < 3; run++) probes.push(await runProbe(dir, String(size.files), String(queries)));
    const memory = Math.max(...probes.map(({ peakBytes }) => peakBytes)) - empty.peakBytes;
    const count = (size.files * size.versionsPerFile).toLocaleString('en-US');
    const note = `${count} versions${bench.isQuick ? ' (quick)' : ''}`;
    const timelines = probes.flatMap((probe) => probe.timelines);
    const rebuilds = probes.flatMap((probe) => probe.rebuilds);
    const stored = `in ${((await bytesOf(dir)) / 1e6).toFixed(2)} MB`;
    const opened = { value: median(probes.map(({ open }) => open)), note: `${note} ${stored}` };
    const timeline = { value: median(timelines), note: `${note}, p99 ${percentile(timelines, 0.99).toFixed(2)}` };
    const cold = median(probes.map(({ first }) => first)).toFixed(1);
    const many = `${note}, median ${median(rebuilds).toFixed(2)}, the first of a cold process ${cold}`;
    const rebuild = { value: percentile(rebuilds, 0.99), note: many };
    return new Map([
      ['scale.open.ms', opened],
      ['scale.timeline.ms', timeline],
      ['scale.rebuild.p99.ms', rebuild],
      ['scale.memory.mb', { value: memory / 1e6, note: `${note}, peak above an empty worker's` }],
      ['recent.50.ms', { value: median(probes.flatMap(({ recent }) => recent)), note }],
    ]);
  },
};

async function runProbe(...args: string[]): Promise<ScaleProbe> {
  const program = path.join(projectRoot, 'out', 'bench', 'scaleProbeMain.js');
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { maxBuffer: maxOutputBytes });
  return JSON.parse(stdout) as ScaleProbe;
}
