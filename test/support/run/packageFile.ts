import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../host/project';

/** The path of the package that `npm run package` makes. */
export function packageFile(): string {
  const manifest = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as { version: string };
  return path.join(projectRoot, `obby-${manifest.version}.vsix`);
}
