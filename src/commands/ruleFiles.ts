import * as vscode from 'vscode';
import { ObbyError } from '../model/errors';
import { oneLine } from '../views/displayText';
import { ignoreFile, watchFile } from '../watch/rules';
import { fileExists } from './fileExists';
import { lineToAppend, patternOfPath } from './pathPattern';
import { ignoreTemplate, suggestPatterns, watchTemplate } from './rulesTemplate';

/** The workspace folder that a command is about; asks when there are several. Undefined: nothing was chosen. */
export async function chooseFolder(arg: unknown): Promise<vscode.WorkspaceFolder | undefined> {
  const given = arg instanceof vscode.Uri ? vscode.workspace.getWorkspaceFolder(arg) : undefined;
  if (given) return given;
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  if (folders.length === 0) throw new ObbyError('noFolder', vscode.l10n.t('Open a folder on disk first.'));
  if (folders.length === 1) return folders[0];
  const picked = await vscode.window.showQuickPick(
    folders.map((folder) => ({ label: folder.name, description: folder.uri.fsPath, folder })),
    { placeHolder: vscode.l10n.t('Workspace folder') },
  );
  return picked?.folder;
}

/** Opens a rule file, at a line (1-based) if one is given. */
export async function openRuleFile(uri: vscode.Uri, line = 1): Promise<void> {
  const position = new vscode.Position(Math.max(0, line - 1), 0);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(position, position), preview: false });
}

/** Opens a folder's `.obbywatch`; one that is missing is made first, with patterns for what the folder holds. */
export async function openWatchFile(folder: vscode.WorkspaceFolder): Promise<void> {
  const uri = vscode.Uri.joinPath(folder.uri, watchFile);
  if (!(await fileExists(uri))) {
    const entries = await vscode.workspace.fs.readDirectory(folder.uri);
    const patterns = suggestPatterns(
      entries.map(([name, type]) => ({ name, isFolder: (type & vscode.FileType.Directory) !== 0 })),
    );
    await createFile(uri, watchTemplate(patterns, vscode.l10n.t));
  }
  await openRuleFile(uri);
}

/** Opens a folder's `.obbyignore`; one that is missing is made first. */
export async function openIgnoreFile(folder: vscode.WorkspaceFolder): Promise<void> {
  const uri = vscode.Uri.joinPath(folder.uri, ignoreFile);
  if (!(await fileExists(uri))) await createFile(uri, ignoreTemplate(vscode.l10n.t));
  await openRuleFile(uri);
}

/**
 * Adds the one line to `.obbywatch` that lists a file or folder, and returns that file's URI; the rest of it stays as it
 * is.
 */
export async function watchPath(target: vscode.Uri): Promise<vscode.Uri> {
  const folder = vscode.workspace.getWorkspaceFolder(target);
  const name = oneLine(vscode.workspace.asRelativePath(target));
  if (!folder) throw new ObbyError('noFolder', vscode.l10n.t('{0} is in no folder of this window.', name));
  const { type } = await vscode.workspace.fs.stat(target);
  const path = target.path.slice(folder.uri.path.replace(/\/$/, '').length + 1);
  const pattern = patternOfPath(path, (type & vscode.FileType.Directory) !== 0);
  if (pattern === undefined) {
    throw new ObbyError('badArgument', vscode.l10n.t('No rule can name {0}. List its folder instead.', name));
  }
  const rules = vscode.Uri.joinPath(folder.uri, watchFile);
  if (await fileExists(rules)) await appendLine(rules, pattern);
  else await createFile(rules, watchTemplate([pattern], vscode.l10n.t));
  return rules;
}

async function appendLine(uri: vscode.Uri, line: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const wasDirty = document.isDirty;
  const edit = new vscode.WorkspaceEdit();
  const eol = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  const end = document.lineAt(document.lineCount - 1).range.end;
  edit.insert(uri, end, lineToAppend(document.getText(), line, eol));
  const isWritten = (await vscode.workspace.applyEdit(edit)) && (wasDirty || (await document.save()));
  if (!isWritten) throw notWritten(uri);
  // Someone is in the middle of editing the file: when to save it is theirs to say.
  if (wasDirty) await openRuleFile(uri, document.lineCount - 1);
}

/** Makes a file that does not exist yet; one that appeared meanwhile is left alone. */
async function createFile(uri: vscode.Uri, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(uri, { contents: new TextEncoder().encode(text), overwrite: false, ignoreIfExists: false });
  if (!(await vscode.workspace.applyEdit(edit))) throw notWritten(uri);
}

function notWritten(uri: vscode.Uri): ObbyError {
  const name = oneLine(vscode.workspace.asRelativePath(uri));
  return new ObbyError('unexpected', vscode.l10n.t('{0} could not be written. Is the folder read-only?', name));
}
