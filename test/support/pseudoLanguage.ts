import type { Language } from './webviewHarness';

/** How much longer than its English text a translation may be. */
const stretch = 1.4;
const plain = 'AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz';
const accented = 'ÅåƁƀÇçÐðÉéƑƒĜĝĤĥÎîĴĵĶķĻļṀṁÑñÖöÞþǪǫŔŕŠšŢţÛûṼṽŴŵẊẋÝýŽž';

/** Texts that can be read as the English ones, with accents, and each word of them as long as in a long language. */
export function pseudoLanguage(bundle: Readonly<Record<string, string>>): Language {
  const words = Object.entries(bundle).map(([key, text]) => [key, pseudo(text)]);
  return { name: 'en', words: Object.fromEntries(words) as Record<string, string> };
}

/** Placeholders, links, names of settings and icons, and Obby's own stay as they are. */
function pseudo(text: string): string {
  return text.replaceAll(/\{\d+\}|\(command:[^)]+\)|`#[^#]+#`|\$\([^)]+\)|\p{L}+/gu, (part) =>
    /^\p{L}/u.test(part) && part !== 'Obby' ? longer(part) : part,
  );
}

function longer(word: string): string {
  const letters = Array.from(word, (letter) => accented[plain.indexOf(letter)] ?? letter);
  const length = Math.ceil(letters.length * stretch);
  return Array.from({ length }, (_, at) => letters[Math.floor((at * letters.length) / length)]).join('');
}
