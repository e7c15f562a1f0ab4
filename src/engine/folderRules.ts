import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ObbyError } from '../base/errors';
import { Sequencer } from '../base/sequencer';
import type { IgnoreSource, RuleSources } from '../model/ruleSources';
import { identityOf } from '../model/stamp';
import type { VersionRecord } from '../model/version';
import type { Selection } from '../model/historyStore';
import type { ChangeHint } from '../model/changeHint';
import {
  caseOf,
  mayBeIncomplete,
  readRules,
  rereadRules,
  type RuleFileContent,
  type RuleReading,
} from '../rules/readRuleSources';
import { ignoreFileOf, isRuleFile, Rules, watchFile } from '../rules/rules';
import type { KeptRules } from './keptRules';
import { RuleDeletion, type RuleDeletionDeps } from './ruleDeletion';

export interface FolderRulesDeps extends RuleDeletionDeps {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  readonly kept: KeptRules;
  /** Folders whose rule files do not count. */
  readonly reserved: () => readonly string[];
  readonly onChange: (rules: Rules) => void;
  /** Resolves after this many ms. */
  readonly pause: (ms: number) => Promise<void>;
}

interface State extends RuleReading {
  readonly rules: Rules;
  /** Which folder is at the path; see {@link identityOfFolder}. */
  readonly folder: string | undefined;
}

const maxClosed = 100;

const none: RuleSources = { watch: undefined, ignores: [] };
const nothing = new Rules(none);

/**
 * The rules of one workspace folder. When rule files are deleted together with others, the former rules still decide which
 * deletions are recorded and what is ignored, until the deletion is over. The last usable rules are kept with the history.
 */
export class FolderRules {
  private readonly sequencer = new Sequencer();
  /** A load that has not begun. */
  private waiting: Promise<boolean> | undefined;
  private state: State | undefined;
  /** The rules before they changed, until the deletions that came with the change are recorded. */
  private former: State | undefined;
  /** Folders whose deleted ignore files still apply. */
  private lingering: ReadonlySet<string> = new Set();
  private readonly deletion: RuleDeletion;
  /** Rule files whose deletion is recorded, and those that {@link deletedFiles} named last. */
  private recorded = new Set<string>();
  private named: readonly string[] = [];

  constructor(private readonly deps: FolderRulesDeps) {
    this.deletion = new RuleDeletion(deps);
  }

  /** The present rules; nothing is watched before the first {@link load}. */
  get current(): Rules {
    return this.state?.rules ?? nothing;
  }

  /** Folders that are ignored because their ignore file cannot be used, and why; at most 100. */
  get closedFolders(): { readonly path: string; readonly reason: string }[] {
    const closed = [...this.current.closed].slice(0, maxClosed);
    return closed.map(([dir, { message }]) => ({ path: `${dir || '.'}/`, reason: message }));
  }

  get formerRules(): Rules | undefined {
    return this.former?.rules;
  }

  /** Whether the deletion of a file is recorded. */
  isDeletionWatched(path: string): boolean {
    return this.current.isWatched(path) || this.former?.rules.isWatched(path) === true;
  }

  /** Whether a link to this file may be followed: not if the rules exclude the file. */
  mayBeFollowed(path: string): boolean {
    const { reason } = this.current.explain(path);
    return reason === 'listed' || reason === 'not listed' || reason === 'no rules';
  }

  /**
   * Reads the rule files again, twice where one may be half-written; true when the rules have changed. Calls before it
   * begins share it.
   */
  load(): Promise<boolean> {
    this.waiting ??= this.sequencer.run(async () => {
      this.waiting = undefined;
      const before = this.current;
      const known = this.state ?? this.keptState();
      const { root, pause } = this.deps;
      const reading = known
        ? await rereadRules(known.sources, () => this.readFiles(), { root, pause })
        : this.readFiles();
      this.apply(reading, new Set());
      return this.current !== before;
    });
    return this.waiting;
  }

  /** Resolves when every {@link load} so far has ended. */
  settled(): Promise<void> {
    return this.sequencer.settled();
  }

  /** Reads the rule files synchronously; half-written ones are left to the next {@link load}. */
  loadNow(): boolean {
    const before = this.current;
    const reading = this.readFiles();
    const known = this.state?.sources ?? none;
    if (!mayBeIncomplete(known, reading.sources, this.deps.root)) this.apply(reading, new Set());
    return this.current !== before;
  }

  noteRecorded(versions: readonly VersionRecord[]): void {
    if (versions.some(({ kind, path }) => kind === 'deleted' && !isRuleFile(path))) this.deletion.noteDeletion();
  }

  /** Deleted rule files whose last content is recorded before their deletion. */
  deletedFiles(): ChangeHint[] {
    const { former, recorded, deps } = this;
    const gone = [...(former?.files ?? [])].filter(
      ([path, { target }]) =>
        target === undefined &&
        !recorded.has(path) &&
        // Watched ones are in the history already, and ignored ones stay out of it.
        former?.rules.explain(path).reason === 'not listed' &&
        isMissing(join(deps.root, path)),
    );
    this.named = gone.map(([path]) => path);
    return gone.map(([path, { bytes }]) => {
      return { path, cause: 'external', confidence: 'certain', regardless: true, deleted: bytes };
    });
  }

  /**
   * A scan has recorded what it found. True when the deletion is over and the rules have changed with that.
   * @param isAwaited the caller waits for the present rules to apply
   */
  scanned(isAwaited: boolean): boolean {
    for (const path of this.named) this.recorded.add(path);
    this.named = [];
    const { isActive } = this.deletion;
    const isOver = this.deletion.scanned(isAwaited);
    if (!this.former && !isActive) return false;
    // The deletions are recorded: the next start need not compare with the kept rules.
    if (this.current.isEmpty) this.deps.kept.replaced();
    return isOver && this.endEvent();
  }

  /** The rule files to write for a restore of the last rules, ignore files first. */
  restorable(): (readonly [string, Uint8Array])[] {
    if (!this.current.isEmpty) throw new ObbyError('badArgument', `The rules of ${this.deps.root} are in use.`);
    const files = this.deps.kept.value?.files;
    const watch = files?.get(watchFile);
    if (!files || !watch) throw new ObbyError('notFound', `The history of ${this.deps.root} has no earlier rules.`);
    const isWanted = (path: string): boolean => {
      const file = join(this.deps.root, path);
      return path !== watchFile && isMissing(file) && !isMissing(dirname(file));
    };
    return [...[...files].filter(([path]) => isWanted(path)), [watchFile, watch]];
  }

  forget(selection: Selection): void {
    if (this.deps.kept.forget(selection)) this.loadNow();
  }

  /** True when rule files are missing. */
  private apply(reading: RuleReading, over: ReadonlySet<string>): boolean {
    const before = this.state ?? this.keptState();
    const { next, isGone } = this.follow(before, reading, over);
    if (isGone) this.deletion.begin();
    const isChanged = !before || !isDeepStrictEqual(next.sources, before.sources);
    if (!isChanged && this.state) return isGone;
    this.state = next;
    const isSame = before?.folder !== undefined && before.folder === next.folder;
    if (isChanged && isSame && !before.rules.isEmpty) this.former ??= before;
    this.keep(next);
    this.deps.onChange(next.rules);
    return isGone;
  }

  private readFiles(): RuleReading {
    return readRules(this.deps.root, this.deps.reserved());
  }

  private follow(
    before: State | undefined,
    reading: RuleReading,
    over: ReadonlySet<string>,
  ): { readonly next: State; readonly isGone: boolean } {
    const { root, kept } = this.deps;
    const folder = identityOfFolder(root);
    const isSame = before?.folder !== undefined && before.folder === folder;
    const lingering = isSame ? goneIgnores(before, reading, root).filter(({ dir }) => !over.has(dir)) : [];
    this.lingering = new Set(lingering.map(({ dir }) => dir));
    const sources = { ...reading.sources, ignores: [...reading.sources.ignores, ...lingering] };
    const files = new Map(reading.files);
    for (const path of [...this.lingering].map(ignoreFileOf)) {
      const file = before?.files.get(path);
      if (file) files.set(path, file);
    }
    const found = new Rules(sources);
    const canRestore = found.isEmpty && kept.value !== undefined;
    const rules = canRestore ? new Rules({ ...sources, canRestore }) : found;
    const next = { sources: { ...sources, ...(canRestore && { canRestore }) }, files, rules, folder };
    return { next, isGone: lingering.length > 0 || (isSame && isWatchFileGone(before.sources, sources)) };
  }

  private endEvent(): boolean {
    const before = this.current;
    this.deletion.end();
    this.recorded = new Set();
    const isGone = this.apply(this.readFiles(), this.lingering);
    if (!isGone) this.former = undefined;
    return this.current !== before;
  }

  /** Keeps complete rules only. Links are not kept, since their targets are not rule files. */
  private keep({ rules, files, folder }: State): void {
    const isWhole = !rules.isEmpty && rules.closed.size === 0 && [...files.values()].every(({ target }) => !target);
    if (isWhole && folder !== undefined) this.deps.kept.keep(bytesOf(files), folder);
  }

  /** The rules at the end of the last run. */
  private keptState(): State | undefined {
    const { root, kept, reserved } = this.deps;
    if (!kept.value?.areCurrent) return undefined;
    const { files, folder } = kept.value;
    const sources = { ...kept.sources(reserved()), ...caseOf(root) };
    return {
      sources,
      rules: new Rules(sources),
      files: new Map([...files].map(([path, bytes]) => [path, { bytes }])),
      folder,
    };
  }
}

/** In the order in which to write them: ignore files first, then `.obbywatch`. */
export function rulesFirst<T extends { readonly path: string }>(items: readonly T[]): T[] {
  const rankOf = ({ path }: T): number => (path === watchFile ? 1 : isRuleFile(path) ? 0 : 2);
  return [...items].sort((a, b) => rankOf(a) - rankOf(b));
}

function bytesOf(files: ReadonlyMap<string, RuleFileContent>): Map<string, Uint8Array> {
  return new Map([...files].map(([path, { bytes }]) => [path, bytes]));
}

/** Ignore files that are missing while their folders exist. */
function goneIgnores(before: State, { sources }: RuleReading, root: string): IgnoreSource[] {
  const present = new Set(sources.ignores.map(({ dir }) => dir));
  return before.sources.ignores.filter(
    ({ dir, text, fault }) =>
      (fault !== undefined || text.trim() !== '') &&
      !present.has(dir) &&
      isMissing(join(root, ignoreFileOf(dir))) &&
      !isMissing(join(root, dir)),
  );
}

function isWatchFileGone(before: RuleSources, { watch, watchFault }: RuleSources): boolean {
  return before.watch !== undefined && watch === undefined && watchFault === undefined;
}

/** False for a path that cannot be read. */
function isMissing(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

/** Distinguishes a folder from another at its path, such as a mount point without its disk. */
function identityOfFolder(path: string): string | undefined {
  try {
    return identityOf(lstatSync(path, { bigint: true }));
  } catch {
    return undefined;
  }
}
