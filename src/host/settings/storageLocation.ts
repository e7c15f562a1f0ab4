import * as l10n from '@vscode/l10n';
import { chmod } from 'node:fs/promises';
import { isAbsolute, normalize } from 'node:path';
import { settings } from '../../ids';
import { errnoOf, messageOf, ObbyError } from '../../base/errors';
import type { Log } from '../../base/log';

const name = `${settings.section}.${settings.storageLocation}`;

/**
 * The folder that holds all histories: the one that the setting names, or else the extension's own. Throws for a path
 * that cannot be meant, since to record somewhere else instead would split the histories.
 */
export function historiesDirOf(location: string, ownDir: string): string {
  const path = location.trim();
  if (path === '') return ownDir;
  if (path.includes('\0'))
    throw refused(l10n.t('The setting {0} is "{1}", which is not a path.', name, path.replaceAll('\0', '\u{0}')));
  if (!isAbsolute(path)) throw refused(l10n.t('The setting {0} is "{1}", which is not an absolute path.', name, path));
  const normal = normalize(path);
  if (normal.split(/[\\/]/).some((segment) => segment.toLowerCase() === '.git')) {
    throw refused(l10n.t('The setting {0} is "{1}", which is in a .git folder.', name, path));
  }
  return normal;
}

/**
 * Takes the extension's own folder of histories, whose names say what a user works on, from other users. A folder that
 * the setting names may serve others too, so it stays as it is: each history in it is private by itself.
 */
export async function makeOwnDirPrivate(ownDir: string, log: Pick<Log, 'warn'>): Promise<void> {
  // Windows has no modes.
  if (process.platform === 'win32') return;
  try {
    await chmod(ownDir, 0o700);
  } catch (error) {
    // It is made private with the first history.
    if (errnoOf(error) !== 'ENOENT') log.warn(`Other users may be able to list ${ownDir}: ${messageOf(error)}`);
  }
}

function refused(why: string): ObbyError {
  const consequence = l10n.t('Nothing is recorded until it names a folder and the window is reloaded.');
  return new ObbyError('badArgument', `${why} ${consequence}`);
}
