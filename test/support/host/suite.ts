import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { atMost, Tail } from './command';
import { executableWithDisplay, installDesktopExtension, profileArguments } from './desktop';
import { emptyFolder, makeProfile } from './folders';
import { HostError } from './hostError';
import { installServer } from './install';
import { ProcessRun } from './processRun';
import { projectRoot, supportProgram } from './project';
import { describeHost, resolveHost, type Host } from './resolve';
import { installExtension } from './server';
import { writeSettings, type SettingsOptions } from './settings';
import { channelVariable, openSuiteChannel, suiteVariable, type OutputStream, type SuiteChannel } from './suiteChannel';

/** Installing may be part of it, on the first run of a slow machine. */
const startTimeoutMs = 15 * 60_000;
/** A suite that hangs must end some time; the longest ones measure for minutes. */
const suiteTimeoutMs = 30 * 60_000;
/** VS Code closes its window in this time once the suite, or its extension host, has ended; else it is killed. */
const closeTimeoutMs = 10_000;

export interface SuiteOptions extends SettingsOptions {
  /** The module whose `run()` is called in the extension host. */
  readonly suite: string;
  /** A folder or a `.code-workspace` file; default a new, empty folder. */
  readonly workspace?: string | undefined;
  /** A packaged extension, installed instead of loading the one in `extensionPath`. */
  readonly vsix?: string | undefined;
  /** The folder of the extension under development; default the project. */
  readonly extensionPath?: string | undefined;
  /** The registry-shipped host only; default a free one. */
  readonly port?: number | undefined;
  /** Where to save a picture of the window after the suite; the registry-shipped host only. */
  readonly screenshot?: string | undefined;
  /** Keeps the window open after the suite until the process is interrupted, and what it stored for good. */
  readonly keep?: boolean | undefined;
  /** Keeps settings, extensions and what they store; default a new folder, deleted unless `keep` is set. */
  readonly profileDir?: string | undefined;
  /** Added to the environment of the extension host. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Gets what the suite prints; default this process's own output. */
  readonly output?: ((stream: OutputStream, text: string) => void) | undefined;
}

/** What one suite needs, made before VS Code starts. */
interface Setting {
  readonly host: Host;
  readonly options: SuiteOptions;
  /** `data` and `extensions` lie in it, for desktop and server alike. */
  readonly profileDir: string;
  readonly channel: SuiteChannel;
  readonly run: ProcessRun;
}

/** What is started. */
interface Launch {
  readonly executable: string;
  readonly extensionPath: string;
}

/**
 * Runs a suite inside the extension host of a real VS Code and resolves with whether it passed.
 * Rejects with a `HostError` when there is no VS Code, or when it ends or hangs before the suite is done.
 */
export async function runSuite(options: SuiteOptions): Promise<boolean> {
  const host = await resolveHost();
  process.stderr.write(`${describeHost(host)}\n`);
  const run = await ProcessRun.start();
  try {
    const channel = await openSuiteChannel(run.folder, options.output ?? printOutput);
    try {
      const profileDir = options.profileDir ?? (await makeProfile(run, options.keep));
      await writeSettings(profileDir, options);
      return await runInHost({ host, options, profileDir, channel, run });
    } finally {
      channel.close();
    }
  } finally {
    await run.finish();
  }
}

async function runInHost(setting: Setting): Promise<boolean> {
  const { options, profileDir, channel, run } = setting;
  const noise = new Tail();
  const launch = { executable: await executableOf(setting), extensionPath: await extensionUnderTest(setting) };
  const ended = startHost(setting, launch, noise);
  const outcome = await Promise.race([suiteOutcome(channel), ended.then(() => 'lost' as const)]);
  if (outcome === 'lost' || outcome === 'late') {
    if (outcome === 'lost') await atMost(closeTimeoutMs, ended);
    await run.endProcesses();
    const reason = outcome === 'lost' ? 'VS Code ended before the suite did' : 'The suite took too long';
    throw new HostError(`${reason} (${await ended}).\n${noise.text()}`);
  }
  if (options.keep === true) {
    process.stderr.write(
      `The suite has ${outcome}. Ctrl+C closes the window; what it stored stays in ${profileDir}.\n`,
    );
    await ended;
  }
  channel.close();
  await atMost(closeTimeoutMs, ended);
  return outcome === 'passed';
}

/** How the suite ended: `lost` with its extension host, or `late` when it did not start or end in time. */
async function suiteOutcome(channel: SuiteChannel): Promise<'passed' | 'failed' | 'lost' | 'late'> {
  const hasStarted = await Promise.race([
    channel.started.then(() => true),
    delay(startTimeoutMs, false, { ref: false }),
  ]);
  if (!hasStarted) return 'late';
  return Promise.race([channel.finished, delay(suiteTimeoutMs, 'late' as const, { ref: false })]);
}

/** What `runTests` of `@vscode/test-electron` adds, which prints what VS Code does. */
const testArguments = [
  '--no-sandbox',
  '--disable-gpu-sandbox',
  '--disable-updates',
  '--skip-welcome',
  '--skip-release-notes',
  '--disable-workspace-trust',
];

/** Starts VS Code and resolves with the code or the reason it ended with. */
async function startHost(setting: Setting, launch: Launch, noise: Tail): Promise<string> {
  const { host, options, profileDir, channel, run } = setting;
  const args = [
    options.workspace ?? (await emptyFolder(run.folder, 'workspace')),
    ...profileArguments(profileDir),
    ...(options.port === undefined ? [] : [`--obby-port=${options.port}`]),
    ...(options.screenshot === undefined ? [] : [`--obby-screenshot=${options.screenshot}`]),
    ...testArguments,
    `--extensionTestsPath=${supportProgram('hostSuiteMain')}`,
    `--extensionDevelopmentPath=${launch.extensionPath}`,
  ];
  const env = { ...options.env, [channelVariable]: channel.address, [suiteVariable]: options.suite };
  const child = spawn(launch.executable, args, {
    env: run.environment(env),
    stdio: ['ignore', 'pipe', host.kind === 'registry' ? 'inherit' : 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => noise.add(chunk));
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    return signal ?? `exit code ${code ?? 'unknown'}`;
  } catch (error) {
    return String(error);
  }
}

async function executableOf({ host, run }: Setting): Promise<string> {
  if (host.kind === 'registry') return supportProgram('hostExecutableMain');
  return executableWithDisplay(host.executable, run.folder);
}

/** The folder of the extension under development: with a packaged extension, one that only carries the suite. */
async function extensionUnderTest({ host, options, profileDir, run }: Setting): Promise<string> {
  if (options.vsix === undefined) return options.extensionPath ?? projectRoot;
  if (host.kind === 'registry')
    await installExtension(await installServer(), options.vsix, profileDir, run.environment());
  else await installDesktopExtension(host.executable, options.vsix, profileDir);
  const folder = await emptyFolder(run.folder, 'suite-extension');
  const manifest = { name: 'suite', publisher: 'obby-host', version: '0.0.1', engines: { vscode: '*' } };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}

function printOutput(stream: OutputStream, text: string): void {
  process[stream].write(text);
}
