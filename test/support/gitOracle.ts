import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Ignore files, the folders that exist, and the paths to ask about; all relative, with `/`. */
export interface OracleCase {
  readonly ignores: readonly { readonly dir: string; readonly text: string }[];
  /** A path that is no folder here is asked about as a file. */
  readonly folders: readonly string[];
  readonly paths: readonly string[];
}

/** The line that decides about a path. */
export interface OracleMatch {
  /** The folder of the ignore file. */
  readonly dir: string;
  /** 1-based. */
  readonly line: number;
  readonly negated: boolean;
}

/** A rule line without its `!`, so that git says whether it matches. */
export function withoutNegation(line: string): string {
  return line.startsWith('!') ? line.slice(1).replace(/^[!#]/, '\\$&') : line;
}

/** Since this release `**` right after text is a `*`; before, it crossed folders as the first wildcard of a pattern. */
const currentGit = [2, 52] as const;

/** A line up to its first wildcard, if that is two or more stars right after text. */
const starsAfterText = /^(\ufeff?!?[^*?[\\]*[^/*?[\\])\*{2,}/;
/** No text before the stars: only the mark of a file, or a negation. */
const noText = /^\ufeff?!?$/;

/** A rule file in the words in which an older git reads that one kind of pattern as the newest does. */
function forOlderGit(text: string): string {
  const rewritten = (line: string): string =>
    line.replace(starsAfterText, (all, before: string) => (noText.test(before) ? all : `${before}*`));
  return text.split('\n').map(rewritten).join('\n');
}

/** Thousands of folders are made: in memory where the system has files there. */
const temporary = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Asks git which line of which `.gitignore` decides about paths; many cases take one process. */
export class GitOracle {
  private readonly root = mkdtempSync(join(temporary, 'obby-git-'));
  private readonly isOld: boolean;
  private count = 0;

  constructor({ ignoresCase = false } = {}) {
    this.git(['init', '--quiet', '--template=']);
    this.git(['config', 'core.ignoreCase', String(ignoresCase)]);
    const [major = 0, minor = 0] = (/\d+\.\d+/.exec(this.git(['version']))?.[0] ?? '').split('.').map(Number);
    this.isOld = major < currentGit[0] || (major === currentGit[0] && minor < currentGit[1]);
  }

  /** For each case, for each of its paths: the deciding line, or undefined. */
  ask(cases: readonly OracleCase[]): (OracleMatch | undefined)[][] {
    const placed = cases.map((one) => ({ ...one, place: this.place(one) }));
    const input = placed.flatMap(({ place, paths }) => paths.map((path) => `${place}/${path}\0`)).join('');
    const answers = this.check(input);
    return placed.map(({ place, paths }) => paths.map(() => toMatch(place, answers.splice(0, 4))));
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Each case has a folder of its own, which its patterns are relative to. */
  private place({ ignores, folders }: OracleCase): string {
    const place = `case${this.count++}`;
    for (const folder of folders) mkdirSync(join(this.root, place, folder), { recursive: true });
    for (const { dir, text } of ignores) {
      const file = join(this.root, place, dir, '.gitignore');
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, this.isOld ? forOlderGit(text) : text);
    }
    return place;
  }

  /** Four fields a path: source, line, pattern, path. */
  private check(input: string): string[] {
    if (input === '') return [];
    const output = this.git(['check-ignore', '--no-index', '--stdin', '-z', '--verbose', '--non-matching'], input);
    const fields = output.split('\0');
    fields.pop();
    return fields;
  }

  private git(args: string[], input = ''): string {
    try {
      return execFileSync('git', args, {
        cwd: this.root,
        input,
        encoding: 'utf8',
        maxBuffer: 1024 * 1024 * 1024,
        env: { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', HOME: this.root },
      });
    } catch (error) {
      // Its exit status is 1 when nothing at all is ignored.
      const { status, stdout } = error as { status?: number; stdout?: string };
      if (status === 1 && args[0] === 'check-ignore' && stdout !== undefined) return stdout;
      throw error;
    }
  }
}

function toMatch(place: string, [source = '', line = '', pattern = '', path = '']: string[]): OracleMatch | undefined {
  if (!path.startsWith(`${place}/`)) throw new Error(`Git answered about ${path}, which is not in ${place}.`);
  if (source === '') return undefined;
  return {
    dir: source.slice(place.length + 1, -'/.gitignore'.length),
    line: Number(line),
    negated: pattern.startsWith('!'),
  };
}
