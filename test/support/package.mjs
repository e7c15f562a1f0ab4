// `npm run package`: packages the extension, and says what the Marketplace still asks for.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, URL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
const missing = ['repository', 'bugs', 'homepage'].filter((field) => !manifest[field]);

// The one place of addresses is `repository`: vsce makes those of the pictures in README.md from it.
const withoutAddresses = missing.includes('repository')
  ? ['--allow-missing-repository', '--no-rewrite-relative-links']
  : [];
const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce');
const args = [vsce, 'package', '--no-dependencies', ...withoutAddresses];
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
if (missing.length > 0) console.log(`For the Marketplace, package.json lacks: ${missing.join(', ')}.`);
process.exitCode = status ?? 1;
