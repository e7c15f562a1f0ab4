import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from '../model/errors';
import type { RuleSources } from '../model/rules';
import { ignoreFile, Rules, watchFile } from './rules';

/** More rule files than this are not a person's. */
const maxIgnoreFiles = 1_000;
const maxRuleBytes = 1_000_000;

/** Whether a path (relative, with `/`) is a rule file that has a say. */
export function isRuleFile(path: string): boolean {
  return path === watchFile || path === ignoreFile || path.endsWith(`/${ignoreFile}`);
}

/**
 * Reads a workspace folder's rule files: both at its root, and `.obbyignore` in every folder that may hold a watched
 * file. A missing file is no error. One that cannot be used is reported, and nothing is recorded that it might have
 * excluded: without `.obbywatch` nothing is watched, and an unusable `.obbyignore` ignores its folder.
 * @param reserved folders whose rule files have no say, since nothing in them is watched
 */
export function readRuleSources(
  root: string,
  reserved: readonly string[],
  onError: (path: string, error: unknown) => void,
): RuleSources {
  const readIgnore = (path: string) => readIfThere(root, path, '*', onError);
  const rootIgnore = readIgnore(ignoreFile);
  const ignores = rootIgnore === undefined ? [] : [{ dir: '', text: rootIgnore }];
  const sources = { watch: readIfThere(root, watchFile, undefined, onError), ignores, reserved };
  let rules = new Rules(sources);
  // Level by level: what lies in a folder depends on the ignore files above it, and rules are built once a level.
  let level = rules.isEmpty ? [] : foldersIn(root, '', onError);
  while (level.length > 0) {
    const entered = level.filter((folder) => rules.mayContainWatched(folder));
    const known = ignores.length;
    for (const dir of entered) {
      const text = ignores.length < maxIgnoreFiles ? readIgnore(`${dir}/${ignoreFile}`) : tooMany(dir, onError);
      if (text !== undefined) ignores.push({ dir, text });
    }
    if (ignores.length > known) rules = new Rules(sources);
    level = entered.filter((folder) => rules.mayContainWatched(folder)).flatMap((dir) => foldersIn(root, dir, onError));
  }
  return sources;
}

/** By then whoever writes a rule file anew is done with it. */
const rewrittenMs = 100;

/**
 * Reads them again. A file that is being written anew is empty or gone for an instant, in which what it ignores must
 * not be recorded: what would ignore less is believed when it is still so a moment later.
 */
export function rereadRuleSources(
  before: RuleSources,
  read: () => RuleSources,
  { root, pause = sleep }: { readonly root: string; readonly pause?: (ms: number) => void },
): RuleSources {
  const now = read();
  const texts = new Map(now.ignores.map(({ dir, text }) => [dir, text.trim()]));
  const mayBeUnderWay = before.ignores.some(
    ({ dir, text }) => text.trim() !== '' && !texts.get(dir) && existsSync(join(root, dir)),
  );
  if (!mayBeUnderWay) return now;
  pause(rewrittenMs);
  return read();
}

/** Blocks the thread, which is the worker's: nobody may look at files by rules that are half read. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function tooMany(dir: string, onError: (path: string, error: unknown) => void): string {
  onError(dir, new Error(`it lies behind more than ${maxIgnoreFiles} ignore files, so nothing in it is watched`));
  return '*';
}

function readIfThere(
  root: string,
  path: string,
  unreadable: string | undefined,
  onError: (path: string, error: unknown) => void,
): string | undefined {
  try {
    // A pipe under this name would block the reader for ever.
    const stats = statSync(join(root, path));
    if (!stats.isFile()) throw new Error('it is not a file');
    if (stats.size > maxRuleBytes) throw new Error(`it has more than ${maxRuleBytes} bytes`);
    return readFileSync(join(root, path), 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    onError(path, error);
    return unreadable;
  }
}

function foldersIn(root: string, folder: string, onError: (path: string, error: unknown) => void): string[] {
  try {
    const entries = readdirSync(join(root, folder), { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    return folder === '' ? names : names.map((name) => `${folder}/${name}`);
  } catch (error) {
    onError(folder, error);
    return [];
  }
}
