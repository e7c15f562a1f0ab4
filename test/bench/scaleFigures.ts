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
    const rebuilds = probes.flatMap((probe) => probe.rebuilds);
    const memory = Math.max(...probes.map(({ peakBytes }) => peakBytes)) - empty.peakBytes;
    const count = (size.files * size.versionsPerFile).toLocaleString('en-US');
    const note = `${count} versions${bench.isQuick ? ' (quick)' : ''}`;
    const stored = `${(await bytesOf(dir)) / 1e6} MB`.replace(/(\.\d\d)\d*/, '$1');
    return new Map([
      ['scale.open.ms', { value: median(probes.map(({ open }) => open)), note: `${note} in ${stored}` }],
      [
        'scale.timeline.ms',
        {
          value: percentile(
            probes.flatMap((probe) => probe.timelines),
            0.99,
          ),
          note: `${note}, p99`,
        },
      ],
      [
        'scale.rebuild.p99.ms',
        { value: percentile(rebuilds, 0.99), note: `${note}, median ${median(rebuilds).toFixed(2)}` },
      ],
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
