import path from 'node:path';
import { findBrowser } from '../host/browser';
import { installServer } from '../host/install';
import { projectRoot } from '../host/project';
import { resolveHost } from '../host/resolve';
import { testFilesBelow } from './files';
import { runIntegrationTests } from './integrationTests';
import { runModelTests } from './modelTests';
import { groupTestFiles, runNodeTests } from './nodeTests';
import { onePassed, type Outcome } from './outcome';
import type { Job } from './schedule';
import { runScript } from './script';

/** A part of `npm test`. */
export interface Stage extends Job {
  readonly heading: string;
  /** Whether only a long run includes it. */
  readonly isLong?: boolean;
  run(): Promise<Outcome>;
}

const out = path.join(projectRoot, 'out');
/** Packaging makes `dist` anew, which every window and every store uses. */
const afterPackage = ['package'];
const needsWindow = { after: ['install', 'package'], opensWindow: true };

/** In the order in which they start: first what others need, then what takes longest. */
export const stages: readonly Stage[] = [
  { name: 'install', heading: 'Installation of VS Code and a browser', run: install },
  { name: 'package', heading: 'Package', run: () => script('package') },
  { name: 'integration', heading: 'Integration tests in VS Code', ...needsWindow, run: runIntegrationTests },
  { name: 'ui', heading: 'UI tests in a window', ...needsWindow, run: () => runFolder('ui') },
  { name: 'types', heading: 'Type check', run: () => script('types') },
  { name: 'lint', heading: 'Lint', run: () => script('lint') },
  { name: 'model', heading: 'Model test in VS Code', isLong: true, ...needsWindow, run: runModelTests },
  { name: 'unit', heading: 'Unit tests', after: afterPackage, run: runUnitTests },
  {
    name: 'webview',
    heading: 'Webview tests in a browser',
    after: ['install', 'package'],
    run: () => runFolder('webview'),
  },
  { name: 'host', heading: 'Tests of package, launcher and format', ...needsWindow, run: () => runFolder('host') },
  { name: 'format', heading: 'Format check', run: () => script('format:check') },
  { name: 'deadCode', heading: 'Dead code', run: () => script('deadcode') },
];

async function script(name: string): Promise<Outcome> {
  const { outcome, output } = await runScript(name);
  process.stdout.write(output);
  return outcome;
}

/** Both at once: most of it is waiting for the network. */
async function install(): Promise<Outcome> {
  await Promise.all([resolveHost(), installServer(), findBrowser()]);
  return onePassed;
}

/** The files that open windows, one at a time. */
function runFolder(name: string): Promise<Outcome> {
  return runNodeTests(testFilesBelow(path.join(out, name)), 1);
}

function runUnitTests(): Promise<Outcome> {
  return runNodeTests(groupTestFiles(path.join(out, 'unit'), path.join(out, 'groups')), 1);
}
