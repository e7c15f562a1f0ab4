import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposable';
import { startOfDay, writtenTime } from '../../base/writtenTime';
import { forIconLabel, oneLine } from '../../views/text/displayText';
import type { CommandContext } from '../commandContext';

interface TimeItem extends vscode.QuickPickItem {
  /** ms since the epoch. */
  readonly time: number;
}

const hourMs = 3_600_000;

/** Asks for a time: a label, a usual one, or one that is typed. Undefined if it is dismissed. */
export async function askTime(
  { api, clock, text }: Pick<CommandContext, 'api' | 'clock' | 'text'>,
  title: string,
): Promise<number | undefined> {
  const disposables = new DisposableStore();
  const picker = disposables.add(vscode.window.createQuickPick<TimeItem>());
  const now = clock.now();
  const item = (label: string, time: number, icon: string): TimeItem => ({
    ...{ label, time, description: text.time.full(time), iconPath: new vscode.ThemeIcon(icon) },
  });
  const labels = (await api.history.labels()).map(({ name, time }) => item(forIconLabel(oneLine(name)), time, 'tag'));
  const usual = [
    item(l10n.t('An hour ago'), now - hourMs, 'clock'),
    item(l10n.t('Start of today'), startOfDay(now, 0), 'clock'),
    item(l10n.t('Start of yesterday'), startOfDay(now, -1), 'clock'),
    item(l10n.t('7 days ago'), now - 7 * 24 * hourMs, 'clock'),
  ];
  picker.title = title;
  picker.placeholder = l10n.t('A label or a time, such as 14:32, yesterday 9:00, 2h or 2026-01-31');
  picker.items = [...labels, ...usual];
  disposables.add(
    picker.onDidChangeValue((value) => {
      const time = writtenTime(value, clock.now());
      const typed = time === undefined ? [] : [{ ...item(oneLine(value), time, 'edit'), alwaysShow: true }];
      picker.items = [...typed, ...labels, ...usual];
    }),
  );
  try {
    return await new Promise((resolve) => {
      disposables.add(picker.onDidAccept(() => resolve(picker.selectedItems[0]?.time)));
      disposables.add(picker.onDidHide(() => resolve(undefined)));
      picker.show();
    });
  } finally {
    disposables.dispose();
  }
}
