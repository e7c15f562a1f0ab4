import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A mounted file system, until it is unmounted. */
export interface TestMount {
  /** Absolute path. */
  readonly path: string;
  unmount(): void;
}

/** A disk that ignores case: NTFS by Debian's `ntfs-3g`. Throws where it cannot be mounted. */
export function mountCaseBlind(): TestMount {
  return mount((base, path) => {
    const image = join(base, 'image');
    run('truncate', '-s', '64M', image);
    run('mkntfs', '-q', '-F', image);
    run('lowntfs-3g', '-o', 'ignore_case', image, path);
  });
}

/** A folder in which another one appears, without events for what changes there, by Debian's `bindfs`. */
export function mountEventless(source: string): TestMount {
  return mount((_base, path) => run('bindfs', source, path));
}

function mount(make: (base: string, path: string) => void): TestMount {
  const base = mkdtempSync(join(tmpdir(), 'obby-mount-'));
  const path = join(base, 'mount');
  mkdirSync(path);
  try {
    make(base, path);
  } catch (error) {
    rmSync(base, { recursive: true });
    throw error;
  }
  return {
    path,
    unmount: () => {
      run('umount', path);
      rmSync(base, { recursive: true });
    },
  };
}

function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
