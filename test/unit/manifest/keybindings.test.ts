import assert from 'node:assert/strict';
import { test } from 'node:test';
import manifest from '../../../package.json';

/**
 * Every default chord of VS Code 1.139 with Alt and without Shift, on any system: `mod` is Ctrl, on macOS Cmd; `meta` is
 * the Windows key, on macOS Ctrl.
 */
const defaults = `
  alt+- alt+0 alt+= alt+[ alt+] alt+a alt+backspace alt+c alt+delete alt+down alt+end alt+enter alt+escape alt+f1 alt+f10
  alt+f12 alt+f2 alt+f3 alt+f5 alt+f6 alt+f8 alt+f9 alt+h alt+home alt+k alt+l alt+left alt+n alt+p alt+pagedown
  alt+pageup alt+r alt+right alt+space alt+t alt+up alt+w alt+z mod+alt+- mod+alt+. mod+alt+0 mod+alt+[ mod+alt+]
  mod+alt+b mod+alt+backspace mod+alt+c mod+alt+down mod+alt+enter mod+alt+f mod+alt+g mod+alt+i mod+alt+k mod+alt+l
  mod+alt+left mod+alt+o mod+alt+p mod+alt+pagedown mod+alt+pageup mod+alt+r mod+alt+right mod+alt+s mod+alt+space
  mod+alt+t mod+alt+tab mod+alt+up mod+alt+v mod+alt+w mod+alt+y mod+meta+alt+n meta+alt+backspace meta+alt+delete
  meta+alt+enter meta+alt+g meta+alt+j meta+alt+left meta+alt+n meta+alt+p meta+alt+r meta+alt+right meta+alt+space
`.match(/\S+/g);

/** Chords that VS Code uses too, but never at the same time, and why. */
const apart: Readonly<Record<string, RegExp>> = {
  // VS Code scrolls the text of an editor with them (`textInputFocus`); a webview is none.
  'alt+pageup': /^activeWebviewPanelId == obby\.diff$/,
  'alt+pagedown': /^activeWebviewPanelId == obby\.diff$/,
};

/** A chord as the list writes it. */
function chordOf(key: string, isMac: boolean): string {
  return isMac ? key.replace('ctrl+', 'meta+').replace('cmd+', 'mod+') : key.replace('ctrl+', 'mod+');
}

test('no key of Obby is taken from VS Code, on any system', () => {
  for (const { key, mac, when } of manifest.contributes.keybindings) {
    for (const [chord, isMac] of [
      [key, false],
      [mac, true],
    ] as const) {
      assert.match(chord, /\balt\+/, `${chord} is not in the list's range`);
      assert.doesNotMatch(chord, /shift|win/, `${chord} is not in the list's range`);
      const found = chordOf(chord, isMac);
      if (defaults?.includes(found)) assert.match(when, apart[found] ?? /^$/, `${chord} is a key of VS Code`);
    }
  }
});
