import * as l10n from '@vscode/l10n';
import { existsSync, lstatSync, readdirSync, statSync, type Dirent, type Stats } from 'node:fs';
import { ObbyError } from '../base/errors';
import { stampOf, type FileStamp } from '../model/stamp';
import { isRuleFile, type Rules } from '../rules/rules';
import { parseTemporaryName } from '../rules/temporaryName';

/** A file that may have changed. */
export interface FoundFile {
  /** Relative to the workspace folder, with `/`. */
  readonly path: string;
  readonly stamp: FileStamp | undefined;
  /** When the file, its name included, last changed in any way; ms since the epoch. */
  readonly changedMs: number;
  /** For {@link FolderSnapshot.settle}. */
  readonly signature: StatSignature;
  /** Its content is that of another file. */
  readonly isLink?: true;
}

/** What the comparison of one folder found. */
export interface FolderDifferences {
  readonly folder: string;
  /** The previous comparison did not find the folder. */
  readonly isNew: boolean;
  /** Watched files, and anything at the paths of rule files, that may have changed. */
  readonly found: readonly FoundFile[];
  /** The number of unchanged watched files. */
  readonly unchanged: number;
  /** Settled files that no longer exist. */
  readonly gone: readonly string[];
  /** The folder has files that a restore makes for a short time. */
  readonly hasTemporary?: true;
}

export interface CompareOptions {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  /** The folder to compare, relative to the root; `''` for all of it. */
  readonly from: string;
  readonly rules: Rules;
  /** ms since the epoch. */
  readonly now: number;
  /** A folder or file that could not be read; the comparison continues. */
  readonly onError: (path: string, error: unknown) => void;
}

/**
 * The state of a file as plain numbers, so that comparing two states allocates nothing. Times are exact to a quarter of
 * a microsecond, far finer than the age from which a state is trusted.
 */
interface StatSignature {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
}

interface KnownFolder {
  readonly files: Map<string, StatSignature>;
  /** The last comparison that found the folder. */
  pass: number;
}

/**
 * Remembers the states of files that are in the history, so that a comparison costs only one `lstat` per file while
 * nothing changes. Synchronous, because in a worker thread a thousand awaited `stat`s cost more than the files
 * themselves; one step per folder, so that the caller decides when to pause.
 */
export class FolderSnapshot {
  private readonly folders = new Map<string, KnownFolder>();
  private pass = 0;

  /** Whether the file is settled and was not found changed since. */
  has(path: string): boolean {
    const { folder, name } = split(path);
    return this.folders.get(folder)?.files.has(name) === true;
  }

  /** The file is not found again before its state differs from this one. */
  settle({ path, stamp, signature }: FoundFile): void {
    const { folder, name } = split(path);
    // A file without a stamp is so fresh that it could change again with the same state.
    if (stamp !== undefined) this.folders.get(folder)?.files.set(name, signature);
  }

  /** The next comparison finds the file, even if its state is the same. */
  doubt(path: string): void {
    const { folder, name } = split(path);
    this.folders.get(folder)?.files.delete(name);
  }

  /**
   * Compares the files below a folder. Folders that cannot contain anything watched, and links to folders, are not
   * entered. The last step of a full comparison reports the folders that no longer exist.
   */
  *compare(options: CompareOptions): Generator<FolderDifferences> {
    this.pass++;
    const pending = [options.from];
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
      yield this.lookAt(folder, pending, options);
    }
    if (options.from === '') yield { folder: '', isNew: false, found: [], unchanged: 0, gone: this.takeGone() };
  }

  private lookAt(folder: string, pending: string[], options: CompareOptions): FolderDifferences {
    const { known, isNew } = this.enter(folder);
    const before = known.size;
    const found: FoundFile[] = [];
    /** What took the place of a file is none. */
    const replaced: string[] = [];
    let unchanged = 0;
    let met = 0;
    const entries = entriesOf(folder, options);
    for (const entry of entries) {
      const { name } = entry;
      const path = folder === '' ? name : `${folder}/${name}`;
      const last = known.get(name);
      if (last !== undefined && !isFolder(path, entry)) {
        met++;
        if (isSame(last, statsOf(path, entry, options))) {
          if (!isRuleFile(path) || options.rules.isWatched(path)) unchanged++;
          continue;
        }
        known.delete(name);
      }
      const file = this.newsOf(path, entry, pending, options);
      if (file) found.push(file);
      else if (last !== undefined && !isFolder(path, entry)) replaced.push(path);
    }
    const gone = met === before ? replaced : [...replaced, ...missing(folder, known, entries)];
    const hasTemporary = entries.some(({ name }) => parseTemporaryName(name));
    return { folder, isNew, found, unchanged, gone, ...(hasTemporary && { hasTemporary }) };
  }

  private newsOf(path: string, entry: Dirent, pending: string[], options: CompareOptions): FoundFile | undefined {
    const { rules } = options;
    if (isRuleFile(path)) return found(path, entry, options);
    if (entry.isDirectory()) {
      if (rules.mayContainWatched(path)) pending.push(path);
      return undefined;
    }
    if (!entry.isFile() && !entry.isSymbolicLink()) return undefined;
    return rules.isWatched(path) ? found(path, entry, options) : undefined;
  }

  private enter(folder: string): { readonly known: Map<string, StatSignature>; readonly isNew: boolean } {
    const state = this.folders.get(folder) ?? { files: new Map<string, StatSignature>(), pass: 0 };
    const isNew = state.pass === 0;
    state.pass = this.pass;
    this.folders.set(folder, state);
    return { known: state.files, isNew };
  }

  /** The settled files of folders that this pass did not find. */
  private takeGone(): string[] {
    const gone: string[] = [];
    for (const [folder, { files, pass }] of this.folders) {
      if (pass === this.pass) continue;
      for (const name of files.keys()) gone.push(`${folder}/${name}`);
      this.folders.delete(folder);
    }
    return gone;
  }
}

/** Removes and returns the known files that are no longer in the folder. */
function missing(folder: string, known: Map<string, StatSignature>, entries: readonly Dirent[]): string[] {
  const pathOf = (name: string): string => (folder === '' ? name : `${folder}/${name}`);
  const present = new Set(entries.filter((entry) => !isFolder(pathOf(entry.name), entry)).map(({ name }) => name));
  const names = [...known.keys()].filter((name) => !present.has(name));
  for (const name of names) known.delete(name);
  return names.map(pathOf);
}

/** Anything at the path of a rule file counts as that file, even if that makes it unusable. */
function isFolder(path: string, entry: Dirent): boolean {
  return entry.isDirectory() && !isRuleFile(path);
}

/** Follows a link, except a dangling one of a rule file. */
function statOf(path: string, entry: Dirent, root: string): typeof lstatSync {
  const leadsOn = entry.isSymbolicLink() && (!isRuleFile(path) || existsSync(`${root}/${path}`));
  return leadsOn ? statSync : lstatSync;
}

function found(path: string, entry: Dirent, options: CompareOptions): FoundFile | undefined {
  const { root, now, onError } = options;
  try {
    const stats = statOf(path, entry, root)(`${root}/${path}`, { bigint: true, throwIfNoEntry: false });
    // Bytes that are not UTF-8 were replaced when the name was decoded, so the decoded name finds no file.
    if (!stats && entry.name.includes('\uFFFD')) {
      throw new ObbyError(
        'unreadable',
        l10n.t('{0} cannot be recorded, since its name is not UTF-8. Rename it.', path),
      );
    }
    if (!stats || (!stats.isFile() && !isRuleFile(path))) return undefined;
    const signature = {
      size: Number(stats.size),
      mtimeMs: toMs(stats.mtimeNs),
      ctimeMs: toMs(stats.ctimeNs),
      ino: Number(stats.ino),
    };
    const changedMs = Number(stats.ctimeNs / 1_000_000n);
    return { path, stamp: stampOf(stats, now), changedMs, signature, ...(entry.isSymbolicLink() && { isLink: true }) };
  } catch (error) {
    onError(path, error);
    return undefined;
  }
}

const nsPerSecond = 1_000_000_000n;

/** Milliseconds as Node.js computes them for a `Stats`, exact to the last bit. */
function toMs(ns: bigint): number {
  const seconds = ns / nsPerSecond;
  return Number(seconds) * 1_000 + Number(ns - seconds * nsPerSecond) / 1_000_000;
}

function entriesOf(folder: string, { root, onError }: CompareOptions): Dirent[] {
  try {
    return readdirSync(folder === '' ? root : `${root}/${folder}`, { withFileTypes: true });
  } catch (error) {
    onError(folder, error);
    return [];
  }
}

function statsOf(path: string, entry: Dirent, { root }: CompareOptions): Stats | undefined {
  try {
    return statOf(path, entry, root)(`${root}/${path}`, { throwIfNoEntry: false });
  } catch {
    // `found` has the same error and reports it.
    return undefined;
  }
}

function isSame(signature: StatSignature, stats: Stats | undefined): boolean {
  return (
    stats !== undefined &&
    signature.size === stats.size &&
    signature.mtimeMs === stats.mtimeMs &&
    signature.ctimeMs === stats.ctimeMs &&
    signature.ino === stats.ino
  );
}

function split(path: string): { readonly folder: string; readonly name: string } {
  const cut = path.lastIndexOf('/');
  return cut === -1 ? { folder: '', name: path } : { folder: path.slice(0, cut), name: path.slice(cut + 1) };
}
