import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordedFolder } from '../unit/cli/cliFixture';

const begin = '<!-- transcript -->';
const end = '<!-- /transcript -->';

/** Runs the command line on a recorded folder, and writes what it prints into the README. */
async function main(): Promise<void> {
  const ends: (() => void)[] = [];
  const { record, write, obby, root, home } = recordedFolder({ after: (run) => ends.push(run as () => void) });
  write('.obbywatch', '*.md\n');
  await record(() => {
    write('plan.md', '# Plan\n\nShip on Friday.\n');
    write('notes.md', 'Ask Ada about the keys.\n');
  });
  await record(() => write('plan.md', '# Plan\n\nShip on Monday.\n'));
  await record(() => rmSync(join(root, 'notes.md')));
  const lines: string[] = [];
  const run = async (...args: string[]): Promise<void> => {
    const { out, err } = await obby(args);
    lines.push(`$ obby ${args.map((arg) => (/^[\w.~/-]+$/.test(arg) ? arg : `"${arg}"`)).join(' ')}`);
    lines.push(...[err, out].join('\n').trim().split('\n').filter(Boolean), '');
  };
  await run('log', 'plan.md');
  await run('diff', 'plan.md~1');
  await run('search', 'Ada', '--where', 'lost');
  await run('restore', 'notes.md', '--yes');
  await run('undo', '--last', '--yes');
  const text = lines.join('\n').trim().replaceAll(root, '/home/ada/project').replaceAll(home, '/home/ada');
  const readme = readFileSync('README.md', 'utf8');
  const [before, after] = [readme.indexOf(begin), readme.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`README.md has no ${begin} … ${end}.`);
  const block = `${begin}\n\n\`\`\`console\n${text}\n\`\`\`\n\n`;
  writeFileSync('README.md', readme.slice(0, before) + block + readme.slice(after));
  for (const each of ends) each();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
