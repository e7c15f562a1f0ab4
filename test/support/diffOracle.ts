import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A file before and after a change; undefined where it does not exist. */
export interface FileChange {
  /** Relative, with `/`. */
  readonly path: string;
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array | undefined;
}

/** Lines added and removed; undefined for a change of a binary file. */
export type Numstat = { readonly added: number; readonly removed: number } | undefined;

/** Thousands of files are made: in memory where the system has files there. */
const temporary = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Applies a patch of many files with `git apply`; what became of each file, undefined if it is gone. */
export function gitApply(changes: readonly FileChange[], patch: Uint8Array | string): (Buffer | undefined)[] {
  return apply(changes, (folder) => run('git', ['apply', '--whitespace=nowarn', '-'], folder, patch));
}

/** The same with `patch -p1`. */
export function patchApply(changes: readonly FileChange[], patch: Uint8Array | string): (Buffer | undefined)[] {
  return apply(changes, (folder) =>
    run('patch', ['-p1', '--batch', '--fuzz=0', '--no-backup-if-mismatch'], folder, patch),
  );
}

/** What `git diff --numstat` says of each change. */
export function gitNumstat(changes: readonly FileChange[], ...options: string[]): Numstat[] {
  return inFolder((folder) => {
    write(join(folder, 'old'), changes, 'before');
    write(join(folder, 'new'), changes, 'after');
    const output = run(
      'git',
      ['diff', '--no-index', '--numstat', '--no-renames', '-z', ...options, 'old', 'new'],
      folder,
    );
    // For each file: "added, tab, removed, tab", its old name and its new one, or /dev/null; each ends with a NUL.
    const fields = output.toString().split('\0');
    const found = new Map<string, Numstat>();
    for (let at = 0; at + 2 < fields.length; at += 3) {
      const [added, removed] = (fields[at] ?? '').split('\t');
      const path = fields[at + 2] === '/dev/null' ? fields[at + 1] : fields[at + 2];
      found.set(
        (path ?? '').replace(/^(old|new)\//, ''),
        added === '-' ? undefined : { added: Number(added), removed: Number(removed) },
      );
    }
    return changes.map(({ path }) => (found.has(path) ? found.get(path) : { added: 0, removed: 0 }));
  });
}

/** The lines of `git diff` that name the files of a change. */
export function gitFileNames({ path, before, after }: FileChange): string[] {
  return inFolder((folder) => {
    run('git', ['init', '--quiet', '--template='], folder);
    write(folder, [{ path, before, after }], 'before');
    run('git', ['add', '--all'], folder);
    if (after) write(folder, [{ path, before, after }], 'after');
    else rmSync(join(folder, path));
    if (!before) run('git', ['add', '--intent-to-add', '--all'], folder);
    const lines = run('git', ['diff'], folder).toString().split('\n');
    return lines.filter((line) => line.startsWith('--- ') || line.startsWith('+++ ')).slice(0, 2);
  });
}

function apply(changes: readonly FileChange[], patch: (folder: string) => void): (Buffer | undefined)[] {
  return inFolder((folder) => {
    write(folder, changes, 'before');
    patch(folder);
    return changes.map(({ path }) => (existsSync(join(folder, path)) ? readFileSync(join(folder, path)) : undefined));
  });
}

function write(folder: string, changes: readonly FileChange[], side: 'before' | 'after'): void {
  mkdirSync(folder, { recursive: true });
  for (const change of changes) {
    const bytes = change[side];
    if (!bytes) continue;
    mkdirSync(dirname(join(folder, change.path)), { recursive: true });
    writeFileSync(join(folder, change.path), bytes);
  }
}

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(temporary, 'obby-diff-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without anybody's settings. `git diff --no-index` ends with 1 when there is a difference. */
function run(tool: string, args: string[], folder: string, input: Uint8Array | string = ''): Buffer {
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CEILING_DIRECTORIES: dirname(folder),
  };
  const { error, status, stdout, stderr } = spawnSync(tool, args, { cwd: folder, input, env, maxBuffer: 2 ** 30 });
  if (error) throw new Error(`These tests need ${tool}: install it.`, { cause: error });
  const isDifference = status === 1 && args.includes('--no-index');
  if (status !== 0 && !isDifference)
    throw new Error(`${tool} ${args.join(' ')} failed:\n${stdout.toString()}${stderr.toString()}`);
  return stdout;
}
