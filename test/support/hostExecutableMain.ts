#!/usr/bin/env node
/**
 * The registry-shipped VS Code as an executable: takes the arguments that `runTests` of `@vscode/test-electron`
 * gives to VS Code, and ends with the exit code of the suite.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { describeFailure, HostError } from './host/hostError';
import { takeScreenshot } from './host/screenshot';
import { openWorkbench } from './host/workbench';

/** The exit code of a program that a signal ended, by convention of the shells. */
const interruptedExitCode = 130;

async function main(): Promise<number> {
  const interrupted = new Promise<number>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve(interruptedExitCode));
  });
  const { values, positionals } = parseArgs({
    options: {
      extensionDevelopmentPath: { type: 'string' },
      extensionTestsPath: { type: 'string' },
      'user-data-dir': { type: 'string' },
      'obby-port': { type: 'string' },
      'obby-screenshot': { type: 'string' },
    },
    // VS Code takes many more, which make no difference here.
    strict: false,
    allowPositionals: true,
  });
  const text = (value: string | boolean | undefined) => (typeof value === 'string' ? value : undefined);
  const userData = text(values['user-data-dir']);
  if (userData !== undefined && path.basename(userData) !== 'data') {
    throw new HostError(`--user-data-dir must name a folder called "data", not ${userData}: the server insists on it.`);
  }
  const workbench = await openWorkbench({
    workspace: positionals[0],
    extensionPath: text(values.extensionDevelopmentPath),
    suite: text(values.extensionTestsPath),
    profileDir: userData === undefined ? undefined : path.dirname(userData),
    port: Number(values['obby-port'] ?? 0),
  });
  process.stderr.write(`The window can be seen at ${workbench.url}\n`);
  try {
    const code = await Promise.race([workbench.exited, interrupted]);
    const picture = text(values['obby-screenshot']);
    if (picture !== undefined && code !== interruptedExitCode) await takeScreenshot(workbench.page, picture);
    return code;
  } finally {
    await workbench.close();
  }
}

void main()
  .catch((error: unknown) => {
    process.stderr.write(`${describeFailure(error)}\n`);
    return 1;
  })
  .then((code) => process.exit(code));
