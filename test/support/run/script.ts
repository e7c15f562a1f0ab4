import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { projectRoot } from '../host/project';
import { oneFailed, onePassed, type Outcome } from './outcome';

/** Far more than a type check or lint takes, also beside other stages on a busy machine. */
const timeoutMs = 15 * 60_000;
/** Characters of the output, its last, that tell why a script failed. */
const maxFailure = 4000;

/** Runs a script of package.json as one test: it passes when the script ends with 0. Resolves with what to print. */
export async function runScript(name: string): Promise<{ outcome: Outcome; output: string }> {
  const child = spawn('npm', ['run', '--silent', name], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === null) output += `npm run ${name} was ended after ${timeoutMs / 60_000} minutes.\n`;
  return { outcome: code === 0 ? onePassed : oneFailed(output.slice(-maxFailure)), output };
}
