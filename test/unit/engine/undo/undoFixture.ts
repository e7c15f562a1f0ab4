import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { FolderRestore } from '../../../../src/engine/engine';
import { takeBackChanges } from '../../../../src/engine/restore/takeBackChanges';
import type { FolderUndoRequest, UndoStepRecord } from '../../../../src/model/undo';
import { planUndo } from '../../../../src/query/undo/planUndo';
import { setUp } from '../engineFixture';

/** A folder with an engine, in which writers change files, each time as a change set of its own. */
export async function withWriters() {
  const folder = await setUp();
  const { engine, on, store, clock } = folder;
  let restores = 0;

  /** Runs what a writer does, and records it; resolves with the id of its change set. */
  async function change(write: () => void, paths: readonly string[] = []): Promise<string> {
    const before = await store.recent({ limit: 1 });
    clock.advance(20);
    write();
    await engine.record(paths);
    await engine.flush();
    const [newest] = await store.recent({ limit: 1 });
    assert.ok(newest && newest.id !== before[0]?.id, 'nothing was recorded');
    return newest.changeSet;
  }

  const writing = (path: string, text: string | Uint8Array): void => {
    mkdirSync(dirname(on(path)), { recursive: true });
    writeFileSync(on(path), text);
  };
  return {
    ...folder,
    change,
    writing,
    /** Writes files as one change set. */
    write: (files: Readonly<Record<string, string | Uint8Array>>) =>
      change(() => {
        for (const [path, text] of Object.entries(files)) writing(path, text);
      }),
    remove: (...paths: string[]) => change(() => paths.forEach((path) => rmSync(on(path)))),
    /** As an editor or a command moves a file: the history continues. */
    move: (from: string, to: string) =>
      change(() => {
        mkdirSync(dirname(on(to)), { recursive: true });
        renameSync(on(from), on(to));
      }),
    text: (path: string): string | undefined => (existsSync(on(path)) ? readFileSync(on(path), 'utf8') : undefined),
    /** Every file but the rules, with its text as Latin-1. */
    files: (): Record<string, string> => filesIn(on('')),
    plan: (request: FolderUndoRequest) => planUndo(engine, request),
    undo: (request: FolderUndoRequest): Promise<FolderRestore> => takeBackChanges(engine, request, `u-${++restores}`),
    /** Undoes the last restore. */
    undoRestore: async (): Promise<FolderRestore> => {
      const last = await engine.restores.last();
      assert.ok(last);
      return engine.restores.undo(last.id, last.remaining);
    },
  };
}

export type Writers = Awaited<ReturnType<typeof withWriters>>;

function filesIn(root: string): Record<string, string> {
  const found = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = found.map(({ parentPath, name }) => `${parentPath}/${name}`).sort();
  const own = paths.filter((path) => !path.endsWith('/.obbywatch'));
  return Object.fromEntries(own.map((path) => [relative(root, path), readFileSync(path, 'latin1')]));
}

/** `action path`, for each step that does something. */
export function told({ steps }: { readonly steps: readonly UndoStepRecord[] }): string[] {
  return steps
    .filter(({ action }) => action !== 'none')
    .map(({ action, path, to, conflict }) =>
      [action, path, ...(to === undefined ? [] : ['→', to]), ...(conflict ? [conflict] : [])].join(' '),
    );
}
