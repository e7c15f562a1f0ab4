import { escapeUnprintable } from '../../base/unprintable';

/** Longest text that is shown whole; a hostile name must not push everything else off the screen. */
const maxShown = 200;

/** A file name or content on one line, with what cannot be seen made visible, cut to a bound. */
export function oneLine(text: string): string {
  const shown = text.length > maxShown ? `${text.slice(0, maxShown - 20)}…${text.slice(-19)}` : text;
  return escapeUnprintable(shown);
}

/** A name for a message: notifications turn `[text](command:…)` into a link, and a file may be called that. */
export function forMessage(text: string): string {
  return text.replaceAll('](', ']\u200b(');
}

/** A name for a quick pick or the status bar, which draw `$(name)` as an icon. */
export function forIconLabel(text: string): string {
  return text.replaceAll('$(', '\\$(');
}

/** The last segment of a path with `/`. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder of a path with `/`, without the final one; `''` at the root. */
export function folderName(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
