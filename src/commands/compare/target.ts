import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Version } from '../../api/api';
import { ObbyError } from '../../base/errors';
import { isPublicVersionId } from '../../model/version';
import { asVersionNode, type FileNode, type VersionNode } from '../../views/history/historyRows';
import { fileOfDocument, versionIdOf } from '../../views/diff/versionDocuments';
import type { CommandContext } from '../commandContext';
import { pickVersion } from './versionPicker';

type Context = Pick<CommandContext, 'api' | 'activeFile' | 'text' | 'log'>;

/** A version and the present URI of its file. */
export interface VersionTarget {
  readonly version: Version;
  readonly file: vscode.Uri;
}

/**
 * The version in a command's argument: a row, a version id, or the document of a version. Without an argument, the version
 * in the active editor. Undefined if there is none.
 */
export async function versionTarget(context: Context, arg: unknown): Promise<VersionTarget | undefined> {
  const row = asVersionNode(arg);
  if (row) return { version: row.version, file: await fileOfRow(context, row) };
  const document = arg === undefined ? context.activeFile.document : arg;
  const id = document instanceof vscode.Uri ? versionIdOf(document) : document;
  if (!isPublicVersionId(id)) return undefined;
  const { history } = context.api;
  const [version, file] = await Promise.all([history.version(id), history.fileOf(id)]);
  return { version, file };
}

/** The file in a command's argument, or else the one that File History shows. */
export async function fileTarget(context: Context, arg: unknown): Promise<vscode.Uri> {
  const row = asVersionNode(arg);
  if (row) return fileOfRow(context, row);
  const file = arg instanceof vscode.Uri ? fileOfDocument(arg) : context.activeFile.uri;
  if (file) return file;
  throw new ObbyError('badArgument', l10n.t('This editor has no file on disk. Save it in the workspace first.'));
}

async function fileOfRow({ api }: Context, { file, version }: VersionNode | FileNode): Promise<vscode.Uri> {
  return file ?? (await api.history.fileOf(version.id));
}

/** The version in a command's argument, or else one that is picked from its file; undefined if nothing is picked. */
export async function versionTargetOrPick(
  context: Context,
  arg: unknown,
  placeholder: string,
): Promise<VersionTarget | undefined> {
  const given = await versionTarget(context, arg);
  if (given) return given;
  const file = await fileTarget(context, arg);
  const version = await pickVersion(context, file, { placeholder });
  return version && { version, file };
}

/** Whether a file or folder exists. Rejects if that is unknown. */
export async function fileExists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return false;
    throw error;
  }
}
