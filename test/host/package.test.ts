import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../support/host/project';
import { packageFile } from '../support/run/packageFile';
import { zipEntries } from '../support/zipEntries';

const maxBytes = 3_000_000;

test('the package holds what runs, what shows and what people read, and nothing else', () => {
  const expected = [
    '[Content_Types].xml',
    'extension.vsixmanifest',
    ...['LICENSE.txt', 'changelog.md', 'package.json', 'package.nls.de.json', 'package.nls.json', 'readme.md'].map(
      shipped,
    ),
    ...['extension.js', 'worker.js', 'matcher.js', 'cli.js', 'sql-wasm.wasm', 'zstd.wasm'].map((name) =>
      shipped(`dist/${name}`),
    ),
    ...['codicon.css', 'codicon.ttf'].map((name) => shipped(`dist/webview/${name}`)),
    ...filesBelow('src/webview')
      .filter((file) => file.endsWith('Main.ts'))
      .map((file) => shipped(`dist/webview/${path.basename(file, '.ts')}.js`)),
    ...filesBelow('media').map((file) => shipped(`media/${file}`)),
    // The bundle of the sources' own language is for translators.
    ...filesBelow('l10n')
      .filter((file) => file !== 'bundle.l10n.json')
      .map((file) => shipped(`l10n/${file}`)),
  ];
  assert.deepEqual(zipEntries(readFileSync(packageFile())).sort(), expected.sort());
});

test('the package is under 3 MB', () => {
  assert.ok(statSync(packageFile()).size < maxBytes, `It has ${statSync(packageFile()).size} bytes.`);
});

function shipped(file: string): string {
  return `extension/${file}`;
}

function filesBelow(folder: string): string[] {
  const root = path.join(projectRoot, folder);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(root, name)).isFile())
    .map((name) => name.split(path.sep).join('/'));
}
