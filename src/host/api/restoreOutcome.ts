import * as vscode from 'vscode';
import type { RestoreResult } from '../../api/api';
import { asObbyError } from '../../base/errors';
import type { Engine, FolderKey, FolderRestore, Restoration, Restored } from '../../engine/engine';
import { fromWire } from '../../engine/rpc';
import { asVersion } from './addresses';
import { requireReadable, showDisk, type UnsavedState } from './unsavedEditors';

interface RestoredEditor extends UnsavedState {
  readonly folder: FolderKey;
  /** What its file was restored to, */
  readonly restoration: Restoration;
  /** by this restore. */
  readonly id: string;
}

/** What one call did. */
export interface RestoreProgress {
  readonly files: RestoreResult['files'][number][];
  readonly failed: RestoreResult['failed'][number][];
  /** The files that were changed. */
  readonly changed: vscode.Uri[];
  /** The editors whose unsaved text was recorded and replaced. */
  readonly editors: RestoredEditor[];
}

export function newOutcome(): RestoreProgress {
  return { files: [], failed: [], changed: [], editors: [] };
}

export function includes(files: readonly vscode.Uri[], uri: vscode.Uri): boolean {
  return files.some((file) => file.toString() === uri.toString());
}

/** Shows the new state in editors. Rejects when nothing at all was done. */
export async function finish(
  engine: Engine,
  { files, failed, changed, editors }: RestoreProgress,
): Promise<RestoreResult> {
  for (const editor of editors) {
    await showDisk(editor, () => engine.restore(editor.folder, [editor.restoration], editor.id));
  }
  const [first] = failed;
  if (first && files.length === 0 && changed.length === 0) throw first.error;
  return { files, failed };
}

/** Adds what was done to the files of a folder. */
export function note(folder: FolderKey, done: FolderRestore, { files, failed, changed }: RestoreProgress): void {
  files.push(...done.restored.map((each) => resultOf(folder, each)));
  failed.push(...done.failed.map((each) => ({ uri: uriOf(folder, each.path), error: fromWire(each.problem) })));
  changed.push(...done.undo.map(({ path }) => uriOf(folder, path)));
}

export function isReady({ uri }: { readonly uri: vscode.Uri }, failed: RestoreProgress['failed']): boolean {
  try {
    requireReadable(uri);
    return true;
  } catch (error) {
    failed.push({ uri, error: asObbyError(error) });
    return false;
  }
}

function resultOf(folder: FolderKey, { path, replaced, version }: Restored): RestoreResult['files'][number] {
  const root = vscode.Uri.parse(folder, true);
  return {
    uri: uriOf(folder, path),
    ...(replaced && { replaced: asVersion(root, replaced) }),
    ...(version && { version: asVersion(root, version) }),
  };
}

export function uriOf(folder: FolderKey, path: string): vscode.Uri {
  return vscode.Uri.joinPath(vscode.Uri.parse(folder, true), path);
}
