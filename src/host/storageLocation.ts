import { isAbsolute, normalize } from 'node:path';
import { settings } from '../ids';
import { ObbyError } from '../model/errors';

const name = `${settings.section}.${settings.storageLocation}`;

/**
 * The folder that holds all histories: the one that the setting names, or else the extension's own. Throws for a path
 * that cannot be meant, since to record somewhere else instead would split the histories.
 */
export function historiesDirOf(location: string, ownDir: string): string {
  const path = location.trim();
  if (path === '') return ownDir;
  if (path.includes('\0')) throw refused(path.replaceAll('\0', '\u{0}'), 'is no path');
  if (!isAbsolute(path)) throw refused(path, 'is not an absolute path');
  const normal = normalize(path);
  if (normal.split(/[\\/]/).some((segment) => segment.toLowerCase() === '.git')) {
    throw refused(path, "lies in a .git folder, which is git's own");
  }
  return normal;
}

function refused(path: string, why: string): ObbyError {
  const message = `The setting ${name} is "${path}", which ${why}. Nothing is recorded until it names a folder and the window is reloaded.`;
  return new ObbyError('badArgument', message);
}
