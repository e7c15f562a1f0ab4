import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { oneLine } from '../../views/text/displayText';
import type { PreviewFacts, PreviewRow, PreviewText } from './previewText';

/** What the person decided; undefined: nothing. */
export type Answer = 'watch' | 'edit' | undefined;

interface Item extends vscode.QuickPickItem {
  readonly answer?: Answer;
}

/** Shows what rules would watch, and asks whether to use them. */
export async function askToWatch(facts: PreviewFacts, text: PreviewText, name: string): Promise<Answer> {
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = l10n.t('What to Watch in {0}', oneLine(name));
  pick.placeholder = text.question(facts, name);
  pick.ignoreFocusOut = true;
  pick.items = [
    {
      label: text.agree(facts),
      description: l10n.t('write .obbywatch and .obbyignore, and record'),
      iconPath: new vscode.ThemeIcon('eye'),
      answer: 'watch',
    },
    {
      label: l10n.t('Edit First'),
      description: l10n.t('recording starts when you save .obbywatch'),
      iconPath: new vscode.ThemeIcon('edit'),
      answer: 'edit',
    },
    ...section(l10n.t('largest folders'), text.folders(facts)),
    ...section(l10n.t('not watched'), text.notes(facts)),
  ];
  try {
    return await new Promise((resolve) => {
      // The other rows only tell.
      pick.onDidAccept(() => pick.activeItems[0]?.answer && resolve(pick.activeItems[0].answer));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

function section(label: string, rows: readonly PreviewRow[]): Item[] {
  if (rows.length === 0) return [];
  const items = rows.map((row) => ({ ...row, iconPath: new vscode.ThemeIcon(row.icon) }));
  return [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}
