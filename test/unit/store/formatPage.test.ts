import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { causes } from '../../../src/model/version';
import { unsavedCatalogBytes } from '../../../src/store/catalog/catalogFile';
import { encodings } from '../../../src/store/format/contentEncoding';
import { loadSqlite } from '../../../src/store/disk/sqlite';
import { encodeAnnotation, parseAnnotation } from '../../../src/store/format/annotation';
import { storeFormat } from '../../../src/store/format/storeFormat';
import { kinds, unstoredReasons, versionFields, type VersionRow } from '../../../src/store/format/versionRow';
import { journalFormat, recordType } from '../../../src/store/journal/journalFormat';
import { segmentFormat } from '../../../src/store/segment/segment';
import { draft, onlyMe, openTestStore, wasmDir } from './fixtures';
import { MemoryFiles } from './memoryFiles';

const page = readFileSync('src/store/FORMAT.md', 'utf8');

/** The words in backticks of the item of a list that begins with a word; what stands in brackets explains them. */
function wordsOf(item: string): string[] {
  const text = new RegExp(`^- \`${item}\`: ([^.]*)\\.`, 'm').exec(page)?.[1] ?? '';
  return [...text.replaceAll(/\([^)]*\)/g, '').matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
}

function section(title: string): string {
  return page.slice(page.indexOf(`\n## ${title}\n`)).split('\n## ')[1] ?? '';
}

test('the page lists the words that a version can have', () => {
  assert.deepEqual(wordsOf('kind').sort(), [...kinds].sort());
  assert.deepEqual(wordsOf('cause').sort(), [...causes].sort());
  assert.deepEqual(wordsOf('unstored').sort(), [...unstoredReasons].sort());
});

test('the page names every field of a version', () => {
  const version: VersionRow = {
    ...{ id: 'v1-000000001-writer-0', time: 0, file: { originPath: 'b', generation: 1 }, path: 'a', kind: 'renamed' },
    ...{ cause: 'save', causeDetail: {}, confidence: 'likely', size: 1, sha256: '', added: 1, removed: 1, stamp: '' },
    ...{ unstored: 'forgotten', renamedFrom: 'b', eolOnly: true, binary: true, changeSet: 'm', mode: 0o755 },
  };
  const list = section('A version').match(/^- [\s\S]*?(?=\n\n)/m)?.[0] ?? '';
  for (const [name, value] of Object.entries(versionFields(version))) {
    assert.notEqual(value, undefined, name);
    assert.match(list, new RegExp(`\`${name}\``), name);
  }
});

test('the page names formats, types, encodings and the size from which a catalog is saved', () => {
  assert.match(page, new RegExp(`"format":${storeFormat},`));
  assert.match(section('A journal'), new RegExp(`"OBBYJRNL" {2}format u32 \\(${journalFormat}\\)`));
  const types = [...section('A journal').matchAll(/\*\*Type (\d), (?:a|an) (\w+)\.\*\*/g)];
  const names = new Map(Object.entries(recordType));
  assert.deepEqual(
    types.map(([, n, name = '']) => [Number(n), names.get(name)]),
    [1, 2, 3].map((n) => [n, n]),
  );
  const listed = [...section('Encodings').matchAll(/^\| +(\d) \| `(\w+)`/gm)].map(([, , word]) => word);
  assert.deepEqual(listed, [...encodings]);
  assert.match(page, new RegExp(` size of ${unsavedCatalogBytes >> 20} MiB on`));
});

test('the page names the members of annotations', () => {
  const label = { type: 'label', id: 'x', name: 'n', time: 1, removed: false, at: 1 } as const;
  const pin = { type: 'pin', version: 'v1-000000001-writer-0', pinned: true, at: 1 } as const;
  for (const annotation of [label, pin]) {
    assert.deepEqual(parseAnnotation(Buffer.from(encodeAnnotation(annotation)).toString()), annotation);
    const members = Object.keys(annotation).map((name) => (name === 'type' ? `type: "${annotation.type}"` : name));
    assert.ok(
      section('A journal')
        .replaceAll(/\s+/g, ' ')
        .includes(`{${members.join(', ')}}`),
      members.join(),
    );
  }
});

test('the page says which types the values of a segment have', async () => {
  const files = new MemoryFiles();
  const sizes = { fullBytes: 1 << 20, minSealBytes: 1 };
  const store = await openTestStore({ dir: '/store', files, processes: onlyMe, sizes });
  await store.append([draft('a', 'one')]);
  while (await store.maintain());
  await store.close();
  const segment = files.paths().find((path) => path.endsWith('.segment')) ?? '';
  const sql = await loadSqlite(wasmDir());
  const database = new sql.Database(files.get(segment));
  const rows = database.exec('SELECT key, typeof(value), value FROM meta')[0]?.values ?? [];
  const described = section('A segment').replaceAll(/\s+/g, ' ');
  assert.equal(rows.length, 5);
  for (const [key, type] of rows) {
    assert.match(described, new RegExp(`\`${String(key)}\` \\(${String(type).toUpperCase()}`), String(key));
  }
  assert.match(described, new RegExp(`\`format\` \\(INTEGER, ${segmentFormat}\\)`));
  database.close();
});

test('the table of parts in the design is a map of the folders', () => {
  const table = readFileSync('src/store/DESIGN.md', 'utf8').split('\n## ')[1] ?? '';
  const rows = [...table.matchAll(/^\| `(\w+)\/` +\|([^|]*)\|([^|]*)\|/gm)];
  const folders = readdirSync('src/store', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.deepEqual(rows.map(([, name]) => name).sort(), folders.map(({ name }) => name).sort());
  for (const [, folder = '', , classes = ''] of rows) {
    const sources = readdirSync(`src/store/${folder}`).map((name) =>
      readFileSync(`src/store/${folder}/${name}`, 'utf8'),
    );
    for (const [, name = ''] of classes.matchAll(/`(\w+)`/g)) {
      assert.match(sources.join(), new RegExp(`^export (class|interface) ${name}\\b`, 'm'), name);
    }
  }
});
