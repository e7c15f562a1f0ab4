import * as l10n from '@vscode/l10n';
import { ObbyError } from '../../base/errors';
import type { HistoryStore } from '../../model/historyStore';
import type { VersionId, VersionRecord } from '../../model/version';
import { findChangeSet } from '../changeSet';

/** Changes of a file that follow each other and are taken back together. */
export interface UndoneRun {
  /** Undefined: there was nothing before. */
  readonly before: VersionRecord | undefined;
  /** The newest of the versions. */
  readonly after: VersionRecord;
  /** Newest first. */
  readonly versions: readonly VersionRecord[];
}

/** A file that the change sets changed. */
export interface ChangedFile {
  readonly newest: VersionRecord;
  /** Newest first. */
  readonly runs: readonly UndoneRun[];
}

const pageSize = 1_000;
/** Most files have few versions since a change that is taken back. */
const firstPage = 20;
/** Versions of change sets that are taken back at once. */
const maxVersions = 100_000;

interface Undone {
  readonly versions: ReadonlyMap<VersionId, VersionRecord>;
  /** The time of the oldest; ms since the epoch. */
  readonly since: number;
}

/** The files that change sets changed, each with its changes. Rejects `notFound` for an unknown change set. */
export async function changedFiles(store: HistoryStore, changeSets: readonly string[]): Promise<ChangedFile[]> {
  const versions = await versionsOf(store, changeSets);
  const undone = { versions, since: Math.min(...[...versions.values()].map(({ time }) => time)) };
  const files: ChangedFile[] = [];
  const seen = new Set<VersionId>();
  for (const version of [...versions.values()].sort((a, b) => b.time - a.time)) {
    if (seen.has(version.id)) continue;
    const chain = await chainOf(store, version, undone);
    for (const { id } of chain) seen.add(id);
    const [newest = version] = chain;
    files.push({ newest, runs: await runsOf(store, chain, undone) });
  }
  return files;
}

async function versionsOf(store: HistoryStore, changeSets: readonly string[]): Promise<Map<VersionId, VersionRecord>> {
  const found = new Map<VersionId, VersionRecord>();
  for (const id of new Set(changeSets)) {
    const { newest } = await findChangeSet({ store }, id);
    for (let offset = 0, isLast = false; !isLast; offset += pageSize) {
      const page = await store.changes(newest.id, { limit: pageSize, offset });
      for (const version of page.filter(isChange)) found.set(version.id, version);
      isLast = page.length < pageSize;
      if (found.size > maxVersions) throw tooMany();
    }
  }
  return found;
}

/** That Obby began to watch a file is no change of it, nor is the text of an editor that a restore kept. */
function isChange({ cause, causeDetail }: VersionRecord): boolean {
  return cause !== 'baseline' && causeDetail?.save !== 'beforeRestore';
}

/** The versions of a file, newest first, down to the oldest that is taken back, or further. */
async function chainOf(store: HistoryStore, version: VersionRecord, { since }: Undone): Promise<VersionRecord[]> {
  const path = await store.pathOf(version.id);
  const own = await versionsSince(store, path, since);
  if (own.some(({ id }) => id === version.id)) return own;
  // Another file is at its last path. No version that is taken back is newer than this one; others link to it.
  const others = await versionsSince(store, path, version.time, { earlier: true });
  const newer: VersionRecord[] = [];
  for (let next: VersionRecord | undefined = version; next;) {
    newer.unshift(next);
    const { id }: VersionRecord = next;
    next = others.find(({ previous }) => previous === id);
  }
  return [...newer, ...(await versionsSince(store, path, since, { before: version.id }))];
}

async function versionsSince(
  store: HistoryStore,
  path: string,
  since: number,
  which: { readonly earlier?: boolean; readonly before?: VersionId } = {},
): Promise<VersionRecord[]> {
  const found: VersionRecord[] = [];
  for (let limit = firstPage; ; limit = pageSize) {
    const before = found.at(-1)?.id ?? which.before;
    const page = await store.versions(path, { ...which, limit, ...(before !== undefined && { before }) });
    found.push(...page);
    const last = page.at(-1);
    if (!last || page.length < limit || last.time < since) return found;
  }
}

async function runsOf(
  store: HistoryStore,
  chain: readonly VersionRecord[],
  { versions }: Undone,
): Promise<UndoneRun[]> {
  const runs: UndoneRun[] = [];
  for (let at = 0; at < chain.length;) {
    const rest = chain.slice(at);
    const kept = rest.findIndex(({ id }) => !versions.has(id));
    const run = kept === -1 ? rest : rest.slice(0, kept);
    const [after] = run;
    if (after) {
      const previous = run.at(-1)?.previous;
      const before = previous === undefined ? undefined : (chain[at + run.length] ?? (await store.version(previous)));
      runs.push({ before, after, versions: run });
    }
    at += Math.max(1, run.length);
  }
  return runs;
}

function tooMany(): ObbyError {
  return new ObbyError('tooLarge', l10n.t('These are too many changes to undo at once. Undo some of them at a time.'));
}
