import * as vscode from 'vscode';
import type { RestorePlan, RestoreStep } from '../../api/api';
import type { RestoreCalls } from '../../api/apiRestore';
import { asObbyError, messageOf } from '../../base/errors';
import type { Engine, Restoration } from '../../engine/engine';
import type { FolderUndoRequest, UndoneFile, UndoPlanRecord, UnsavedFile } from '../../model/undo';
import type { FolderSession } from '../session/folderSession';
import type { Sessions } from '../session/sessions';
import { encodingOf } from '../settings/fileEncodings';
import { inFolder, inHistory } from './addresses';
import type { UndoArgument } from './arguments';
import { includes, isReady, note, type RestoreProgress } from './restoreOutcome';
import { requireReadable, unsavedState } from './unsavedEditors';

/** What taking back change sets would do, in every folder that they changed. */
export async function planInFolders(sessions: Sessions, argument: UndoArgument): Promise<RestorePlan> {
  const steps: RestoreStep[] = [];
  for (const [session, request] of await requestsOf(sessions, argument)) {
    const plan = await session.history.planUndo(request);
    steps.push(...plan.steps.map((step) => stepIn(session.folder.uri, step)));
  }
  const replacing = steps.filter(({ action, existsElsewhere }) => action !== 'conflict' && existsElsewhere === false);
  return { undo: argument.undo, steps, nowhereElse: replacing.length };
}

/** The content of one file before and after the undo. */
export async function previewInFolder(
  sessions: Sessions,
  argument: UndoArgument,
  uri: vscode.Uri,
): ReturnType<RestoreCalls['previewUndo']> {
  const { session, path } = await inFolder(sessions, uri);
  const requests = await requestsOf(sessions, argument);
  const request = requests.get(session) ?? { changeSets: [] };
  const file = request.files?.find((each) => each.path === path);
  return session.history.previewUndo({ ...request, files: [{ path, ...answerOf(file) }] });
}

/** The state is that of the review, which a preview need not have. */
function answerOf({ onConflict }: Partial<UndoneFile> = {}): Pick<UndoneFile, 'onConflict'> {
  return onConflict === undefined ? {} : { onConflict };
}

/** Takes back change sets: the steps of a plan, or what would be planned now. */
export async function carryOutUndo(
  sessions: Sessions,
  engine: Engine,
  { outcome, id, ...argument }: UndoArgument & { readonly id: string; readonly outcome: RestoreProgress },
): Promise<void> {
  const steps = argument.steps ?? (await planInFolders(sessions, argument)).steps;
  const ready = steps.filter((step) => isReady(step, outcome.failed));
  for (const [session, request] of await requestsOf(sessions, { ...argument, steps: ready })) {
    const { key, folder } = session;
    if (request.files?.length === 0) continue;
    const uris = (request.files ?? []).map(({ path }) => vscode.Uri.joinPath(folder.uri, path));
    const unsaved = uris.flatMap(unsavedState);
    try {
      const done = await engine.undoChanges(key, request, id);
      note(key, done, outcome);
      const versions = new Map(done.restored.map(({ path, version }) => [path, version?.id]));
      for (const state of unsaved.filter(({ document }) => includes(outcome.changed, document.uri))) {
        const { path } = await inFolder(sessions, state.document.uri);
        const version = versions.get(path);
        const restoration: Restoration = { path, ...(version !== undefined && { version }) };
        outcome.editors.push({ ...state, folder: key, restoration, id });
      }
    } catch (error) {
      outcome.failed.push(...uris.map((uri) => ({ uri, error: asObbyError(error) })));
    }
  }
}

/** The request to each folder that has one of the change sets. */
async function requestsOf(
  sessions: Sessions,
  { undo, steps, files, onConflict }: UndoArgument,
): Promise<Map<FolderSession, FolderUndoRequest>> {
  const changeSets = new Map<FolderSession, string[]>();
  for (const publicId of undo) {
    const { session, id } = await inHistory(sessions, publicId);
    changeSets.set(session, [...(changeSets.get(session) ?? []), id]);
  }
  const meant = steps ?? files?.map((uri) => ({ uri }));
  const chosen = await Promise.all(
    (meant ?? []).map(async ({ uri, ...file }) => ({ ...(await inFolder(sessions, uri)), file })),
  );
  const requests = new Map<FolderSession, FolderUndoRequest>();
  for (const [session, ids] of changeSets) {
    const own = chosen.filter((each) => each.session === session);
    requests.set(session, {
      changeSets: ids,
      ...(meant && { files: own.map(({ path, file }) => ({ path, ...file })) }),
      ...(onConflict !== undefined && { onConflict }),
      unsaved: unsavedIn(sessions, session),
    });
  }
  return requests;
}

/** The unsaved texts of a folder. */
function unsavedIn(sessions: Sessions, session: FolderSession): UnsavedFile[] {
  return vscode.workspace.textDocuments.flatMap((document) => {
    const found = document.isDirty ? sessions.find(document.uri) : undefined;
    if (found?.session !== session) return [];
    const encoding = encodingOf(document);
    const text = { path: found.path, unsavedText: document.getText() };
    return { ...text, ...(encoding !== undefined && { unsavedEncoding: encoding }) };
  });
}

function stepIn(folder: vscode.Uri, { path, to, ...step }: UndoPlanRecord['steps'][number]): RestoreStep {
  const uri = vscode.Uri.joinPath(folder, path);
  const found = { ...step, uri, ...(to !== undefined && { to: vscode.Uri.joinPath(folder, to) }) };
  try {
    if (step.action !== 'none') requireReadable(uri);
    return found;
  } catch (error) {
    return { ...found, action: 'conflict', conflict: 'unreadable', detail: messageOf(error) };
  }
}
