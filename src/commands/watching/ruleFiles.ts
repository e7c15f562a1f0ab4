import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { ObbyError } from '../../base/errors';
import { oneLine } from '../../views/text/displayText';
import { watchFile } from '../../rules/rules';
import { fileExists } from '../compare/target';
import { patternOfPath } from '../proposal/gitignoreLines';
import { appendLines, watchTemplate, type Insertion } from './rulesTemplate';

/** The workspace folder of a command; asks if there are several. Undefined: nothing was chosen. */
export async function chooseFolder(arg: unknown): Promise<vscode.WorkspaceFolder | undefined> {
  const given = arg instanceof vscode.Uri ? vscode.workspace.getWorkspaceFolder(arg) : undefined;
  if (given) return given;
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  if (folders.length === 0) throw new ObbyError('noFolder', l10n.t('Open a folder on disk first.'));
  if (folders.length === 1) return folders[0];
  const picked = await vscode.window.showQuickPick(
    folders.map((folder) => ({ label: folder.name, description: folder.uri.fsPath, folder })),
    { placeHolder: l10n.t('Workspace folder') },
  );
  return picked?.folder;
}

/** Opens a rule file, at a line (1-based) if one is given. */
export async function openRuleFile(uri: vscode.Uri, line = 1): Promise<void> {
  const position = new vscode.Position(Math.max(0, line - 1), 0);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(position, position), preview: false });
}

/** A root rule file of a workspace folder. */
export interface RuleDocument {
  readonly uri: vscode.Uri;
  /** Undefined if there is no such file. */
  readonly document: vscode.TextDocument | undefined;
}

/** A rule file to write to. Rejects if it has unsaved changes, which Obby does not save by itself. */
export async function ruleFileOf(folder: vscode.WorkspaceFolder, name: string): Promise<RuleDocument> {
  const uri = vscode.Uri.joinPath(folder.uri, name);
  if (!(await fileExists(uri))) return { uri, document: undefined };
  const document = await openDocument(uri);
  if (!document.isDirty) return { uri, document };
  throw new ObbyError('badArgument', l10n.t('{0} has unsaved changes. Save it and try again.', nameOf(uri)));
}

async function openDocument(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const { type } = await vscode.workspace.fs.stat(uri);
  if ((type & vscode.FileType.File) !== 0) return vscode.workspace.openTextDocument(uri);
  throw new ObbyError('badArgument', l10n.t('{0} is not a file. Rename it first.', nameOf(uri)));
}

export function eolOf({ eol }: vscode.TextDocument): string {
  return eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
}

/** Puts text into a rule file without saving it. */
export async function insert(document: vscode.TextDocument, { offset, text }: Insertion): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, document.positionAt(offset), text);
  if (!(await vscode.workspace.applyEdit(edit))) throw notWritten(document.uri);
}

/** Puts text into a rule file and saves it. */
export async function insertAndSave(document: vscode.TextDocument, insertion: Insertion): Promise<void> {
  await insert(document, insertion);
  if (!(await document.save())) throw notWritten(document.uri);
}

/** Creates a file; never overwrites one. */
export async function createFile(uri: vscode.Uri, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(uri, { contents: new TextEncoder().encode(text), overwrite: false, ignoreIfExists: false });
  if (!(await vscode.workspace.applyEdit(edit))) throw notWritten(uri);
}

/** Opens an unsaved document for a new file. */
export async function openUnsaved(uri: vscode.Uri, text: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri.with({ scheme: 'untitled' }));
  // It may already be open and edited.
  if (document.getText() === '') await insert(document, { offset: 0, text });
  await vscode.window.showTextDocument(document, { preview: false });
}

/** Adds a file to `.obbywatch`, and returns the URI of `.obbywatch`. */
export async function watchOneFile(file: vscode.Uri): Promise<vscode.Uri> {
  const folder = vscode.workspace.getWorkspaceFolder(file);
  if (!folder) throw new ObbyError('noFolder', l10n.t('{0} is not in a folder of this window.', nameOf(file)));
  const path = file.path.slice(folder.uri.path.replace(/\/$/, '').length + 1);
  const pattern = patternOfPath(path, false);
  if (pattern === undefined) {
    throw new ObbyError('badArgument', l10n.t('No pattern can match {0}. Add its folder instead.', nameOf(file)));
  }
  const uri = vscode.Uri.joinPath(folder.uri, watchFile);
  if (await fileExists(uri)) await appendLine(await openDocument(uri), pattern);
  else await createFile(uri, watchTemplate([pattern]));
  return uri;
}

async function appendLine(document: vscode.TextDocument, line: string): Promise<void> {
  const insertion = appendLines(document.getText(), [line], eolOf(document));
  if (!document.isDirty) return insertAndSave(document, insertion);
  // Does not save other changes.
  await insert(document, insertion);
  await openRuleFile(document.uri, document.lineCount - 1);
}

function notWritten(uri: vscode.Uri): ObbyError {
  return new ObbyError('unexpected', l10n.t('{0} could not be written. Is the folder read-only?', nameOf(uri)));
}

function nameOf(uri: vscode.Uri): string {
  return oneLine(vscode.workspace.asRelativePath(uri));
}
