import * as l10n from '@vscode/l10n';
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { errnoOf, messageOf } from '../base/errors';
import type { IgnoreSource, RuleSources } from '../model/ruleSources';
import { readRuleFile, type RuleFileContent } from './ruleFileOnDisk';
import { ruleText } from './ruleText';
import { ignoreFileOf, Rules, watchFile } from './rules';

/** More rule files than this are not a person's. */
const maxIgnoreFiles = 1_000;

/** Rule files as they were read. */
export interface RuleReading {
  readonly sources: RuleSources;
  /** Those that could be read, by path. */
  readonly files: ReadonlyMap<string, RuleFileContent>;
}

/**
 * Reads a workspace folder's rule files: both at its root, and `.obbyignore` in every folder that may hold a watched
 * file. A missing file is no error. One that cannot be read has a fault: without `.obbywatch` nothing is watched, and
 * an unusable `.obbyignore` ignores its folder.
 * @param reserved folders whose rule files have no say, since nothing in them is watched
 */
export function readRules(root: string, reserved: readonly string[]): RuleReading {
  const files = new Map<string, RuleFileContent>();
  const ignores: IgnoreSource[] = [];
  const take = (dir: string): void => {
    const source = ignores.length < maxIgnoreFiles ? readIgnoreFile(root, dir, files) : tooMany(root, dir);
    if (source) ignores.push(source);
  };
  const foldersIn = (dir: string): string[] => {
    const { names, fault } = listFolders(root, dir);
    if (fault !== undefined) ignores.push({ dir, text: '', fault });
    return dir === '' ? names : names.map((name) => `${dir}/${name}`);
  };
  take('');
  const sources = { ...readWatchFile(root, files), ignores, reserved };
  let rules = new Rules(sources);
  // Level by level: what lies in a folder depends on the ignore files above it, and rules are built once a level.
  let level = rules.isEmpty ? [] : foldersIn('');
  while (level.length > 0) {
    const entered = level.filter((folder) => rules.mayContainWatched(folder));
    const known = ignores.length;
    entered.forEach(take);
    if (ignores.length > known) rules = new Rules(sources);
    level = entered.filter((folder) => rules.mayContainWatched(folder)).flatMap(foldersIn);
  }
  const links = [...files.values()].flatMap(({ target }) => target ?? []);
  return { sources: links.length > 0 ? { ...sources, links } : sources, files };
}

/** By then whoever writes a rule file anew is done with it. */
const rewrittenMs = 100;
const maxLooks = 5;

/**
 * Reads the rules again. A file that is being written anew is gone, empty or cut short for an instant, in which what it
 * ignores must not be recorded: what may be such an instant is believed when it is still so a moment later.
 */
export async function rereadRules(
  before: RuleSources,
  read: () => RuleReading,
  { root, pause }: { readonly root: string; readonly pause: (ms: number) => Promise<void> },
): Promise<RuleReading> {
  let reading = read();
  for (let looks = 1; looks < maxLooks && mayBeUnderWay(before, reading.sources, root); looks++) {
    await pause(rewrittenMs);
    const again = read();
    const isSteady = isDeepStrictEqual(again.sources, reading.sources);
    reading = again;
    if (isSteady) break;
  }
  return reading;
}

/** Whether a rule file may have been read in the middle of being written. */
export function mayBeUnderWay(before: RuleSources, now: RuleSources, root: string): boolean {
  if (mayBeHalf(before.watch, now.watch) && now.watchFault === undefined && existsSync(root)) return true;
  const texts = textsOf(before);
  const present = textsOf(now);
  return [...new Set([...texts.keys(), ...present.keys()])].some(
    (dir) => mayBeHalf(texts.get(dir), present.get(dir)) && existsSync(join(root, dir)),
  );
}

function textsOf({ ignores }: RuleSources): Map<string, string> {
  return new Map(ignores.map(({ dir, text }) => [dir, text]));
}

/** Whether a file that changed may be in the middle of being written. */
function mayBeHalf(before: string | undefined, now: string | undefined): boolean {
  if (before === now) return false;
  if (!now?.endsWith('\n')) return true;
  const lines = new Set(now.split('\n'));
  return before?.split('\n').some((line) => !lines.has(line)) === true;
}

function readWatchFile(root: string, files: Map<string, RuleFileContent>): Pick<RuleSources, 'watch' | 'watchFault'> {
  const read = readRuleFile(root, watchFile);
  if (read === undefined) return { watch: undefined };
  if ('fault' in read) return { watch: undefined, watchFault: read.fault };
  files.set(watchFile, read);
  return { watch: ruleText(read.bytes) };
}

function readIgnoreFile(root: string, dir: string, files: Map<string, RuleFileContent>): IgnoreSource | undefined {
  const path = ignoreFileOf(dir);
  const read = readRuleFile(root, path);
  if (read === undefined) return undefined;
  if ('fault' in read) return { dir, text: '', fault: read.fault };
  files.set(path, read);
  return { dir, text: ruleText(read.bytes) };
}

function tooMany(root: string, dir: string): IgnoreSource | undefined {
  const path = ignoreFileOf(dir);
  if (!mayExist(join(root, path))) return undefined;
  const fault = l10n.t(
    '{0} is not read, since there are more than {1} ignore files. Delete some.',
    path,
    maxIgnoreFiles,
  );
  return { dir, text: '', fault };
}

function mayExist(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** What lies in a folder that cannot be listed is unknown, ignore files among it. */
function listFolders(root: string, dir: string): { readonly names: string[]; readonly fault?: string } {
  try {
    const entries = readdirSync(join(root, dir), { withFileTypes: true });
    return { names: entries.filter((entry) => entry.isDirectory()).map(({ name }) => name) };
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { names: [] };
    const why = messageOf(error);
    const fault =
      dir === ''
        ? l10n.t('The workspace folder cannot be listed ({0}). Check its permissions.', why)
        : l10n.t('The folder {0} cannot be listed ({1}). Check its permissions.', dir, why);
    return { names: [], fault };
  }
}
