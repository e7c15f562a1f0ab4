import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Version } from '../../api/api';
import { DisposableStore } from '../../base/disposable';
import { ObbyError } from '../../base/errors';
import { detached } from '../../base/log';
import type { VersionId } from '../../model/version';
import { versionThemeIcon } from '../../views/history/treeItems';
import { fileName, forIconLabel, oneLine } from '../../views/text/displayText';
import type { VersionText } from '../../views/text/versionText';
import type { CommandContext } from '../commandContext';

const pageSize = 200;
/** What is typed searches this many versions. */
const maxSearched = 10_000;

export interface PickOptions {
  readonly placeholder: string;
  /** Leaves this version out. */
  readonly except?: VersionId;
}

/** A row of the quick pick; `choice` is absent for a separator. */
interface Item extends vscode.QuickPickItem {
  readonly choice?: Version | 'more';
}

type Context = Pick<CommandContext, 'api' | 'text' | 'log'>;

/** Asks for one of a file's versions with content; undefined if nothing is chosen. */
export async function pickVersion(
  context: Context,
  file: vscode.Uri,
  options: PickOptions,
): Promise<Version | undefined> {
  const versions = await context.api.history.versions(file, { limit: pageSize });
  if (versions.length === 0) throw noVersions(file);
  const picker = new VersionPicker(context, file, versions, options);
  try {
    return await picker.choice;
  } finally {
    picker.dispose();
  }
}

/** Lists versions page by page; what is typed is looked for in all of them. */
class VersionPicker {
  readonly choice: Promise<Version | undefined>;
  private readonly disposables = new DisposableStore();
  private readonly picker = this.disposables.add(vscode.window.createQuickPick<Item>());
  private loading: Promise<void> | undefined;
  private hasMore: boolean;

  constructor(
    private readonly context: Context,
    private readonly file: vscode.Uri,
    private versions: readonly Version[],
    private readonly options: PickOptions,
  ) {
    const { picker, disposables } = this;
    this.hasMore = versions.length === pageSize;
    picker.title = forIconLabel(oneLine(fileName(file.path)));
    picker.placeholder = options.placeholder;
    picker.matchOnDescription = true;
    // Not in the API's types: without it, rows that match what is typed are ordered by their time of day.
    if ('sortByLabel' in picker) picker.sortByLabel = false;
    this.show();
    disposables.add(picker.onDidChangeValue((value) => value !== '' && this.load(maxSearched)));
    this.choice = new Promise((resolve) => {
      disposables.add(picker.onDidHide(() => resolve(undefined)));
      disposables.add(
        picker.onDidAccept(() => {
          const choice = picker.selectedItems[0]?.choice;
          if (choice === 'more') this.load(this.versions.length + pageSize);
          else resolve(choice);
        }),
      );
    });
    picker.show();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** Lists at least so many versions, if there are as many. */
  private load(count: number): void {
    if (this.loading || !this.hasMore || this.versions.length >= count) return;
    this.picker.busy = true;
    this.loading = this.loadTo(count).finally(() => {
      this.loading = undefined;
      this.picker.busy = false;
    });
    detached(this.loading, this.context.log, 'Older versions were not listed');
  }

  private async loadTo(count: number): Promise<void> {
    const first = this.versions.length;
    while (this.hasMore && this.versions.length < count) {
      const before = this.versions.at(-1)?.id;
      const limit = Math.min(1_000, count - this.versions.length);
      const page = await this.context.api.history.versions(this.file, { limit, ...(before && { before }) });
      this.versions = [...this.versions, ...page];
      this.hasMore = page.length === limit;
    }
    const next = this.versions[first];
    this.show();
    const row = this.picker.items.find(({ choice }) => choice === next);
    if (row && this.picker.value === '') this.picker.activeItems = [row];
  }

  private show(): void {
    const { except } = this.options;
    const offered = this.versions.filter(
      ({ id, kind, unstored }) => id !== except && kind !== 'deleted' && unstored === undefined,
    );
    const more: Item = { label: `$(ellipsis) ${l10n.t('Load More')}`, choice: 'more', alwaysShow: true };
    this.picker.keepScrollPosition = true;
    this.picker.items = [...versionItems(offered, this.context.text), ...(this.hasMore ? [more] : [])];
  }
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
