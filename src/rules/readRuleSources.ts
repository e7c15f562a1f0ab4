import * as l10n from '@vscode/l10n';
import {
  existsSync,
  lstatSync,
  readdirSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import { join, isAbsolute, relative, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { errnoOf, messageOf } from '../base/errors';
import type { IgnoreSource, RuleSources } from '../model/ruleSources';
import { isCaseBlindIn } from './caseBlind';
import { ruleText } from './ruleFile';
import { ignoreFileOf, Rules, watchFile } from './rules';

/** A person does not write more rule files than this. */
const maxIgnoreFiles = 1_000;

/** The rule files of a folder as they were read. */
export interface RuleReading {
  readonly sources: RuleSources;
  /** The files that could be read, by path. */
  readonly files: ReadonlyMap<string, RuleFileContent>;
}

/**
 * Reads a workspace folder's rule files: both at its root, and `.obbyignore` in every folder that may contain a watched
 * file. A missing file is no error. A file that cannot be read has a fault: without `.obbywatch` nothing is watched,
 * and an unusable `.obbyignore` ignores its folder.
 * @param reserved folders in which nothing is watched, so that their rule files do not count
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
  const sources = { ...readWatchFile(root, files), ignores, reserved, ...caseOf(root) };
  let rules = new Rules(sources);
  // Level by level: which folders are entered depends on the ignore files above, and the rules are built once per
  // level.
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

/** How the disk of a folder compares names. */
export function caseOf(root: string): Pick<RuleSources, 'isCaseBlind'> {
  try {
    return isCaseBlindIn(root) === true ? { isCaseBlind: true } : {};
  } catch {
    return {};
  }
}

/** A program that rewrites a rule file has finished by then. */
const rewrittenMs = 100;
const maxReads = 5;

/**
 * Reads the rules again. A file that is being rewritten is missing, empty or truncated for a short time, in which what
 * it ignores must not be recorded. So a state that may be such an interim state is accepted only when a later read
 * shows the same.
 */
export async function rereadRules(
  before: RuleSources,
  read: () => RuleReading,
  { root, pause }: { readonly root: string; readonly pause: (ms: number) => Promise<void> },
): Promise<RuleReading> {
  let reading = read();
  for (let reads = 1; reads < maxReads && mayBeIncomplete(before, reading.sources, root); reads++) {
    await pause(rewrittenMs);
    const again = read();
    const isSteady = isDeepStrictEqual(again.sources, reading.sources);
    reading = again;
    if (isSteady) break;
  }
  return reading;
}

/** Whether a rule file may have been read while it was being written. */
export function mayBeIncomplete(before: RuleSources, now: RuleSources, root: string): boolean {
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

/** Whether a text may be an interim state of a file that is being written. */
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

/** A folder that cannot be listed may contain ignore files, so it has a fault. */
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

export interface RuleFileContent {
  readonly bytes: Uint8Array;
  /** The target if it is a link, relative to the workspace folder, with `/`. */
  readonly target?: string;
}

/** `fault`: why it cannot be read and what to do; continues a sentence that begins with its name. */
type RuleFileOnDisk = RuleFileContent | { readonly fault: string };

const maxBytes = 1_000_000;

/** Windows has neither these flags nor the risks that they exclude. */
const { O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants as { readonly O_NONBLOCK?: number; readonly O_NOFOLLOW?: number };

/**
 * Reads a rule file; undefined when nothing is at its path. A link is followed to a file in the same workspace folder.
 */
function readRuleFile(root: string, path: string): RuleFileOnDisk | undefined {
  const file = join(root, path);
  try {
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    return stats.isSymbolicLink() ? readLinked(root, path) : readRegular(file, stats, path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    return { fault: l10n.t('{0} cannot be read ({1}). Check its permissions.', path, messageOf(error)) };
  }
}

function readLinked(root: string, path: string): RuleFileOnDisk {
  const real = targetOf(join(root, path));
  if (real === undefined)
    return { fault: l10n.t('{0} is a link that leads to no file. Put a file in its place.', path) };
  const way = relative(realpathSync.native(root), real);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) {
    return { fault: l10n.t('{0} is a link that leads out of the workspace folder. Put a file in its place.', path) };
  }
  const read = readRegular(real, lstatSync(real), path);
  return 'fault' in read ? read : { ...read, target: way.replaceAll(sep, '/') };
}

/** Undefined for a dangling or circular link. */
function targetOf(link: string): string | undefined {
  try {
    return realpathSync.native(link);
  } catch (error) {
    if (isMissing(error) || errnoOf(error) === 'ELOOP') return undefined;
    throw error;
  }
}

/** A pipe is not opened, because that would wait for its other end. */
function readRegular(file: string, found: Stats, path: string): RuleFileOnDisk {
  if (!found.isFile()) return notFile(found, path);
  const descriptor = openSync(file, constants.O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return notFile(stats, path);
    const bytes = readAll(descriptor);
    if (bytes.length <= maxBytes) return { bytes };
    return { fault: l10n.t('{0} has more than {1} bytes. Shorten it.', path, maxBytes) };
  } finally {
    closeSync(descriptor);
  }
}

function notFile(stats: Stats, path: string): RuleFileOnDisk {
  const fault = stats.isDirectory()
    ? l10n.t('{0} is a folder. Delete it, or put a file in its place.', path)
    : l10n.t('{0} is no regular file. Delete it, or put a file in its place.', path);
  return { fault };
}

/** Reads at most one byte more than the limit, even if the file grows. */
function readAll(descriptor: number): Buffer {
  const chunks: Buffer[] = [];
  let left = maxBytes + 1;
  while (left > 0) {
    const chunk = Buffer.allocUnsafe(Math.min(left, 65_536));
    const count = readSync(descriptor, chunk, 0, chunk.length, null);
    if (count === 0) break;
    chunks.push(chunk.subarray(0, count));
    left -= count;
  }
  return Buffer.concat(chunks);
}

/** A parent folder may be missing too, or be a file by now. */
function isMissing(error: unknown): boolean {
  const code = errnoOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
