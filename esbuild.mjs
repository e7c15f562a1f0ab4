// Builds what ships into dist/ and into out/, with --tools, the programs of test/support or, with --tests, all tests too.
import { build, context } from 'esbuild';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const args = new Set(process.argv.slice(2));
const production = args.has('--production');
const watching = args.has('--watch');
const require = createRequire(import.meta.url);

const common = { bundle: true, sourcemap: !production, minify: production, logLevel: 'warning' };
/** Node 18 is what VS Code 1.82, the oldest supported, runs extensions on. */
const node = { ...common, platform: 'node', format: 'cjs', target: 'node18' };

/** All files below a folder whose name ends so. */
function files(folder, ending) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, String(name)))
    .filter((name) => name.endsWith(ending));
}

const shipped = [
  {
    ...node,
    entryPoints: ['src/extension.ts', 'src/worker.ts', 'src/matcher.ts', 'src/cli.ts'],
    outdir: 'dist',
    entryNames: '[name]',
    external: ['vscode'],
  },
  {
    ...common,
    entryPoints: files('src/webview', 'Main.ts'),
    outdir: 'dist/webview',
    entryNames: '[name]',
    format: 'iife',
    target: 'es2022',
    platform: 'browser',
  },
];

// No `external: ['vscode']` for the unit tests: a pure module that reaches for vscode fails to bundle.
const tests = [
  {
    ...node,
    entryPoints: files('test/unit', '.test.ts'),
    outbase: 'test',
    outdir: 'out',
    external: ['esbuild', '@vscode/l10n-dev'],
  },
  {
    ...node,
    entryPoints: files('test/integration', '.ts'),
    outbase: 'test',
    outdir: 'out',
    external: ['vscode'],
    // Mocha is bundled, because as it is it does not load in the Node.js of VS Code 1.82. Its parallel mode is not used.
    logOverride: { 'require-resolve-not-external': 'silent' },
  },
  {
    ...node,
    entryPoints: ['host', 'ui', 'webview'].flatMap((kind) => files(`test/${kind}`, '.test.ts')),
    outbase: 'test',
    outdir: 'out',
    packages: 'external',
  },
];

const tools = [
  { ...node, entryPoints: files('test/support', 'Main.ts'), outbase: 'test', outdir: 'out', packages: 'external' },
  // Bundled whole and without vscode, as what ships is; but for what runs inside the extension host.
  { ...node, entryPoints: files('test/bench', 'Main.ts'), outbase: 'test', outdir: 'out' },
  { ...node, entryPoints: files('test/bench', 'Burst.ts'), outbase: 'test', outdir: 'out', external: ['vscode'] },
];

/** The WebAssembly that sql.js and zstd load from beside the bundle. */
async function copyWasm(folder) {
  await mkdir(folder, { recursive: true });
  await cp(require.resolve('sql.js/dist/sql-wasm.wasm'), path.join(folder, 'sql-wasm.wasm'));
  await cp(path.join(path.dirname(require.resolve('@bokuweb/zstd-wasm')), 'zstd.wasm'), path.join(folder, 'zstd.wasm'));
}

/** The icons the webviews use, as the font that VS Code itself draws with. */
async function copyCodicons(folder) {
  await mkdir(folder, { recursive: true });
  const source = path.dirname(require.resolve('@vscode/codicons/dist/codicon.css'));
  await cp(path.join(source, 'codicon.ttf'), path.join(folder, 'codicon.ttf'));
  const css = await readFile(path.join(source, 'codicon.css'), 'utf8');
  await writeFile(path.join(folder, 'codicon.css'), css.replace(/codicon\.ttf\?[0-9a-f]+/, 'codicon.ttf'));
}

// A package holds nothing left over; otherwise a window that runs the last build keeps its files meanwhile.
if (production) await rm('dist', { recursive: true, force: true });
await copyWasm('dist');
await copyCodicons('dist/webview');
const withTests = args.has('--tests');
const withTools = withTests || args.has('--tools');
const bundles = [...shipped, ...(withTools ? tools : []), ...(withTests ? tests : [])].filter(
  (options) => options.entryPoints.length > 0,
);
// Tests that no longer exist must not run; the programs in out/support may be running.
if (withTests) {
  for (const kind of ['unit', 'integration', 'host', 'ui', 'webview', 'bench']) {
    await rm(path.join('out', kind), { recursive: true, force: true });
  }
}

if (watching) {
  for (const options of bundles) await (await context(options)).watch();
} else {
  await Promise.all(bundles.map((options) => build(options)));
}
