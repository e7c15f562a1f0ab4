import type { Stats } from 'node:fs';
import { join } from 'node:path';
import type { CauseSpan } from '../../model/changeHint';
import { delay, type Clock } from '../../base/clock';
import { maskSecrets } from '../../base/secrets/maskSecrets';
import { causeTextLimits, type CauseDetail, type GitOperation } from '../../model/version';
import { GitFiles } from './gitFiles';

/** How much of the log's end is read, and how many operations are remembered. */
const tailBytes = 16_384;
const maxEntries = 20;
/** The name of a branch, or a hash. */
const maxHeadBytes = 1_000;
/** A younger lock may be that of a status query, which writes no files. */
const briefMs = 300;
/** The log is written within this time after the index, if there is anything to log. */
const logLateMs = 100;
const askAgainMs = 10;
/** An older lock was left behind. */
const staleMs = 10 * 60_000;
/** Git's files are read at most this often; thousands of queries may come within this time. */
const updateEveryMs = 100;
/** The precision of the log's times. */
const secondMs = 1_000;

/**
 * The recent git operations in the working tree of a folder, read from git's log of HEAD and the lock that git holds
 * meanwhile. git is not run, and any program may have run it. Throws when its files cannot be read.
 */
export class GitOperations {
  private gitDir: string | undefined;
  private updatedAt = 0;
  private readonly known = new Map<string, CauseSpan>();
  private running: CauseSpan | undefined;
  private lastLog = '';
  private lastStash: number | undefined;
  private lastHead: string | undefined;

  constructor(
    private readonly root: string,
    private readonly files = new GitFiles(),
  ) {}

  /** The finished and running operations up to now (ms), newest last. */
  lately(now: number): readonly CauseSpan[] {
    if (now - this.updatedAt >= updateEveryMs) {
      this.updatedAt = now;
      this.gitDir ??= this.files.gitDirOf(this.root);
      if (this.gitDir !== undefined) this.update(this.gitDir, now);
    }
    return this.running ? [...this.known.values(), this.running] : [...this.known.values()];
  }

  /**
   * Resolves when a running git operation is logged, or has run long enough to be recognized without the log: git
   * writes the files first and its log last.
   */
  async settled(clock: Clock): Promise<void> {
    this.updatedAt = 0;
    // The wait is counted, because the clock may be set back meanwhile.
    for (let waited = 0; waited < briefMs && this.isUnsettled(clock.now()); waited += askAgainMs) {
      await delay(clock, askAgainMs);
    }
  }

  private isUnsettled(now: number): boolean {
    this.gitDir ??= this.files.gitDirOf(this.root);
    if (this.gitDir === undefined) return false;
    const lock = this.files.stat(join(this.gitDir, 'index.lock'));
    if (lock) return isWithin(briefMs, now - startOf(lock));
    const index = this.files.stat(join(this.gitDir, 'index'));
    const log = this.files.stat(join(this.gitDir, 'logs', 'HEAD'));
    return index !== undefined && isWithin(logLateMs, now - index.ctimeMs) && (log?.mtimeMs ?? 0) < startOf(index);
  }

  private update(gitDir: string, now: number): void {
    const lock = this.files.stat(join(gitDir, 'index.lock'));
    const log = this.files.stat(join(gitDir, 'logs', 'HEAD'));
    const began = this.beganAt(gitDir);
    const from = lock?.isFile() ? startOf(lock) : now;
    if (now - from >= briefMs && now - from < staleMs) {
      this.running ??= { id: idOf(from), cause: 'git', causeDetail: {}, from };
    }
    const stashed = this.stashTime(gitDir);
    const isStash = this.lastStash !== undefined && stashed !== this.lastStash;
    const state = log ? `${log.size} ${log.mtimeMs}` : '';
    if (log?.isFile() && state !== this.lastLog) this.readLog(gitDir, log, { began, isStash });
    else if (isStash) this.add({ operation: 'stash' }, began, stashed);
    else if (!log) this.compareHead(gitDir, began);
    this.lastLog = state;
    this.lastStash = stashed;
    if (!lock) this.running = undefined;
  }

  private readLog(
    gitDir: string,
    log: Stats,
    { began, isStash }: { readonly began: number; readonly isStash: boolean },
  ): void {
    const { text, from: start } = this.files.tail(join(gitDir, 'logs', 'HEAD'), tailBytes) ?? { text: '', from: 0 };
    const entries = parseReflog(text, start).slice(-maxEntries);
    entries.forEach((entry, index) => {
      const isLast = index === entries.length - 1;
      const to = isLast ? log.mtimeMs : Math.min((entry.seconds + 1) * secondMs, log.mtimeMs);
      const from = isLast ? began : entry.seconds * secondMs;
      const detail = isLast && isStash ? { operation: 'stash' as const } : detailOf(entry);
      const id = `${idOf(entry.seconds)}x${entry.end.toString(36)}`;
      if (detail) this.add(detail, from, to, { id, isLast });
    });
  }

  /** In a repository without logs, only the change of HEAD is visible. */
  private compareHead(gitDir: string, began: number): void {
    const file = join(gitDir, 'HEAD');
    const stat = this.files.stat(file);
    const text = this.files.text(file, maxHeadBytes);
    const head = text === undefined ? undefined : nameOfHead(text);
    const before = this.lastHead;
    this.lastHead = head;
    if (!stat || head === undefined || before === undefined || head === before) return;
    this.add({ operation: 'checkout', from: before, to: head }, began, stat.mtimeMs);
  }

  /** Remembers an operation once. The newest continues the one that was seen running. */
  private add(causeDetail: CauseDetail, from: number, to: number, { id = idOf(to), isLast = true } = {}): void {
    if (this.known.has(id)) return;
    const running = isLast && this.running && this.running.from <= to ? this.running : undefined;
    const start = running?.from ?? startWithin(causeDetail, from, to);
    // Earlier operations had ended by then; the log has their end only to the second.
    for (const [other, span] of this.known) {
      if ((span.to ?? to) > start) this.known.set(other, { ...span, to: Math.max(span.from, start) });
    }
    this.known.set(id, { id: running?.id ?? id, cause: 'git', causeDetail, from: start, to });
    if (running) this.running = undefined;
    for (const old of this.known.keys()) {
      if (this.known.size <= maxEntries) break;
      this.known.delete(old);
    }
  }

  /** When the stash last changed: its log is deleted with its last entry, and then its folder has the time. */
  private stashTime(gitDir: string): number {
    const refs = join(gitDir, 'logs', 'refs');
    return (this.files.stat(join(refs, 'stash')) ?? this.files.stat(refs))?.mtimeMs ?? 0;
  }

  /** When git began: the index is created as a lock then. Infinity if unknown. */
  private beganAt(gitDir: string): number {
    const index = this.files.stat(join(gitDir, 'index'));
    return index ? startOf(index) : Infinity;
  }
}

/** Whether a time is at most `age` ago. Times in the future do not count. */
function isWithin(ms: number, age: number): boolean {
  return age >= 0 && age < ms;
}

function idOf(time: number): string {
  return `git${Math.floor(time).toString(36)}`;
}

/** A checkout locks once. An operation that locks again began within the second before its end, or earlier. */
function startWithin({ operation }: CauseDetail, from: number, to: number): number {
  const locksOnce = operation === 'checkout' || operation === 'reset';
  return locksOnce && from <= to ? from : Math.min(from, to - secondMs);
}

function startOf({ birthtimeMs, ctimeMs }: Stats): number {
  return birthtimeMs > 0 ? Math.min(birthtimeMs, ctimeMs) : ctimeMs;
}

/** The cause detail of a log entry; undefined for operations that do not change files. */
function detailOf({ operation, before, after, from, to }: ReflogEntry): CauseDetail | undefined {
  if (operation === undefined) return undefined;
  const names = { from: from ?? before.slice(0, 8), to: to ?? after.slice(0, 8) };
  const isMove = from !== undefined || before !== after;
  return {
    operation,
    ...(isMove && !/^0+$/.test(before) && { from: maskSecrets(names.from, causeTextLimits.from, 'prose') }),
    ...(isMove && { to: maskSecrets(names.to, causeTextLimits.to, 'prose') }),
  };
}

function nameOfHead(text: string): string {
  const name = text
    .trim()
    .replace(/^ref: refs\/heads\//, '')
    .replace(/^([0-9a-f]{8})[0-9a-f]{32,}$/, '$1');
  return maskSecrets(name, causeTextLimits.to, 'prose');
}

/** One line of git's log of HEAD. */
export interface ReflogEntry {
  /** Its end in the log, in bytes from the start, which distinguishes it from equal entries. */
  readonly end: number;
  /** The commits before and after, lower-case hex; all zero for none. */
  readonly before: string;
  readonly after: string;
  /** Seconds since the epoch. */
  readonly seconds: number;
  /** Absent for operations that do not change the working tree, such as a commit. */
  readonly operation?: GitOperation;
  /** The names that the person used, if the log has them. */
  readonly from?: string;
  readonly to?: string;
}

/** The subjects in git's reflog begin with the command; commands not listed here do not change files. */
const operations: Readonly<Record<string, GitOperation>> = {
  checkout: 'checkout',
  reset: 'reset',
  pull: 'pull',
  merge: 'merge',
  rebase: 'rebase',
  'cherry-pick': 'cherry-pick',
  revert: 'revert',
  clone: 'clone',
};

/** Parses a log from an offset on; a truncated first line and lines of another form are skipped. */
export function parseReflog(text: string, start: number): ReflogEntry[] {
  let end = start;
  return text.split('\n').flatMap((line) => {
    end += Buffer.byteLength(line) + 1;
    return entryOf(line, end) ?? [];
  });
}

function entryOf(line: string, end: number): ReflogEntry | undefined {
  const match = /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) [^\t]*> (\d{1,12}) [+-]\d{4}(?:\t(.*))?$/.exec(line);
  if (!match) return undefined;
  const [, before = '', after = '', seconds = '', subject = ''] = match;
  const [word = ''] = /^[a-z-]+/.exec(subject) ?? [];
  const operation = Object.hasOwn(operations, word) ? operations[word] : undefined;
  const moved = /^checkout: moving from (\S+) to (\S+)$/.exec(subject);
  const [, from, to] = moved ?? [];
  return {
    end,
    before,
    after,
    seconds: Number(seconds),
    ...(operation && { operation }),
    ...(from !== undefined && { from: shortName(from) }),
    ...(to !== undefined && { to: shortName(to) }),
  };
}

function shortName(name: string): string {
  return /^[0-9a-f]{40,64}$/.test(name) ? name.slice(0, 8) : name;
}
