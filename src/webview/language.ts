import * as l10n from '@vscode/l10n';

/** Takes the words of the window's language from the page. Imported first, because the words are read on load. */
const words = document.body.dataset['l10n'];
if (words !== undefined) l10n.config({ contents: words });
