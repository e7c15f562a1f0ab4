import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { SearchQuery } from '../../api/api';
import { DisposableStore } from '../../base/disposable';

interface Asked {
  readonly text: string;
  readonly isRegex: boolean;
  readonly caseSensitive: boolean | undefined;
  readonly wholeWord: boolean | undefined;
}

/** A line break in the input box, which has one line. */
const shownBreak = '⏎';

/** Asks for a pattern, with buttons for its options; undefined when cancelled. */
export function askPattern(
  before: Asked,
): Promise<Pick<SearchQuery, 'text' | 'regex' | 'caseSensitive' | 'wholeWord'> | undefined> {
  const disposables = new DisposableStore();
  const input = disposables.add(vscode.window.createInputBox());
  const options = [
    { icon: 'case-sensitive', title: l10n.t('Match Case'), isOn: before.caseSensitive ?? false },
    { icon: 'whole-word', title: l10n.t('Match Whole Word'), isOn: before.wholeWord ?? false },
    { icon: 'regex', title: l10n.t('Use Regular Expression'), isOn: before.isRegex },
  ];
  input.title = l10n.t('Search History');
  input.placeholder = l10n.t('Text in any version of any file, deleted ones too');
  input.value = before.text.replace(/\r\n?|\n/g, shownBreak);
  input.valueSelection = [0, input.value.length];
  const [matchCase, wholeWord, regex] = options as [(typeof options)[0], (typeof options)[0], (typeof options)[0]];
  const show = (): void => {
    input.buttons = options.map(({ icon, title, isOn }) => ({
      iconPath: new vscode.ThemeIcon(icon, isOn ? new vscode.ThemeColor('inputOption.activeForeground') : undefined),
      tooltip: isOn ? l10n.t('{0}: on', title) : l10n.t('{0}: off', title),
    }));
    const on = options.filter(({ isOn }) => isOn).map(({ title }) => title);
    input.prompt = on.length === 0 ? '' : l10n.t('On: {0}', on.join(', '));
    input.validationMessage = regex.isOn ? problemOf(input.value) : undefined;
  };
  show();
  return new Promise((resolve) => {
    disposables.add(input.onDidChangeValue(show));
    disposables.add(
      input.onDidTriggerButton((button) => {
        const option = options[input.buttons.indexOf(button)];
        if (option) option.isOn = !option.isOn;
        show();
      }),
    );
    disposables.add(
      input.onDidAccept(() => {
        const value = input.value.replaceAll(shownBreak, '\n');
        if (value.trim() === '' || input.validationMessage !== undefined) return;
        const pattern = regex.isOn ? { regex: value } : { text: value };
        resolve({ ...pattern, caseSensitive: matchCase.isOn, wholeWord: wholeWord.isOn });
        input.hide();
      }),
    );
    disposables.add(
      input.onDidHide(() => {
        resolve(undefined);
        disposables.dispose();
      }),
    );
    input.show();
  });
}

function problemOf(regex: string): string | undefined {
  try {
    new RegExp(regex);
    return undefined;
  } catch {
    return l10n.t('This is not a valid regular expression.');
  }
}
