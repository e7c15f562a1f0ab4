import * as l10n from '@vscode/l10n';
import { chmod } from 'node:fs/promises';
import { isAbsolute, normalize } from 'node:path';
import { settings } from '../../ids';
import { errnoOf, messageOf, ObbyError } from '../../base/errors';
import type { Log } from '../../base/log';
import { sha256Of } from '../../base/sha256';
import { defaultRetention, type RetentionPolicy } from '../../model/historyMaintenance';

const settingName = `${settings.section}.${settings.storageLocation}`;

/**
 * The folder that holds all histories: the one that the setting names, or else the extension's own. Throws for an unusable
 * path, since recording somewhere else instead would split the histories.
 */
export function historiesDirOf(location: string, ownDir: string): string {
  const path = location.trim();
  if (path === '') return ownDir;
  if (path.includes('\0'))
    throw refused(
      l10n.t('The setting {0} is "{1}", which is not a path.', settingName, path.replaceAll('\0', '\u{0}')),
    );
  if (!isAbsolute(path))
    throw refused(l10n.t('The setting {0} is "{1}", which is not an absolute path.', settingName, path));
  const normal = normalize(path);
  if (normal.split(/[\\/]/).some((segment) => segment.toLowerCase() === '.git')) {
    throw refused(l10n.t('The setting {0} is "{1}", which is in a .git folder.', settingName, path));
  }
  return normal;
}

/**
 * Keeps other users from listing the extension's own folder of histories, whose names say what the user works on. A folder
 * that the setting names may be shared, so its permissions stay; each history in it is private by itself.
 */
export async function makeOwnDirPrivate(ownDir: string, log: Pick<Log, 'warn'>): Promise<void> {
  // Windows has no modes.
  if (process.platform === 'win32') return;
  try {
    await chmod(ownDir, 0o700);
  } catch (error) {
    // The first history creates the folder, and makes it private.
    if (errnoOf(error) !== 'ENOENT') log.warn(`Other users may be able to list ${ownDir}: ${messageOf(error)}`);
  }
}

function refused(why: string): ObbyError {
  const consequence = l10n.t('Nothing is recorded until it names a folder and the window is reloaded.');
  return new ObbyError('badArgument', `${why} ${consequence}`);
}

/**
 * The name of the folder that holds a workspace folder's history. The hash of the URI identifies the workspace folder in
 * every window; `name` is for people, and must be the folder's own, since workspace files can rename it.
 */
export function historyName(name: string, uri: string): string {
  const hash = sha256Of(Buffer.from(uri)).slice(0, 16);
  return `${name.replace(/[^\w.-]+/g, '_').slice(0, 40)}-${hash}`;
}

const bytesPerMB = 1024 * 1024;
const msPerDay = 86_400_000;
/** Larger than any age and any disk, and still exact. */
const unlimited = Number.MAX_SAFE_INTEGER;

/** The bounds of the setting `obby.maxFileSizeMB`, which VS Code shows but does not enforce: a file is held in memory. */
const fileSizeMB = { least: 0.1, default: 5, most: 50 };

/** The size of the largest files to store, in bytes; an invalid value counts as the default. */
export function maxFileBytes(value: unknown): number {
  const { least, most } = fileSizeMB;
  const megabytes = typeof value === 'number' && value > 0 ? value : fileSizeMB.default;
  return Math.round(Math.min(most, Math.max(least, megabytes)) * bytesPerMB);
}

/** The retention that the settings ask for. 0 means no limit; an invalid value counts as the default. */
export function retentionPolicy(quotaMB: unknown, keepAllDays: unknown, keepHourlyDays: unknown): RetentionPolicy {
  const keepAllMs = limit(keepAllDays, msPerDay, defaultRetention.keepAllMs);
  const keepHourlyMs = limit(keepHourlyDays, msPerDay, defaultRetention.keepHourlyMs);
  return {
    quotaBytes: limit(quotaMB, bytesPerMB, defaultRetention.quotaBytes),
    keepAllMs,
    keepHourlyMs: Math.max(keepAllMs, keepHourlyMs),
  };
}

function limit(value: unknown, unit: number, otherwise: number): number {
  if (typeof value !== 'number' || !(value >= 0)) return otherwise;
  return value === 0 ? unlimited : Math.min(Math.round(value * unit), unlimited);
}
