import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ObbyApi, RestoreResult, RestoreStep } from '../../api/api';
import { asObbyError, ObbyError } from '../../base/errors';
import type { VersionId } from '../../model/version';
import type { Engine, FolderKey, Restoration, Restored } from '../../engine/engine';
import { fromWire } from '../../engine/rpc';
import { aRestore } from './arguments';
import type { FolderSession } from '../session/folderSession';
import type { Sessions } from '../session/sessions';
import { asVersion, inFolder, inHistory, partsOfId, publicId } from './addresses';

/** A file and the version to restore; without a version, the file is deleted. */
interface Target {
  readonly uri: vscode.Uri;
  readonly version?: VersionId;
  /** Folders that are deleted with the file if they are empty then. */
  readonly folders?: readonly string[];
}

/** A document as it was when its unsaved text was recorded. */
interface UnsavedState {
  readonly document: vscode.TextDocument;
  readonly version: number;
}

interface RestoredEditor extends UnsavedState {
  readonly folder: FolderKey;
  /** What its file was restored to. */
  readonly restoration: Restoration;
}

/** What one call did. */
interface Outcome {
  readonly result: RestoreResult;
  /** The editors whose unsaved text was recorded and replaced. */
  readonly editors: readonly RestoredEditor[];
  /** Brings back what was before. */
  readonly undo: readonly Target[];
}

/** The last restore of this window. */
interface Undoable {
  /** What remains to be undone, */
  readonly targets: readonly Target[];
  /** and what undoes that which was undone. */
  readonly undone: readonly Target[];
}

/** Restores by the public API; remembers the last restore of this window, so that it can be undone. */
export function restoreApi(
  sessions: Sessions,
  engine: Engine,
): Pick<ObbyApi['act'], 'planRestore' | 'restore' | 'undoRestore'> {
  let last: Undoable = { targets: [], undone: [] };

  const plan = async (versions: readonly VersionId[]): Promise<RestoreStep[]> => {
    return Promise.all(versions.map((version) => stepOf(sessions, version)));
  };

  return {
    planRestore: async (request) => ({ steps: await plan(aRestore('request', request)) }),
    async restore(request) {
      const outcome = await bring(sessions, engine, await plan(aRestore('plan', request)));
      if (outcome.undo.length > 0) last = { targets: outcome.undo, undone: [] };
      return finish(engine, outcome);
    },
    async undoRestore() {
      const { targets, undone } = last;
      if (targets.length === 0) throw new ObbyError('notFound', l10n.t('There is no restore to undo in this window.'));
      const outcome = await bring(sessions, engine, targets);
      const { undo, result } = outcome;
      const remaining = targets.filter(({ uri }) => includes(result.failed, uri) && !includes(undo, uri));
      const all = [...undone, ...undo];
      last = remaining.length > 0 ? { targets: remaining, undone: all } : { targets: all, undone: [] };
      return finish(engine, outcome);
    },
  };
}

function includes(files: readonly { readonly uri: vscode.Uri }[], uri: vscode.Uri): boolean {
  return files.some((file) => file.uri.toString() === uri.toString());
}

/** Shows the new state in editors. Rejects when nothing at all was done. */
async function finish(engine: Engine, { result, undo, editors }: Outcome): Promise<RestoreResult> {
  for (const editor of editors) {
    await showDisk(editor, () => engine.restore(editor.folder, [editor.restoration]));
  }
  const [first] = result.failed;
  if (first && result.files.length === 0 && undo.length === 0) throw first.error;
  return result;
}

async function bring(sessions: Sessions, engine: Engine, targets: readonly Target[]): Promise<Outcome> {
  const files: RestoreResult['files'][number][] = [];
  const failed: RestoreResult['failed'][number][] = [];
  const undo: Target[] = [];
  const editors: RestoredEditor[] = [];
  for (const [session, items] of await bySession(sessions, targets, failed)) {
    const unsaved = items.flatMap((item) =>
      unsavedState(item.uri).map((state) => ({ ...state, folder: session.key, restoration: restorationOf(item) })),
    );
    try {
      const outcome = await engine.restore(session.key, items.map(withUnsavedText));
      files.push(...outcome.restored.map((each) => resultOf(session.key, each)));
      failed.push(
        ...outcome.failed.map((each) => ({ uri: uriOf(session.key, each.path), error: fromWire(each.problem) })),
      );
      undo.push(...outcome.undo.map((each) => targetOf(session.key, each)));
    } catch (error) {
      failed.push(...items.map(({ uri }) => ({ uri, error: asObbyError(error) })));
    }
    editors.push(...unsaved.filter(({ document }) => includes(undo, document.uri)));
  }
  return { result: { files, failed }, undo, editors };
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

interface Item extends Target {
  readonly path: string;
}

async function bySession(
  sessions: Sessions,
  targets: readonly Target[],
  failed: RestoreResult['failed'][number][],
): Promise<Map<FolderSession, Item[]>> {
  const items = new Map<FolderSession, Item[]>();
  for (const target of targets) {
    try {
      const { session, path } = await inFolder(sessions, target.uri);
      items.set(session, [...(items.get(session) ?? []), { ...target, path }]);
    } catch (error) {
      failed.push({ uri: target.uri, error: asObbyError(error) });
    }
  }
  return items;
}

function restorationOf({ path, version, folders }: Item): Restoration {
  const local = version === undefined ? {} : { version: partsOfId(version).id };
  return { path, ...local, ...(folders && { folders }) };
}

function withUnsavedText(item: Item): Restoration {
  const unsaved = unsavedDocument(item.uri);
  return { ...restorationOf(item), ...(unsaved && { unsavedText: unsaved.getText() }) };
}

function targetOf(folder: FolderKey, { path, version, folders }: Restoration): Target {
  const uri = uriOf(folder, path);
  return {
    uri,
    ...(version !== undefined && { version: publicId(vscode.Uri.parse(folder, true), version) }),
    ...(folders && { folders }),
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

/** Attempts to revert an editor, which another editor may cover meanwhile. */
const maxReverts = 5;

function unsavedDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(
    (document) => document.isDirty && document.uri.toString() === uri.toString(),
  );
}

/** The state of a file's editor, if it is not saved. */
function unsavedState(uri: vscode.Uri): UnsavedState[] {
  const document = unsavedDocument(uri);
  return document ? [{ document, version: document.version }] : [];
}

/**
 * Lets an editor whose unsaved text was recorded show what is on disk now; what was typed since stays. VS Code may have
 * saved that text by itself meanwhile, and so have overwritten the file, which `restoreAgain` mends.
 */
async function showDisk({ document, version }: UnsavedState, restoreAgain: () => Promise<unknown>): Promise<void> {
  const hasText = (): boolean => !document.isClosed && document.version === version;
  for (let attempt = 1; attempt <= maxReverts && hasText(); attempt++) {
    if (!document.isDirty) await restoreAgain();
    await vscode.window.showTextDocument(document, { preview: false });
    // The command reverts the editor that is in front, which may be another by now.
    if (vscode.window.activeTextEditor?.document !== document || !hasText()) continue;
    await keepingOthers(document, () => vscode.commands.executeCommand('workbench.action.files.revert'));
  }
}

/** Gives other editors their unsaved text back when one of them came to the front just before `revert` reached it. */
async function keepingOthers(document: vscode.TextDocument, revert: () => Thenable<unknown>): Promise<void> {
  const others = vscode.workspace.textDocuments.filter((each) => each !== document && each.isDirty);
  const texts = others.map((other) => ({ other, text: other.getText() }));
  await revert();
  const edit = new vscode.WorkspaceEdit();
  for (const { other, text } of texts) {
    if (other.isClosed || other.isDirty || other.getText() === text) continue;
    edit.replace(other.uri, other.validateRange(new vscode.Range(0, 0, other.lineCount, 0)), text);
  }
  if (edit.size > 0) await vscode.workspace.applyEdit(edit);
}
