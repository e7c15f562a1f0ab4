import { join } from 'node:path';
import { ObbyError } from '../../base/errors';
import type { Log } from '../../base/log';
import type { Engine, EngineEvent, FolderUse, HistoryActions, HistoryReader } from '../../engine/engine';
import { actionsOf, readerOf } from '../../engine/historyCalls';
import { maxFileBytes, retentionPolicy } from '../../host/settings/storageSettings';
import { settings } from '../../ids';
import type { CliIo } from '../cliIo';
import { shortened } from './arguments';
import { pathInside, type FoundHistory } from './findHistory';
import { folderUri } from './folderUri';

/** A history that a command has open. */
export interface CommandHistory {
  readonly found: FoundHistory;
  readonly engine: Engine;
  readonly key: string;
  readonly ask: HistoryReader;
  readonly act: HistoryActions;
  /** The path in the folder that an absolute path means, with `/`; `''` for the folder. Throws `badArgument` outside. */
  pathOf(path: string): string;
  close(): Promise<void>;
}

export interface HistoryUse {
  readonly use: FolderUse;
  readonly log: Log;
  readonly emit?: (event: EngineEvent) => void;
}

/** Opens a history as an editor would, or only to read it. */
export async function openFound(
  io: CliIo,
  found: FoundHistory,
  { use, log, emit = () => undefined }: HistoryUse,
): Promise<CommandHistory> {
  const engine = io.engine(emit, log);
  const key = folderUri(found.root, io.platform);
  const { problems } = await engine.open(key, {
    root: found.root,
    storeDir: found.storeDir,
    settings: settingsOf(found),
    use,
  });
  for (const problem of problems) io.tell(`warning: ${problem}`);
  return {
    ...{ found, engine, key, ask: readerOf(engine, key), act: actionsOf(engine, key) },
    pathOf: (path) => requirePath(found.root, path),
    close: () => engine.close(key),
  };
}

function requirePath(root: string, path: string): string {
  const inside = pathInside(root, path);
  if (inside !== undefined) return inside;
  throw new ObbyError('badArgument', `${shortened(path)} is outside ${root}, the folder of this history.`);
}

function settingsOf({ setting }: FoundHistory): Parameters<Engine['configure']>[1] {
  const { quotaMB, keepAllDays, keepHourlyDays, maxFileSizeMB } = settings;
  return {
    maxFileBytes: maxFileBytes(setting(maxFileSizeMB)),
    innerFolders: [],
    retention: retentionPolicy(setting(quotaMB), setting(keepAllDays), setting(keepHourlyDays)),
    isPaused: false,
    watching: { engine: 'auto', isSafeMode: false, watcherExclude: [], events: 'own' },
  };
}

/** The absolute path of a file of a history. */
export function onDisk({ found }: Pick<CommandHistory, 'found'>, path: string): string {
  return join(found.root, path);
}
