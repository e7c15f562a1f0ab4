import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Version } from '../../api/api';
import { ObbyError } from '../../base/errors';
import { isPublicVersionId } from '../../model/version';
import { asVersionNode, type FileNode, type VersionNode } from '../../views/history/rows';
import { fileOfDocument, versionIdOf } from '../../views/diff/versionDocuments';
import type { CommandContext } from '../commandContext';
import { pickVersion } from './versionPick';

type Context = Pick<CommandContext, 'api' | 'activeFile' | 'text'>;

/** A version and where its file is now. */
export interface VersionTarget {
  readonly version: Version;
  readonly file: vscode.Uri;
}

/**
 * The version that a command was given: a row, a version id, the document of a version, or, when it was given nothing,
 * the active editor if it shows a version. Undefined when it was given a file or nothing of the kind.
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

/** The file that a command was given, or else the one that File History shows. */
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

/** The version that a command was given, else one that is picked from its file; undefined when nothing is picked. */
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

/** Whether there is a file or folder. Rejects when that cannot be told. */
export async function fileExists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return false;
    throw error;
  }
}
