import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Version } from '../../api/api';
import { ObbyError } from '../../base/errors';
import { isPublicVersionId, type VersionId } from '../../model/version';
import { asVersionNode, type FileNode, type VersionNode } from '../../views/history/historyRows';
import { fileOfDocument, versionIdOf } from '../../views/diff/versionDocuments';
import type { CommandContext } from '../commandContext';
import { DisposableStore } from '../../base/disposable';
import { fileName, forIconLabel, oneLine } from '../../views/text/displayText';
import { versionThemeIcon } from '../../views/history/treeItems';
import type { VersionText } from '../../views/text/versionText';

type Context = Pick<CommandContext, 'api' | 'activeFile' | 'text'>;

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

const pageSize = 200;

export interface PickOptions {
  readonly placeholder: string;
  /** Leaves this version out. */
  readonly except?: VersionId;
}

/** A row of the quick pick; `choice` is absent for a separator. */
interface Item extends vscode.QuickPickItem {
  readonly choice?: Version | 'more';
}

/** Asks for one of a file's versions with content; undefined if nothing is chosen. */
export async function pickVersion(
  { api, text }: Pick<CommandContext, 'api' | 'text'>,
  file: vscode.Uri,
  { placeholder, except }: PickOptions,
): Promise<Version | undefined> {
  const name = oneLine(fileName(file.path));
  const versions: Version[] = [];
  for (;;) {
    const before = versions.at(-1)?.id;
    const page = await api.history.versions(file, { limit: pageSize, ...(before && { before }) });
    versions.push(...page);
    if (versions.length === 0) throw noVersions(file);
    const offered = versions.filter(({ id, kind, unstored }) => id !== except && kind !== 'deleted' && !unstored);
    const more: Item[] =
      page.length < pageSize ? [] : [{ label: `$(ellipsis) ${l10n.t('Load More')}`, choice: 'more' }];
    const items = [...versionItems(offered, text), ...more];
    const choice = await ask(items, { title: name, placeholder, firstShown: offered.length - page.length });
    if (choice !== 'more') return choice;
  }
}

interface AskOptions {
  readonly title: string;
  readonly placeholder: string;
  /** The index of the first active item, to stay in place after loading more. */
  readonly firstShown: number;
}

function ask(
  items: readonly Item[],
  { title, placeholder, firstShown }: AskOptions,
): Promise<Version | 'more' | undefined> {
  const disposables = new DisposableStore();
  const picker = disposables.add(vscode.window.createQuickPick<Item>());
  picker.title = forIconLabel(title);
  picker.placeholder = placeholder;
  picker.matchOnDescription = true;
  picker.items = items;
  const start = items.filter(({ choice }) => choice !== undefined)[firstShown];
  if (start && firstShown > 0) picker.activeItems = [start];
  return new Promise((resolve) => {
    disposables.add(
      picker.onDidAccept(() => {
        resolve(picker.selectedItems[0]?.choice);
        picker.hide();
      }),
    );
    disposables.add(
      picker.onDidHide(() => {
        resolve(undefined);
        disposables.dispose();
      }),
    );
    picker.show();
  });
}

/** One row for each version, with a separator above each day. */
function versionItems(versions: readonly Version[], text: VersionText): Item[] {
  const { time } = text;
  return versions.flatMap((version, index) => {
    const above = versions[index - 1];
    const isNewDay = !above || time.dayKey(above.time) !== time.dayKey(version.time);
    const separator: Item = { label: time.day(version.time), kind: vscode.QuickPickItemKind.Separator };
    const item: Item = {
      label: time.time(version.time, 'second'),
      description: forIconLabel(text.summary(version)),
      iconPath: versionThemeIcon(version),
      choice: version,
    };
    return isNewDay ? [separator, item] : [item];
  });
}

export function noVersions(file: vscode.Uri): ObbyError {
  return new ObbyError('notFound', l10n.t('There is no version of {0} yet.', oneLine(fileName(file.path))));
}
