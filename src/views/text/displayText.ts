/** The longest text that is shown whole: a hostile name must not push other text off the screen. */
const maxShown = 200;

/** Characters that break a line, reorder the text around them, or are invisible. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

const shortEscapes = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

function escaped(character: string): string {
  return shortEscapes.get(character) ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** A text on one line, with invisible characters escaped, cut to a maximum length. */
export function oneLine(text: string): string {
  const shown = text.length > maxShown ? `${text.slice(0, maxShown - 20)}…${text.slice(-19)}` : text;
  return shown.replaceAll(unprintable, escaped);
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
