import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { engineOf, recordedFolder } from './cliFixture';
import { folderUri } from '../../../src/cli/place/folderUri';
import { folderSettings } from '../../support/folderSettings';
import { ListLog } from '../store/fixtures';

/** The built command line. Tests run at the project's root. */
const program = resolve('dist/cli.js');

test('the built program answers while a window records, whose files it leaves alone', async (t) => {
  const { home, root, storeDir, write, record } = recordedFolder(t);
  await record(() => write('a.md', 'one\n'));
  const key = folderUri(root, process.platform);
  const window = engineOf(() => undefined, new ListLog());
  await window.open(key, { root, storeDir, settings: folderSettings({}, { events: 'own' }) });
  try {
    write('a.md', 'two\n');
    await window.flush(key);
    // The window may be about to write its heartbeat.
    const names = (): string[] => readdirSync(storeDir).filter((name) => !name.endsWith('.tmp'));
    const before = names().sort();
    const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: '', OBBY_STORE: '' };
    const ended = spawnSync(process.execPath, [program, 'show', 'a.md'], { cwd: root, env });
    assert.deepEqual([ended.status, ended.stdout.toString(), ended.stderr.toString()], [0, 'two\n', '']);
    assert.deepEqual(names().sort(), before);
  } finally {
    // Before its folder is removed.
    await window.close(key);
  }
});

test('a reader that has read enough ends it quietly', async (t) => {
  const { home, root, write, record } = recordedFolder(t);
  await record(() => write('a.md', 'line\n'.repeat(200_000)));
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: '' };
  const piped = spawnSync('sh', ['-c', '"$0" "$1" show a.md | head -n 1', process.execPath, program], {
    cwd: root,
    env,
  });
  assert.deepEqual([piped.stdout.toString(), piped.stderr.toString()], ['line\n', '']);
});

test('the completion scripts are ones that their shells accept', async (t) => {
  const { obby, base } = recordedFolder(t);
  const script = (await obby(['completion', 'bash'])).out;
  const file = join(base, 'completion.bash');
  writeFileSync(file, `${script}\nCOMP_WORDS=(obby se) COMP_CWORD=1; _obby; echo "\${COMPREPLY[@]}"`);
  assert.equal(execFileSync('bash', [file]).toString(), 'search\n');
  for (const shell of ['zsh', 'fish']) assert.match((await obby(['completion', shell])).out, /forget/);
  assert.equal((await obby(['completion', 'csh'])).code, 2);
});
