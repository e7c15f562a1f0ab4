// Builds the extension and the programs of this folder, then runs one of them in this very process, so that signals
// reach it:  node test/support/run.mjs hostMain --workspace DIR
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, URL } from 'node:url';

const [program, ...args] = process.argv.slice(2);
const root = fileURLToPath(new URL('../..', import.meta.url));
const scope = program === 'testMain' ? '--tests' : '--tools';
const build = spawnSync(process.execPath, ['esbuild.mjs', scope], { cwd: root, stdio: 'inherit' });
if (build.status !== 0) process.exit(build.status ?? 1);

process.argv = [process.execPath, program, ...args];
createRequire(import.meta.url)(`${root}/out/support/${program}.js`);
