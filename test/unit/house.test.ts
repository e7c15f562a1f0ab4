import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { test } from 'node:test';

/** Tests run at the project's root. */
const root = 'src';

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

function targetLayer(file: string, imported: string): string | undefined {
  if (!imported.startsWith('.')) return undefined;
  const target = relative(root, join(root, dirname(file), imported))
    .split(sep)
    .join('/');
  return target.startsWith('..') ? undefined : layerOf(target);
}

test('there are sources to look at', () => {
  assert.ok(files.length > 50, `${files.length} files`);
});

test('model imports nothing but itself', () => {
  for (const file of files.filter((each) => layerOf(each) === 'model')) {
    for (const imported of importsOf(file)) assert.match(imported, /^\.\//, `${file} imports ${imported}`);
  }
});

test('what runs in the worker never touches vscode, not even through others', () => {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const imported of importsOf(file)) {
      assert.notEqual(imported, 'vscode', `${file} imports vscode`);
      if (!imported.startsWith('.')) continue;
      const target = `${relative(root, join(root, dirname(file), imported))
        .split(sep)
        .join('/')}.ts`;
      if (files.includes(target)) visit(target);
    }
  };
  visit('worker/worker.ts');
  assert.ok(reached.has('track/recorder.ts') && reached.has('store/store.ts'), 'it was followed to its ends');
});

test('data goes one way: no layer takes from a later one', () => {
  const order = ['model', 'watch', 'track', 'store', 'worker', 'hub', 'host', 'views', 'commands'];
  /** What an earlier layer may know of a later one: its contract, since that is types, and what a hash is. */
  const contracts = new Set(['track → store', 'watch → worker']);
  for (const file of files) {
    const from = layerOf(file);
    for (const imported of importsOf(file)) {
      const to = targetLayer(file, imported);
      if (to === undefined || !order.includes(from) || !order.includes(to)) continue;
      const isLater = order.indexOf(to) > order.indexOf(from);
      const isContract = contracts.has(`${from} → ${to}`) && /\/(contract|sha256)$/.test(imported);
      assert.ok(!isLater || isContract, `${file} imports ${imported}`);
    }
  }
});

test('the webview takes the protocol, the model and nothing of the extension host', () => {
  for (const file of files.filter((each) => layerOf(each) === 'webview')) {
    for (const imported of importsOf(file)) {
      const to = targetLayer(file, imported);
      assert.ok(to === 'webview' || to === 'model' || imported === 'diff', `${file} imports ${imported}`);
    }
  }
});

test('views never write: no file is written and nothing is restored but by a command', () => {
  for (const file of files.filter((each) => layerOf(each) === 'views')) {
    const text = readFileSync(join(root, file), 'utf8');
    assert.doesNotMatch(text, /\bfs\.(writeFile|delete|rename)\(|\bact\.(restore|undoRestore)\(|WorkspaceEdit/, file);
  }
});
