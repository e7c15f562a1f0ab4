import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from '../model/errors';
import type { RuleSources } from '../model/rules';
import { Rules } from './rules';

export const watchFile = '.obbywatch';
export const ignoreFile = '.obbyignore';

/** More rule files than this are not a person's: the rest is reported and not used. */
const maxIgnoreFiles = 1_000;
const maxRuleBytes = 1_000_000;

/** Whether a path (relative, with `/`) is a rule file that has a say. */
export function isRuleFile(path: string): boolean {
  return path === watchFile || path === ignoreFile || path.endsWith(`/${ignoreFile}`);
}

/**
 * Reads a workspace folder's rule files: both at its root, and `.obbyignore` in every folder that may hold a watched
 * file. A missing file is no error. One that cannot be read is reported, and nothing is recorded that it might have
 * excluded: an unreadable `.obbywatch` watches nothing, an unreadable `.obbyignore` ignores its folder.
 */
export function readRuleSources(root: string, onError: (path: string, error: unknown) => void): RuleSources {
  const readIgnore = (path: string) => readIfThere(root, path, '*', onError);
  const rootIgnore = readIgnore(ignoreFile);
  const ignores = rootIgnore === undefined ? [] : [{ dir: '', text: rootIgnore }];
  const sources = { watch: readIfThere(root, watchFile, undefined, onError), ignores };
  let rules = new Rules(sources);
  if (rules.isEmpty) return sources;
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const entries = foldersAndIgnore(root, folder, onError);
    if (folder !== '' && entries.hasIgnore) {
      const text = readIgnore(`${folder}/${ignoreFile}`);
      if (ignores.length >= maxIgnoreFiles) {
        onError(`${folder}/${ignoreFile}`, new Error(`more than ${maxIgnoreFiles} ignore files; this one is not used`));
      } else if (text !== undefined) {
        ignores.push({ dir: folder, text });
        rules = new Rules(sources);
      }
    }
    const below = entries.folders.map((name) => (folder === '' ? name : `${folder}/${name}`));
    pending.push(...below.filter((path) => rules.mayContainWatched(path)));
  }
  return sources;
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

function foldersAndIgnore(root: string, folder: string, onError: (path: string, error: unknown) => void) {
  try {
    const entries = readdirSync(join(root, folder), { withFileTypes: true });
    return {
      folders: entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name),
      hasIgnore: entries.some((entry) => entry.name === ignoreFile && entry.isFile()),
    };
  } catch (error) {
    onError(folder, error);
    return { folders: [], hasIgnore: false };
  }
}
