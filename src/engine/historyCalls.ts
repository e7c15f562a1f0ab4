import type { Engine, FolderKey, HistoryActions, HistoryReader } from './engine';

/** The history of one folder, read through an engine. */
export function readerOf(engine: Pick<Engine, 'ask'>, folder: FolderKey): HistoryReader {
  return callsTo<HistoryReader>((question, args) => engine.ask(folder, question, args));
}

/** The history of one folder, changed through an engine. */
export function actionsOf(engine: Pick<Engine, 'act'>, folder: FolderKey): HistoryActions {
  return callsTo<HistoryActions>((action, args) => engine.act(folder, action, args));
}

/** A proxy whose methods pass on their name, since only the engine has the table. It has no `then`, so that it can be awaited. */
export function callsTo<T extends object>(call: (name: keyof T, args: readonly unknown[]) => Promise<unknown>): T {
  return new Proxy({} as T, {
    get: (_target, name) =>
      typeof name === 'symbol' || name === 'then'
        ? undefined
        : (...args: readonly unknown[]) => call(name as keyof T, args),
  });
}
