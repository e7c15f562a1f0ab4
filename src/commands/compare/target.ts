import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Version } from '../../api/api';
import { ObbyError } from '../../base/errors';
import { isPublicVersionId } from '../../model/version';
import {
  asLabelNode,
  asVersionNode,
  type FileNode,
  type LabelNode,
  type VersionNode,
} from '../../views/history/historyRows';
import { fileOfDocument, versionIdOf } from '../../views/diff/versionDocuments';
import { oneLine } from '../../views/text/displayText';
import type { CommandContext } from '../commandContext';
import { pickVersion } from './versionPicker';

type Context = Pick<CommandContext, 'api' | 'activeFile' | 'text' | 'log'>;

/** A version and the present URI of its file. */
export interface VersionTarget {
  readonly version: Version;
  readonly file: vscode.Uri;
}

/**
 * The version in a command's argument: a row, a version id, or the document of a version; of a label's row, that of the
 * file that File History shows. Without an argument, the version
 * in the active editor. Undefined if there is none.
 */
export async function versionTarget(context: Context, arg: unknown): Promise<VersionTarget | undefined> {
  const row = asVersionNode(arg);
  if (row) return { version: row.version, file: await fileOfRow(context, row) };
  const label = asLabelNode(arg);
  if (label) return labelTarget(context, label);
  const document = arg === undefined ? context.activeFile.document : arg;
  const id = document instanceof vscode.Uri ? versionIdOf(document) : document;
  if (!isPublicVersionId(id)) return undefined;
  const { history } = context.api;
  const [version, file] = await Promise.all([history.version(id), history.fileOf(id)]);
  return { version, file };
}

async function labelTarget(context: Context, { name, time }: LabelNode): Promise<VersionTarget> {
  const file = await fileTarget(context, undefined);
  const [version] = await context.api.history.versions(file, { limit: 1, before: time + 1 });
  if (version && version.kind !== 'deleted') return { version, file };
  const path = oneLine(vscode.workspace.asRelativePath(file));
  throw new ObbyError('notFound', l10n.t('{0} did not exist at the label "{1}".', path, oneLine(name)));
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
