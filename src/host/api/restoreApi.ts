import { randomUUID } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { RestoreStep } from '../../api/api';
import type { RestoreCalls } from '../../api/apiRestore';
import { asObbyError, ObbyError } from '../../base/errors';
import { detached, type Log } from '../../base/log';
import type { VersionId } from '../../model/version';
import type { Engine, FolderKey, FolderRestore, Restoration, UndoableRestore } from '../../engine/engine';
import { anUndo, aRestore, aUri } from './arguments';
import type { FolderSession } from '../session/folderSession';
import type { Sessions } from '../session/sessions';
import { encodingOf } from '../settings/fileEncodings';
import { inFolder, inHistory, partsOfId } from './addresses';
import { finish, includes, isReady, newOutcome, note, uriOf, type RestoreProgress } from './restoreOutcome';
import { carryOutUndo, planInFolders, previewInFolder } from './undoApi';
import { unsavedDocument, unsavedState } from './unsavedEditors';

/** A step that restores a version. */
type VersionStep = RestoreStep & Required<Pick<RestoreStep, 'version'>>;

/** A state of a file to bring back. */
interface Target extends Restoration {
  readonly uri: vscode.Uri;
}

/** Restores by the public API; the engine keeps what undoes the last restore. */
export function restoreApi(sessions: Sessions, engine: Engine, log: Log): RestoreCalls {
  const plan = async (versions: readonly VersionId[]): Promise<VersionStep[]> => {
    return Promise.all(versions.map((version) => stepOf(sessions, version)));
  };
  const restoreVersions = async (
    versions: readonly VersionId[],
    id: string,
    outcome: RestoreProgress,
  ): Promise<void> => {
    for (const [{ key }, items] of await bySession(sessions, await plan(versions), outcome)) {
      await carryOut(key, { id, items, outcome }, (ready) => engine.restore(key, ready, id));
    }
  };
  const cancel = (id: string): void => {
    for (const { key } of sessions.all) detached(engine.cancelRestore(key, id), log, 'A restore was not cancelled');
  };

  return {
    async planRestore(request) {
      const asked = aRestore('request', request);
      return 'undo' in asked ? planInFolders(sessions, asked) : { steps: await plan(asked.versions) };
    },
    async previewUndo(value, uri) {
      return previewInFolder(sessions, anUndo('plan', value), aUri('uri', uri));
    },
    async restore(request, { token } = {}) {
      const outcome = newOutcome();
      const id = randomUUID();
      const cancelling = token?.onCancellationRequested(() => cancel(id));
      try {
        const asked = aRestore('plan', request);
        if ('undo' in asked) await carryOutUndo(sessions, engine, { ...asked, id, outcome });
        else await restoreVersions(asked.versions, id, outcome);
        return await finish(engine, outcome);
      } finally {
        cancelling?.dispose();
      }
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

interface FolderCall {
  readonly id: string;
  readonly items: readonly Target[];
  readonly outcome: RestoreProgress;
}

/** Restores files of one folder, except those with unsaved work that cannot be recorded. */
async function carryOut(
  folder: FolderKey,
  { id, items, outcome }: FolderCall,
  restore: (ready: readonly Restoration[]) => Promise<FolderRestore>,
): Promise<void> {
  const { failed, changed, editors } = outcome;
  const ready = items.filter((item) => isReady(item, failed));
  const unsaved = ready.flatMap(({ uri, ...restoration }) =>
    unsavedState(uri).map((state) => ({ ...state, folder, restoration, id })),
  );
  try {
    const done = await restore(ready.map(withText));
    note(folder, done, outcome);
    editors.push(...unsaved.filter(({ document }) => includes(changed, document.uri)));
  } catch (error) {
    failed.push(...ready.map(({ uri }) => ({ uri, error: asObbyError(error) })));
  }
}

/** What restoring a version will do to its file, under the name the file has now. */
async function stepOf(sessions: Sessions, version: VersionId): Promise<VersionStep> {
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
  steps: readonly VersionStep[],
  { failed }: RestoreProgress,
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

function withText({ uri, ...item }: Target): Restoration {
  const unsaved = unsavedDocument(uri);
  const encoding = unsaved && encodingOf(unsaved);
  return {
    ...item,
    ...(unsaved && { unsavedText: unsaved.getText() }),
    ...(encoding !== undefined && { unsavedEncoding: encoding }),
  };
}
