import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

/** What a commit did to one file. */
interface FileChange {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  /** The object that holds the new content; undefined when there is no such regular file any more. */
  readonly object: string | undefined;
}

export interface Commit {
  /** ms since the epoch. */
  readonly time: number;
  readonly changes: readonly FileChange[];
}

const maxOutputBytes = 1 << 30;

/** Runs git and resolves with what it prints. */
export async function git(cwd: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', [...args], {
    cwd,
    maxBuffer: maxOutputBytes,
    env: gitEnvironment,
  });
  return stdout;
}

/** Nobody's settings: every run measures the same git. */
export const gitEnvironment = {
  ...process.env,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'bench',
  GIT_AUTHOR_EMAIL: 'bench@example.invalid',
  GIT_COMMITTER_NAME: 'bench',
  GIT_COMMITTER_EMAIL: 'bench@example.invalid',
};

/** The changes of every commit along the first parents of HEAD, the oldest first, renames as deletion and creation. */
export async function readHistory(repo: string): Promise<Commit[]> {
  const args = ['log', '--reverse', '--raw', '--no-renames', '-m', '--first-parent', '--no-abbrev', '-z'];
  const fields = (await git(repo, [...args, '--format=%x01%ct'])).split('\0');
  const commits: { time: number; changes: FileChange[] }[] = [];
  for (let at = 0; at < fields.length; at++) {
    const field = (fields[at] ?? '').replace(/^\n/, '');
    if (field.startsWith('\x01')) commits.push({ time: Number(field.slice(1)) * 1000, changes: [] });
    if (field.startsWith(':')) commits.at(-1)?.changes.push(changeOf(field, fields[++at] ?? ''));
  }
  return commits;
}

/** `:<old mode> <new mode> <old object> <new object> <status>`; links and submodules are no files with content. */
function changeOf(field: string, path: string): FileChange {
  const [, mode = '', , object] = field.split(' ');
  return { path, object: mode.startsWith('100') ? object : undefined };
}

/** The contents of objects in the given order; undefined for one that the repository does not have. */
export async function* readObjects(repo: string, objects: readonly string[]): AsyncGenerator<Buffer | undefined> {
  const child = spawn('git', ['cat-file', '--batch', '--buffer'], {
    cwd: repo,
    env: gitEnvironment,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.on('error', () => undefined).end(objects.map((object) => `${object}\n`).join(''));
  try {
    const source = new ByteSource(child.stdout);
    for (const object of objects) {
      const head = (await source.line()).split(' ');
      if (head[0] !== object) throw new Error(`git cat-file answered ${head.join(' ')} for ${object}.`);
      if (head[1] === 'missing') yield undefined;
      else {
        const bytes = await source.take(Number(head[2]));
        await source.take(1);
        yield bytes;
      }
    }
  } finally {
    child.kill();
  }
}

/** Takes lines and counted bytes from a stream. */
class ByteSource {
  private readonly chunks: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.chunks = stream[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    for (;;) {
      const end = this.rest.indexOf(0x0a);
      if (end >= 0) return (await this.take(end + 1)).toString('latin1', 0, end);
      this.rest = Buffer.concat([this.rest, await this.more()]);
    }
  }

  async take(length: number): Promise<Buffer> {
    const parts = [this.rest];
    let have = this.rest.length;
    while (have < length) {
      const chunk = await this.more();
      parts.push(chunk);
      have += chunk.length;
    }
    const all = parts.length === 1 ? this.rest : Buffer.concat(parts, have);
    this.rest = all.subarray(length);
    // A copy: what is kept must not keep the rest of its chunk.
    return Buffer.from(all.subarray(0, length));
  }

  private async more(): Promise<Buffer> {
    const next = await this.chunks.next();
    if (next.done === true) throw new Error('git cat-file ended too soon.');
    return next.value;
  }
}
