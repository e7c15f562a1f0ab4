import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { supportProgram } from '../support/host/project';

/** What a busy machine may need to open a window, and to end what belongs to it. */
const timeoutMs = 60_000;
const pollMs = 50;

/** What every suite prints before it does anything else. */
const greeting = 'The suite runs.';

const suites = {
  passing: '',
  failing: `throw new Error('This is on purpose.');`,
  crashing: `process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});`,
  hanging: `await new Promise(() => setInterval(() => {}, 1000));`,
};

// Two at a time: a window spends half of its start waiting for itself.
describe('the host launcher', { concurrency: 2 }, () => {
  let folder = '';
  const running = new Set<ChildProcess>();
  const launch = (name: keyof typeof suites) => startLauncher(folder, name, running);
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'obby-'));
    for (const [name, body] of Object.entries(suites)) {
      writeFileSync(
        path.join(folder, `${name}.js`),
        `exports.run = async () => { console.log('${greeting}'); ${body} };`,
      );
    }
  });
  after(() => {
    running.forEach((child) => child.kill('SIGKILL'));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const printed = (launched: ReturnType<typeof launch>): string => launched.output().replace(/^Exit code: .*\n/m, '');

  test('ends with 1 when the suite fails, and prints what it prints, without what VS Code prints', async () => {
    const launched = launch('failing');
    assert.equal(await launched.exitCode, 1);
    assert.match(launched.errors(), /This is on purpose\./);
    assert.equal(printed(launched), `${greeting}\n`);
  });

  test('ends with 0 when the suite passes', async () => {
    const launched = launch('passing');
    assert.equal(await launched.exitCode, 0, launched.errors());
    assert.equal(printed(launched), `${greeting}\n`);
  });

  test('ends with 1 when the extension host crashes', async () => {
    const launched = launch('crashing');
    assert.equal(await launched.exitCode, 1);
    assert.match(launched.errors(), /VS Code ended before the suite did/);
  });

  // The hardest of all: nothing of the launcher itself is left to clean up.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    test(`leaves no process and no file behind after ${signal}`, async () => {
      const launched = launch('hanging');
      await until(
        () => launched.output().includes(greeting),
        () => `No suite ran.\n${launched.errors()}`,
      );
      const started = descendantsOf(launched.pid);
      assert.ok(started.length >= 5, `Only ${started.length} processes were started.`);
      process.kill(launched.pid, signal);
      assert.notEqual(await launched.exitCode, 0);
      await until(
        () => !started.some(isRunning),
        () => `Still running:\n${started.filter(isRunning).map(commandLine).join('\n')}`,
      );
      await until(
        () => readdirSync(launched.temporary).length === 0,
        () => readdirSync(launched.temporary).join('\n'),
      );
    });
  }
});

/** Runs a suite with the launcher, which gets a folder of its own for temporary files. */
function startLauncher(folder: string, name: keyof typeof suites, running: Set<ChildProcess>) {
  const temporary = mkdtempSync(path.join(folder, 'tmp-'));
  const child = spawn(process.execPath, [supportProgram('hostMain'), '--tests', path.join(folder, `${name}.js`)], {
    // Not within the run of these tests: nothing else may clean up after the launcher.
    env: { ...process.env, TMPDIR: temporary, OBBY_HOST_RUN: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return {
    temporary,
    pid: child.pid ?? assert.fail('The launcher did not start.'),
    exitCode: once(child, 'close').then(([code]) => code as number | null),
    output: () => output,
    errors: () => errors,
  };
}

async function until(isTrue: () => boolean, explain: () => string): Promise<void> {
  const giveUpAt = Date.now() + timeoutMs;
  while (!isTrue()) {
    if (Date.now() > giveUpAt) assert.fail(explain());
    await delay(pollMs);
  }
}

/** A process of the process table; the time it started at tells it from a later one with the same id. */
interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly startedAt: string;
}

function descendantsOf(pid: number): Process[] {
  const children = processTable().filter(({ parent }) => parent === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child.pid)]);
}

function processTable(): Process[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? readProcess(Number(name)) : []));
}

/** The process of that id, unless it has ended. */
function readProcess(pid: number): Process[] {
  try {
    // State, parent and, at the twentieth place, start follow the name, which may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? [] : [{ pid, parent: Number(fields[1]), startedAt: fields[19] ?? '' }];
  } catch {
    return [];
  }
}

function isRunning(process: Process): boolean {
  return readProcess(process.pid).some(({ startedAt }) => startedAt === process.startedAt);
}

function commandLine({ pid }: Process): string {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) ? readFileSync(file, 'latin1').replaceAll('\0', ' ') : String(pid);
}
