import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Restoration } from '../../../../src/engine/engine';
import type { LastRestore } from '../../../../src/engine/restore/lastRestore';
import type { FolderEngine } from '../../../../src/engine/folderEngine';
import { ListLog } from '../../store/fixtures';
import { setUp } from '../engineFixture';

export const three = ['a.md', 'b.md', 'c.md'];

/** Files that have the versions `one` and `two`, and are `two` now. */
export async function withFiles(paths: readonly string[] = three) {
  /** Once the engine is killed, no call of a port does anything. `calls`: how many it lives on; `count`: all so far. */
  const life = { calls: Infinity, count: 0 };
  const log = new ListLog();
  /** The call of the journal's files that fails once, and which one of its kind that is. */
  const fail = { call: '', at: 0 };
  const fault = (port: string, call: string): void => {
    if (port === 'files' && call === fail.call && --fail.at === 0) throw new Error('refused');
    // The system closes files.
    if (call === 'close') return;
    life.count++;
    if (life.calls-- <= 0) throw new Error('killed');
  };
  const folder = await setUp({ fault, log });
  const { base, on } = folder;
  const items: { path: string; version: string }[] = [];
  for (const path of paths) {
    mkdirSync(dirname(on(path)), { recursive: true });
    for (const text of ['one', 'two']) {
      writeFileSync(on(path), `${text} ${path}`);
      await folder.engine.record([path]);
    }
    const [, first] = await folder.store.versions(path, {});
    items.push({ path, version: first?.id ?? '' });
  }
  const start = async (): Promise<FolderEngine> => {
    Object.assign(folder, await setUp({ again: base, fault, log }));
    return folder.engine;
  };
  const reload = async (): Promise<FolderEngine> => {
    await folder.engine.close();
    return start();
  };
  /** Begins the engine again after it was killed. */
  const revive = async (): Promise<FolderEngine> => {
    const dead = folder.engine;
    await folder.store.close();
    life.calls = Infinity;
    await dead.close().catch(() => undefined);
    return start();
  };
  const text = (path: string): string => (existsSync(on(path)) ? readFileSync(on(path), 'utf8') : 'missing');
  const journal = join(base, 'store/undo.jsonl');
  return { folder, on, items, text, journal, log, life, start, reload, revive, fail, texts: () => paths.map(text) };
}

/** How many files of the last restore can be undone, as the status says. */
export function filesToUndo({ status }: FolderEngine): number {
  return status.undoable?.files ?? 0;
}

/** Undoes what remains of the last restore; resolves with the paths that failed. */
export async function undo(engine: FolderEngine): Promise<string[]> {
  const last = await engine.restores.last();
  if (!last) return ['nothing'];
  return (await engine.restores.undo(last.id, last.remaining)).failed.map(({ path }) => path);
}

type Folder = Awaited<ReturnType<typeof withFiles>>['folder'];

/** A journal that notes that a file begins to be restored. */
export async function beginOf(
  { store }: Folder,
  item: Restoration | undefined,
  writer: LastRestore['writer'] = { pid: 999_999_999 },
): Promise<string> {
  const { path, version } = item ?? assert.fail();
  const [newest] = await store.versions(path, {});
  const lines = [
    { format: 1, id: 'r-1', time: 1, writer, isUndone: false },
    { path, undo: { version: newest?.id }, change: { from: newest?.id, to: version } },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
