import * as vscode from 'vscode';
import type { Transfer } from '../../api/api';
import { fileName, folderName, forIconLabel, oneLine } from '../../views/text/displayText';
import { asVersionNode } from '../../views/history/rows';
import type { CommandContext } from '../commandContext';
import { chooseFolder } from '../watching/ruleFiles';

const ending = 'obby';

/** Writes a history to one portable file. */
export async function exportHistory(context: CommandContext, arg: unknown): Promise<void> {
  const { t } = vscode.l10n;
  const what = await chooseWhat(context, arg);
  if (!what) return;
  const name = fileName(what.path) || 'history';
  const target = await vscode.window.showSaveDialog({
    title: t('Export the history of {0}', oneLine(name)),
    saveLabel: t('Export'),
    defaultUri: vscode.Uri.joinPath(what, '..', `${name}.${ending}`),
    filters: { [t('Obby history')]: [ending] },
  });
  if (!target) return;
  const { versions, files, bytes } = await inProgress(t('Obby: exporting'), () =>
    context.api.act.exportHistory(what, target),
  );
  const { time } = context.text;
  const counts = [time.count(versions), time.count(files), oneLine(fileName(target.path)), time.size(bytes)] as const;
  context.runner.offer(t('Exported {0} versions of {1} files to {2} ({3}).', ...counts), []);
}

/** Adds what a portable file holds to a folder's history. */
export async function importHistory(context: CommandContext, arg: unknown): Promise<void> {
  const { t } = vscode.l10n;
  const folder = await chooseFolder(arg);
  if (!folder) return;
  const [source] =
    (await vscode.window.showOpenDialog({
      title: t('Import into the history of {0}', oneLine(folder.name)),
      openLabel: t('Import'),
      filters: { [t('Obby history')]: [ending] },
    })) ?? [];
  if (!source) return;
  const transfer = await inProgress(t('Obby: importing'), () => context.api.act.importHistory(source, folder.uri));
  const { time } = context.text;
  const counts = [transfer.versions, transfer.files, transfer.known].map((count) => time.count(count));
  context.runner.offer(t('Imported {0} versions of {1} files; {2} were already present.', ...counts), []);
}

/** A workspace folder, or a file or folder in one. */
async function chooseWhat({ activeFile }: CommandContext, arg: unknown): Promise<vscode.Uri | undefined> {
  const { t } = vscode.l10n;
  if (arg instanceof vscode.Uri) return arg;
  const file = asVersionNode(arg)?.file ?? activeFile.uri;
  const workspaceFolder = file && vscode.workspace.getWorkspaceFolder(file);
  const item = (icon: string, label: string, uri: vscode.Uri) => ({
    label,
    iconPath: new vscode.ThemeIcon(icon),
    uri,
  });
  const name = (uri: vscode.Uri): string => forIconLabel(oneLine(vscode.workspace.asRelativePath(uri)));
  const parent = file?.with({ path: folderName(file.path) });
  const isBelow = parent && workspaceFolder && parent.path.length > workspaceFolder.uri.path.length;
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const items = [
    ...(file && workspaceFolder ? [item('file', t('The File {0}', name(file)), file)] : []),
    ...(isBelow ? [item('folder', t('The Folder {0}', name(parent)), parent)] : []),
    ...folders.map((folder) => item('root-folder', t('Everything in {0}', forIconLabel(folder.name)), folder.uri)),
  ];
  return (await vscode.window.showQuickPick(items, { placeHolder: t('Select what to export') }))?.uri;
}

function inProgress(title: string, work: () => Promise<Transfer>): Thenable<Transfer> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, work);
}
