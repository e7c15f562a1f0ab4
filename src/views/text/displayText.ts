import { escapeUnprintable } from '../../base/unprintable';

/** The longest text that is shown whole: a hostile name must not push other text off the screen. */
const maxShown = 200;

/** A text on one line, with invisible characters escaped, cut to a maximum length. */
export function oneLine(text: string): string {
  const shown = text.length > maxShown ? `${text.slice(0, maxShown - 20)}…${text.slice(-19)}` : text;
  return escapeUnprintable(shown);
}

/** For notifications, which turn `[text](command:…)` into a link. */
export function forMessage(text: string): string {
  return text.replaceAll('](', ']\u200b(');
}

/** For quick picks and the status bar, which show `$(name)` as an icon. */
export function forIconLabel(text: string): string {
  return text.replaceAll('$(', '\\$(');
}

/** The last segment of a path with `/`. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder of a path with `/`; `''` at the root. */
export function folderName(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
