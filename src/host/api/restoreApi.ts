import { randomUUID } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ObbyApi, RestoreResult, RestoreStep } from '../../api/api';
import { asObbyError, ObbyError } from '../../base/errors';
import type { VersionId } from '../../model/version';
import type { Engine, FolderKey, FolderRestore, Restoration, Restored, UndoableRestore } from '../../engine/engine';
import { fromWire } from '../../engine/rpc';
import { aRestore } from './arguments';
import type { FolderSession } from '../session/folderSession';
import type { Sessions } from '../session/sessions';
import { encodingOf } from '../settings/fileEncodings';
import { asVersion, inFolder, inHistory, partsOfId } from './addresses';
import { requireReadable, showDisk, unsavedDocument, unsavedState, type UnsavedState } from './unsavedEditors';

interface RestoredEditor extends UnsavedState {
  readonly folder: FolderKey;
  /** What its file was restored to, */
  readonly restoration: Restoration;
  /** by this restore. */
  readonly id: string;
}

/** What one call did. */
interface Outcome {
  readonly files: RestoreResult['files'][number][];
  readonly failed: RestoreResult['failed'][number][];
  /** The files that were changed. */
  readonly changed: vscode.Uri[];
  /** The editors whose unsaved text was recorded and replaced. */
  readonly editors: RestoredEditor[];
}

/** A state of a file to bring back. */
interface Target extends Restoration {
  readonly uri: vscode.Uri;
}

/** Restores by the public API; the engine keeps what undoes the last restore. */
export function restoreApi(
  sessions: Sessions,
  engine: Engine,
): Pick<ObbyApi['act'], 'planRestore' | 'restore' | 'undoRestore'> {
  const plan = async (versions: readonly VersionId[]): Promise<RestoreStep[]> => {
    return Promise.all(versions.map((version) => stepOf(sessions, version)));
  };

  return {
    planRestore: async (request) => ({ steps: await plan(aRestore('request', request)) }),
    async restore(request) {
      const outcome = newOutcome();
      const id = randomUUID();
      const steps = await plan(aRestore('plan', request));
      for (const [{ key }, items] of await bySession(sessions, steps, outcome)) {
        await carryOut(key, { id, items, outcome }, (ready) => engine.restore(key, ready, id));
      }
      return finish(engine, outcome);
    },
    async undoRestore() {
      const outcome = newOutcome();
      for (const { key, last } of await lastRestores(sessions, engine)) {
        const items = last.remaining.map((item) => ({ ...item, uri: uriOf(key, item.path) }));
        await carryOut(key, { id: last.id, items, outcome }, (ready) => engine.undoRestore(key, last.id, ready));
      }
      return finish(engine, outcome);
    },
  };
}

function newOutcome(): Outcome {
  return { files: [], failed: [], changed: [], editors: [] };
}

interface FolderUndo {
  readonly key: FolderKey;
  readonly last: UndoableRestore;
}

/** The newest restore that can be undone, in every folder that it changed; one that was undone before comes last. */
async function lastRestores(sessions: Sessions, engine: Engine): Promise<FolderUndo[]> {
  await sessions.whenOpen();
  const asked = await Promise.allSettled(sessions.all.map(({ key }) => engine.lastRestore(key)));
  // A folder whose history could not be opened rejects.
  const all = sessions.all.flatMap(({ key }, index) => {
    const answer = asked[index];
    return answer?.status === 'fulfilled' && answer.value ? [{ key, last: answer.value }] : [];
  });
  const [first] = all.sort((a, b) => Number(a.last.isUndone) - Number(b.last.isUndone) || b.last.time - a.last.time);
  if (!first) throw new ObbyError('notFound', l10n.t('There is no restore to undo.'));
  return all.filter(({ last }) => last.id === first.last.id && last.isUndone === first.last.isUndone);
}

function includes(files: readonly vscode.Uri[], uri: vscode.Uri): boolean {
  return files.some((file) => file.toString() === uri.toString());
}

/** Shows the new state in editors. Rejects when nothing at all was done. */
async function finish(engine: Engine, { files, failed, changed, editors }: Outcome): Promise<RestoreResult> {
  for (const editor of editors) {
    await showDisk(editor, () => engine.restore(editor.folder, [editor.restoration], editor.id));
  }
  const [first] = failed;
  if (first && files.length === 0 && changed.length === 0) throw first.error;
  return { files, failed };
}

interface FolderCall {
  readonly id: string;
  readonly items: readonly Target[];
  readonly outcome: Outcome;
}

/** Restores files of one folder, except those with unsaved work that cannot be recorded. */
async function carryOut(
  folder: FolderKey,
  { id, items, outcome }: FolderCall,
  restore: (ready: readonly Restoration[]) => Promise<FolderRestore>,
): Promise<void> {
  const { files, failed, changed, editors } = outcome;
  const ready = items.filter((item) => isReady(item, failed));
  const unsaved = ready.flatMap(({ uri, ...restoration }) =>
    unsavedState(uri).map((state) => ({ ...state, folder, restoration, id })),
  );
  try {
    const done = await restore(ready.map(withText));
    files.push(...done.restored.map((each) => resultOf(folder, each)));
    failed.push(...done.failed.map((each) => ({ uri: uriOf(folder, each.path), error: fromWire(each.problem) })));
    changed.push(...done.undo.map(({ path }) => uriOf(folder, path)));
    editors.push(...unsaved.filter(({ document }) => includes(changed, document.uri)));
  } catch (error) {
    failed.push(...ready.map(({ uri }) => ({ uri, error: asObbyError(error) })));
  }
}

/** What restoring a version will do to its file, under the name the file has now. */
async function stepOf(sessions: Sessions, version: VersionId): Promise<RestoreStep> {
  const { session, id } = await inHistory(sessions, version);
  const { history, folder } = session;
  const record = await history.version(id);
  if (record.sha256 === undefined || record.unstored) {
    throw new ObbyError(
      'notStored',
      l10n.t('{0} cannot be restored to this version, since it has no content.', record.path),
    );
  }
  const path = await history.pathOf(id);
  const uri = vscode.Uri.joinPath(folder.uri, path);
  const unsaved = unsavedDocument(uri) !== undefined;
  return { version, uri, action: await actionOf(session, { path, id, unsaved }), unsaved };
}

async function actionOf(
  { history }: FolderSession,
  { path, id, unsaved }: { readonly path: string; readonly id: VersionId; readonly unsaved: boolean },
): Promise<RestoreStep['action']> {
  try {
    return (await history.isAt(path, id)) && !unsaved ? 'none' : 'write';
  } catch (error) {
    // What keeps a file from being read may keep it from being restored; that is reported then, file by file.
    return error instanceof ObbyError && error.code === 'notFound' ? 'create' : 'write';
  }
}

/** The files of a request by folder; of several versions of one file, the last. */
async function bySession(
  sessions: Sessions,
  steps: readonly RestoreStep[],
  { failed }: Outcome,
): Promise<[FolderSession, Target[]][]> {
  const items = new Map<FolderSession, Map<string, Target>>();
  for (const { uri, version } of steps) {
    try {
      const { session, path } = await inFolder(sessions, uri);
      const ofFolder = items.get(session) ?? new Map<string, Target>();
      items.set(session, ofFolder.set(path, { uri, path, version: partsOfId(version).id }));
    } catch (error) {
      failed.push({ uri, error: asObbyError(error) });
    }
  }
  return [...items].map(([session, targets]) => [session, [...targets.values()]]);
}

function isReady({ uri }: Target, failed: Outcome['failed']): boolean {
  try {
    requireReadable(uri);
    return true;
  } catch (error) {
    failed.push({ uri, error: asObbyError(error) });
    return false;
  }
}

function withText({ uri, ...item }: Target): Restoration {
  const unsaved = unsavedDocument(uri);
  const encoding = unsaved && encodingOf(unsaved);
  return {
    ...item,
    ...(unsaved && { unsavedText: unsaved.getText() }),
    ...(encoding !== undefined && { unsavedEncoding: encoding }),
  };
}

function resultOf(folder: FolderKey, { path, replaced, version }: Restored): RestoreResult['files'][number] {
  const root = vscode.Uri.parse(folder, true);
  return {
    uri: uriOf(folder, path),
    ...(replaced && { replaced: asVersion(root, replaced) }),
    ...(version && { version: asVersion(root, version) }),
  };
}

function uriOf(folder: FolderKey, path: string): vscode.Uri {
  return vscode.Uri.joinPath(vscode.Uri.parse(folder, true), path);
}
