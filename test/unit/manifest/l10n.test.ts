import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { getL10nJson } from '@vscode/l10n-dev';
import manifest from '../../../package.json';

type Texts = Readonly<Record<string, string>>;

/** Tests run at the project's root. */
function texts(file: string): Texts {
  return JSON.parse(readFileSync(file, 'utf8')) as Texts;
}

/** The languages that a folder has a translation for. */
function languages(folder: string, name: RegExp): string[] {
  return readdirSync(folder)
    .flatMap((file) => name.exec(file)?.[1] ?? [])
    .sort();
}

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const translated = languages('l10n', /^bundle\.l10n\.(.+)\.json$/);

/** `{0}`, links and settings, which a translation must keep; sorted, since words are in another order there. */
function fixedParts(text: string): string[] {
  return (text.match(/\{\d+\}|\(command:[^)]+\)|`#[^#]+#`|\$\([\w~-]+\)/g) ?? []).sort();
}

function assertTranslates(original: Texts, translation: Texts, language: string): void {
  assert.deepEqual(Object.keys(translation).sort(), Object.keys(original).sort());
  for (const [key, text] of Object.entries(original)) {
    const other = translation[key] ?? '';
    assert.deepEqual(fixedParts(other), fixedParts(text), `${language}: ${key}`);
    assert.ok(other !== '' && other.trim() === other, `${language}: ${key}`);
    assert.equal(/[….?:]$/u.exec(other)?.[0], /[….?:]$/u.exec(text)?.[0], `${language}, the end of: ${key}`);
  }
}

test('the bundle holds every text of the sources and no other; `npm run l10n` writes it', async () => {
  const files = sources.map((file) => ({ extension: '.ts', contents: readFileSync(join('src', file), 'utf8') }));
  assert.deepEqual(texts('l10n/bundle.l10n.json'), await getL10nJson(files));
});

test('every text is worded by a call that the extractor finds', () => {
  for (const file of sources) {
    const code = readFileSync(join('src', file), 'utf8');
    assert.doesNotMatch(code, /\bvscode\.l10n\.t\b|\{ t\b.*\} = .*l10n|import \{ t\b/, file);
    assert.doesNotMatch(code, /\bl10n\.t\((?!\s*['"])/, `${file}: the text must be a literal`);
  }
});

test('no text leaves the plural to the reader', () => {
  for (const text of [...Object.values(texts('l10n/bundle.l10n.json')), ...Object.values(texts('package.nls.json'))]) {
    assert.doesNotMatch(text, /\(s\)|\b1 (files|versions|lines|changes|labels|pins|folders)\b/, text);
  }
});

test('each language has the texts of the sources and of the manifest, whole and with the same placeholders', () => {
  assert.deepEqual(translated, languages('.', /^package\.nls\.(.+)\.json$/));
  assert.ok(translated.includes('de'));
  assert.equal(manifest.l10n, './l10n');
  for (const language of translated) {
    assertTranslates(texts('l10n/bundle.l10n.json'), texts(`l10n/bundle.l10n.${language}.json`), language);
    assertTranslates(texts('package.nls.json'), texts(`package.nls.${language}.json`), language);
  }
});

test('each language has the pages of the walkthrough', () => {
  const pages = manifest.contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown));
  assert.ok(pages.length > 0);
  for (const page of pages) {
    for (const language of translated) assert.ok(existsSync(page.replace(/\.md$/, `.nls.${language}.md`)), page);
  }
});
