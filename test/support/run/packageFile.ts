import { readFileSync } from 'node:fs';
import path from 'node:path';
import { HostError } from '../host/hostError';
import { projectRoot } from '../host/project';
import { runScript } from './script';

/** The path of the package that `npm run package` makes. */
export function packageFile(): string {
  const manifest = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as { version: string };
  return path.join(projectRoot, `obby-${manifest.version}.vsix`);
}

/** Builds the extension as it ships and packages it. */
export async function packageObby(): Promise<void> {
  process.stderr.write('Packaging Obby…\n');
  const { outcome, output } = await runScript('package');
  if (outcome.failures.length > 0) throw new HostError(`Obby could not be packaged.\n${output}`);
}
