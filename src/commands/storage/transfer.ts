import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Transfer } from '../../api/api';
import { fileName, folderName, forIconLabel, oneLine } from '../../views/text/displayText';
import { asVersionNode } from '../../views/history/rows';
import type { CommandContext } from '../commandContext';
import { chooseFolder } from '../watching/ruleFiles';
import { fileCount, versionCount } from '../../views/text/countText';

const ending = 'obby';

/** Writes a history to one portable file. */
export async function exportHistory(context: CommandContext, arg: unknown): Promise<void> {
  const what = await chooseWhat(context, arg);
  if (!what) return;
  const name = fileName(what.path) || 'history';
  const target = await vscode.window.showSaveDialog({
    title: l10n.t('Export the history of {0}', oneLine(name)),
    saveLabel: l10n.t('Export'),
    defaultUri: vscode.Uri.joinPath(what, '..', `${name}.${ending}`),
    filters: { [l10n.t('Obby history')]: [ending] },
  });
  if (!target) return;
  const { versions, files, bytes } = await inProgress(l10n.t('Obby: exporting'), () =>
    context.api.act.exportHistory(what, target),
  );
  const { time } = context.text;
  const counts = [versionCount(versions, time), fileCount(files, time)] as const;
  const written = [oneLine(fileName(target.path)), time.size(bytes)] as const;
  context.runner.offer(l10n.t('Exported {0} of {1} to {2} ({3}).', ...counts, ...written), []);
}

/** Adds what a portable file holds to a folder's history. */
export async function importHistory(context: CommandContext, arg: unknown): Promise<void> {
  const folder = await chooseFolder(arg);
  if (!folder) return;
  const [source] =
    (await vscode.window.showOpenDialog({
      title: l10n.t('Import into the history of {0}', oneLine(folder.name)),
      openLabel: l10n.t('Import'),
      filters: { [l10n.t('Obby history')]: [ending] },
    })) ?? [];
  if (!source) return;
  const transfer = await inProgress(l10n.t('Obby: importing'), () => context.api.act.importHistory(source, folder.uri));
  const { time } = context.text;
  const counts = [versionCount(transfer.versions, time), fileCount(transfer.files, time)] as const;
  context.runner.offer(l10n.t('Imported {0} of {1}; already present: {2}.', ...counts, time.count(transfer.known)), []);
}

/** A workspace folder, or a file or folder in one. */
async function chooseWhat({ activeFile }: CommandContext, arg: unknown): Promise<vscode.Uri | undefined> {
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
    ...(file && workspaceFolder ? [item('file', l10n.t('The File {0}', name(file)), file)] : []),
    ...(isBelow ? [item('folder', l10n.t('The Folder {0}', name(parent)), parent)] : []),
    ...folders.map((folder) => item('root-folder', l10n.t('Everything in {0}', forIconLabel(folder.name)), folder.uri)),
  ];
  return (await vscode.window.showQuickPick(items, { placeHolder: l10n.t('Select what to export') }))?.uri;
}

function inProgress(title: string, work: () => Promise<Transfer>): Thenable<Transfer> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, work);
}
