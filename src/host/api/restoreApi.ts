import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ObbyApi, RestoreResult, RestoreStep } from '../../api/api';
import { ObbyError } from '../../base/errors';
import type { VersionId } from '../../model/version';
import type { Engine, FolderKey, Restoration, Restored } from '../../engine/engine';
import { fromWire } from '../../engine/rpc';
import { aRestore } from './arguments';
import type { FolderSession } from '../session/folderSession';
import type { Sessions } from '../session/sessions';
import { inFolder, inHistory, asVersion, partsOfId } from './addresses';

/** A file and the version to restore; without a version, the file is deleted. */
interface Target {
  readonly uri: vscode.Uri;
  readonly version?: VersionId;
}

/** The part of the public API that restores. Remembers the window's last restore, to undo it. */
export function restoreApi(
  sessions: Sessions,
  engine: Engine,
): Pick<ObbyApi['act'], 'planRestore' | 'restore' | 'undoRestore'> {
  let last: readonly Target[] = [];

  const plan = async (versions: readonly VersionId[]): Promise<RestoreStep[]> => {
    return Promise.all(versions.map((version) => stepOf(sessions, version)));
  };

  const apply = async (targets: readonly Target[]): Promise<RestoreResult> => {
    const files: RestoreResult['files'][number][] = [];
    const unsaved: UnsavedState[] = [];
    try {
      for (const [session, items] of await bySession(sessions, targets)) {
        unsaved.push(...items.flatMap(({ uri }) => unsavedState(uri)));
        const { restored, problem } = await engine.restore(session.key, items.map(withUnsavedText));
        files.push(...restored.map((each) => resultOf(session.key, each)));
        if (problem) throw fromWire(problem);
      }
    } finally {
      // A restore that failed halfway can be undone as far as it went.
      const changed = files.filter(({ version }) => version !== undefined);
      if (changed.length > 0)
        last = changed.map(({ uri, replaced }) => ({ uri, ...(replaced && { version: replaced.id }) }));
      for (const state of unsaved) {
        if (changed.some(({ uri }) => uri.toString() === state.document.uri.toString())) await showDisk(state);
      }
    }
    return { files };
  };

  return {
    planRestore: async (request) => ({ steps: await plan(aRestore('request', request)) }),
    restore: async (request) => apply(await plan(aRestore('plan', request))),
    async undoRestore() {
      if (last.length === 0) throw new ObbyError('notFound', l10n.t('There is no restore to undo in this window.'));
      return apply(last);
    },
  };
}

/** What restoring a version does to its file, at the file's present path. */
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
  const onDisk = await history.hash(path).catch(undefinedIfMissing);
  const unsaved = unsavedDocument(uri) !== undefined;
  const isSame = onDisk?.sha256 === record.sha256 && !unsaved;
  return { version, uri, action: isSame ? 'none' : onDisk ? 'write' : 'create', unsaved };
}

function unsavedDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(
    (document) => document.isDirty && document.uri.toString() === uri.toString(),
  );
}

interface Item extends Target {
  readonly path: string;
}

async function bySession(sessions: Sessions, targets: readonly Target[]): Promise<Map<FolderSession, Item[]>> {
  const items = new Map<FolderSession, Item[]>();
  for (const target of targets) {
    const { session, path } = await inFolder(sessions, target.uri);
    items.set(session, [...(items.get(session) ?? []), { ...target, path }]);
  }
  return items;
}

function withUnsavedText({ uri, path, version }: Item): Restoration {
  const unsaved = unsavedDocument(uri);
  const local = version === undefined ? {} : { version: partsOfId(version).id };
  return { path, ...local, ...(unsaved && { unsavedText: unsaved.getText() }) };
}

/** A document whose unsaved text was recorded at this version. */
interface UnsavedState {
  readonly document: vscode.TextDocument;
  readonly version: number;
}

function unsavedState(uri: vscode.Uri): UnsavedState[] {
  const document = unsavedDocument(uri);
  return document ? [{ document, version: document.version }] : [];
}

/** Reverts an editor to the disk after its unsaved text was recorded, unless it was edited since. */
async function showDisk({ document, version }: UnsavedState): Promise<void> {
  if (document.isClosed || !document.isDirty || document.version !== version) return;
  await vscode.window.showTextDocument(document, { preview: false });
  await vscode.commands.executeCommand('workbench.action.files.revert');
}

function resultOf(folder: FolderKey, { path, replaced, version }: Restored): RestoreResult['files'][number] {
  const root = vscode.Uri.parse(folder, true);
  return {
    uri: vscode.Uri.joinPath(root, path),
    ...(replaced && { replaced: asVersion(root, replaced) }),
    ...(version && { version: asVersion(root, version) }),
  };
}

function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof ObbyError && error.code === 'notFound') return undefined;
  throw error;
}
