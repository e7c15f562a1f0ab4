import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { test } from 'node:test';
import layers from '../../layers.json';

/** Tests run at the project's root. */
const root = 'src';

/** The table that lint uses too, in the order in which data passes the layers. */
const table: Readonly<Record<string, { readonly may: readonly string[]; readonly vscode?: boolean }>> = layers;

/** Every import of every source file: the layer it is in, and the layer or package that it takes. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/\bfrom '([^']+)'|\bimport\('([^']+)'\)|\brequire\('([^']+)'\)/g)].map(
    ([, first, second, third]) => first ?? second ?? third ?? '',
  );
}

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.split(sep).join('/'));

/** `''` for the files that lie directly in src. */
function layerOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : '';
}

/** What a file imports, relative to `src`, without its ending. */
function pathFrom(file: string, imported: string): string {
  return relative(root, join(root, dirname(file), imported))
    .split(sep)
    .join('/');
}

function targetLayer(file: string, imported: string): string | undefined {
  if (!imported.startsWith('.')) return undefined;
  const target = pathFrom(file, imported);
  return target.startsWith('..') ? undefined : layerOf(target);
}

test('there are sources to check', () => {
  assert.ok(files.length > 50, `${files.length} files`);
});

test('every file has a layer, but for what composes them', () => {
  const composition = ['extension.ts', 'worker.ts', 'matcher.ts', 'cli.ts', 'ids.ts'];
  for (const file of files) assert.ok(layerOf(file) in table || composition.includes(file), file);
});

test('no folder has more than 20 files of its own, and no file more than 300 lines', () => {
  const folders = new Map<string, number>();
  for (const file of files) folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1);
  assert.deepEqual(
    [...folders].filter(([, count]) => count > 20),
    [],
  );
  const linesOf = (file: string): number => readFileSync(join(root, file), 'utf8').split('\n').length - 1;
  assert.deepEqual(
    files.filter((file) => linesOf(file) > 300),
    [],
  );
});

test('no exported name is used twice', () => {
  const declared = /^export (?:async |abstract )*(?:function\*?|class|const|let|interface|type|enum) (\w+)/gm;
  const names = files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...new Set([...text.matchAll(declared)].map(([, name]) => name))];
  });
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
});

test('no layer takes from one that it may not know', () => {
  for (const file of files) {
    const from = layerOf(file);
    for (const imported of importsOf(file)) {
      const to = targetLayer(file, imported);
      if (from === '' || to === undefined || to === '' || to === from) continue;
      assert.ok(table[from]?.may.includes(to), `${file} imports ${imported}`);
    }
  }
});

test('no layer may know a later one', () => {
  const order = Object.keys(table);
  for (const [index, layer] of order.entries()) {
    const later = (table[layer]?.may ?? []).filter((other) => order.indexOf(other) > index);
    // The page protocols, which views and webviews share.
    assert.deepEqual(layer === 'views' ? later.filter((other) => other !== 'webview') : later, [], layer);
  }
});

/** The files that a file of `src` imports, itself and through others; fails where one takes vscode. */
function reachedWithoutVscode(root: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const imported of importsOf(file)) {
      assert.notEqual(imported, 'vscode', `${file} imports vscode`);
      if (!imported.startsWith('.')) continue;
      const target = `${pathFrom(file, imported)}.ts`;
      if (files.includes(target)) visit(target);
    }
  };
  visit(root);
  return reached;
}

test('what runs in the worker never touches vscode, not even through others', () => {
  const reached = reachedWithoutVscode('worker.ts');
  assert.ok(reached.has('track/recorder.ts') && reached.has('store/openStore.ts'), 'it was followed to its ends');
});

test('the command line never touches vscode, and takes only pure functions from what does', () => {
  const reached = [...reachedWithoutVscode('cli.ts')];
  assert.ok(reached.includes('engine/engineHost.ts'), 'it was followed to its ends');
  const ofVscode = reached.filter((file) => table[layerOf(file)]?.vscode === true && layerOf(file) !== 'api');
  const pure = /^(views\/text\/|host\/settings\/storageSettings\.ts$)/;
  assert.deepEqual(
    ofVscode.filter((file) => !pure.test(file)),
    [],
  );
});

test('only what composes the engine and the engine itself construct a store', () => {
  const makers = files.filter((file) => importsOf(file).some((imported) => /(^|\/)store\/openStore$/.test(imported)));
  assert.deepEqual(makers.sort(), ['cli.ts', 'worker.ts']);
});

test('the webview takes the protocol, what runs anywhere, and nothing of the extension host', () => {
  const allowed = ['webview', ...(table['webview']?.may ?? [])];
  for (const file of files.filter((each) => layerOf(each) === 'webview')) {
    for (const imported of importsOf(file)) {
      const to = targetLayer(file, imported);
      const isPackage = imported === 'diff' || imported === '@vscode/l10n';
      assert.ok((to !== undefined && allowed.includes(to)) || isPackage, `${file} imports ${imported}`);
    }
  }
});

test('views never write: no file is written and nothing is restored but by a command', () => {
  for (const file of files.filter((each) => layerOf(each) === 'views')) {
    const text = readFileSync(join(root, file), 'utf8');
    assert.doesNotMatch(text, /\bfs\.(writeFile|delete|rename)\(|\bact\.(restore|undoRestore)\(|WorkspaceEdit/, file);
  }
});
