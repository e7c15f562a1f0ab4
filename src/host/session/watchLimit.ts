import * as vscode from 'vscode';

/** What to tell a person when no more folders can be watched: `code` is the system's. */
export function watchLimitText(code: string | undefined): string {
  const { t } = vscode.l10n;
  switch (code) {
    case 'ENOSPC':
      return t(
        "The machine's limit of watched files is reached. Raise it: sudo sysctl fs.inotify.max_user_watches=524288",
      );
    case undefined:
      return t('More new folders came than Obby watches at once');
    default:
      return t('The system allows no more watches ({0})', code);
  }
}
