import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ObbyError } from '../../base/errors';
import { settings } from '../../ids';
import { historiesDirOf, historyName } from '../../host/settings/storageSettings';
import type { CliIo } from '../cliIo';
import { folderUri } from './folderUri';
import { productsOf } from './products';
import { readUserSettings } from './userSettings';

/** A history, and the folder that it is of. */
export interface FoundHistory {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  /** Absolute path of the folder that holds the history. */
  readonly storeDir: string;
  /** What keeps it: the name of an editor, or the option that names its folder. */
  readonly keeper: string;
  /** Of the editor's user; the same for histories that no editor keeps. */
  readonly setting: (key: string) => unknown;
  /** Other editors that have a history of the same folder. */
  readonly others: readonly { readonly keeper: string; readonly storeDir: string }[];
}

/** A folder that holds histories. */
interface Keeper {
  readonly name: string;
  readonly dir: string;
  readonly setting: (key: string) => unknown;
}

/** Every store has this file. */
const formatFile = 'store.json';
const noSetting = (): undefined => undefined;

/** Finds histories as the editors name them. */
export class HistoryFinder {
  private readonly keepers: readonly Keeper[];

  /** `store`: the folder of all histories, or of one, instead of the editors'. */
  constructor(
    private readonly io: Pick<CliIo, 'cwd' | 'env' | 'home' | 'platform'>,
    private readonly store: string | undefined,
  ) {
    this.keepers = store === undefined ? keepersOf(io) : [{ name: '--store', dir: store, setting: noSetting }];
  }

  /** The history of the innermost folder that holds a path (absolute) or is there; the last used of several editors'. */
  of(path: string): FoundHistory | undefined {
    const single = this.single();
    if (single) return isInside(single.root, path) ? single : undefined;
    for (const way of waysTo(path)) {
      for (let folder = way; ; folder = dirname(folder)) {
        const found = this.at(folder);
        if (found) return found;
        if (dirname(folder) === folder) break;
      }
    }
    return undefined;
  }

  /** Where a new history of a folder would be. */
  placeFor(root: string): FoundHistory {
    const named = this.keepers.find(({ dir }) => existsSync(dir)) ?? this.keepers[0];
    if (!named) throw new ObbyError('noFolder', 'There is no folder for histories. Name one with --store DIR.');
    const name = historyName(basename(root), folderUri(root, this.io.platform));
    return { root, storeDir: join(named.dir, name), keeper: named.name, setting: named.setting, others: [] };
  }

  /** The history that `--store` names itself. */
  private single(): FoundHistory | undefined {
    const { store } = this;
    if (store === undefined || !existsSync(join(store, formatFile))) return undefined;
    const root = rootOf(store);
    if (root === undefined) {
      throw new ObbyError('noFolder', `${store} does not say which folder it is the history of.`);
    }
    return { root, storeDir: store, keeper: '--store', setting: noSetting, others: [] };
  }

  private at(folder: string): FoundHistory | undefined {
    const name = historyName(basename(folder), folderUri(folder, this.io.platform));
    const found = this.keepers.flatMap((keeper) => {
      const storeDir = join(keeper.dir, name);
      return existsSync(join(storeDir, formatFile)) ? [{ keeper, storeDir, used: lastUsed(storeDir) }] : [];
    });
    const [first, ...rest] = found.sort((a, b) => b.used - a.used);
    if (!first) return undefined;
    const others = rest.map(({ keeper, storeDir }) => ({ keeper: keeper.name, storeDir }));
    const { keeper, storeDir } = first;
    return { root: folder, storeDir, keeper: keeper.name, setting: keeper.setting, others };
  }
}

function keepersOf(io: Pick<CliIo, 'env' | 'home' | 'platform'>): Keeper[] {
  const keepers = productsOf(io).flatMap(({ name, histories, settings: files }): Keeper[] => {
    const setting = readUserSettings(files);
    const location = setting(settings.storageLocation);
    try {
      return [{ name, dir: historiesDirOf(typeof location === 'string' ? location : '', histories), setting }];
    } catch {
      // The editor does not record there either.
      return [];
    }
  });
  // Editors may share a folder.
  return keepers.filter(({ dir }, index) => keepers.findIndex((other) => other.dir === dir) === index);
}

/** A path as it is written and, where links lead elsewhere, as the disk has it. */
function waysTo(path: string): string[] {
  const real = realOf(path);
  return real === path ? [path] : [path, real];
}

/** Resolves links in the part of a path that exists. */
function realOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realOf(parent), basename(path));
  }
}

/** The path of a file in a folder, with `/`; `''` for the folder; undefined outside of it. */
export function pathInside(root: string, path: string): string | undefined {
  for (const way of waysTo(path)) {
    if (!isInside(root, way)) continue;
    return relative(root, way).replaceAll(sep, '/');
  }
  const real = realOf(path);
  const realRoot = realOf(root);
  return isInside(realRoot, real) ? relative(realRoot, real).replaceAll(sep, '/') : undefined;
}

function isInside(root: string, path: string): boolean {
  const way = relative(resolve(root), path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function rootOf(store: string): string | undefined {
  try {
    const note: unknown = JSON.parse(readFileSync(join(store, 'folder.json'), 'utf8'));
    if (typeof note !== 'object' || note === null || !('root' in note)) return undefined;
    return typeof note.root === 'string' && isAbsolute(note.root) ? note.root : undefined;
  } catch {
    return undefined;
  }
}

function lastUsed(storeDir: string): number {
  const times = readdirSync(storeDir).map((name) => statSync(join(storeDir, name), { throwIfNoEntry: false })?.mtimeMs);
  return Math.max(0, ...times.map((time) => time ?? 0));
}
