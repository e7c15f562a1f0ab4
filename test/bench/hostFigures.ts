import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot, supportProgram } from '../support/host/project';
import type { Group, Measured } from './figure';

/** The suite that measures inside the extension host; it writes a number under each figure's name. */
const suite = path.join(projectRoot, 'out', 'bench', 'hostBurst.js');

/** What only a real VS Code can tell. */
export const hostFigures: Group = {
  kinds: [
    { name: 'burst.stall.ms', unit: 'ms', bound: 16 },
    { name: 'activation.ms', unit: 'ms', bound: 30 },
    { name: 'idle.cpu.percent', unit: '%', bound: 0.5 },
  ],
  isSlow: true,
  async measure({ folder }) {
    if (!existsSync(suite)) throw new Error(`${suite} is missing.`);
    const workspace = path.join(folder, 'workspace');
    const output = path.join(folder, 'host.json');
    await mkdir(workspace);
    const args = [supportProgram('hostMain'), '--workspace', workspace, '--tests', suite];
    const env = { ...process.env, OBBY_BENCH_OUT: output };
    // What the suite says goes where the bench says what it does.
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', process.stderr, process.stderr] });
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`the suite in VS Code ended with ${code ?? 'a signal'}`);
    const told = JSON.parse(await readFile(output, 'utf8')) as Record<string, number | null>;
    const figures = new Map<string, Measured>();
    for (const [name, value] of Object.entries(told)) if (value !== null) figures.set(name, { value });
    return figures;
  },
};
