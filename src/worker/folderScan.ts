import type { Clock } from '../model/clock';
import type { HeadStamp, HistoryStore } from '../store/contract';
import type { Candidate, Why } from '../track/candidate';
import type { Rules } from '../watch/rules';
import { walk, type WalkedFile } from '../watch/walk';
import type { ScanReason } from './contract';

export interface ScanParts {
  readonly root: string;
  readonly rules: Rules;
  readonly store: HistoryStore;
  readonly clock: Clock;
  readonly reason: ScanReason;
  /** Since when (ms) nobody was recording; undefined if recording never stopped, or never began. */
  readonly closedSince: number | undefined;
  /** The folder has no history yet. */
  readonly isNew: boolean;
  readonly onError: (path: string, error: unknown) => void;
  /** Hears how many files were compared. */
  readonly onProgress: (done: number) => void;
}

export interface Differences {
  /** Watched files on disk. */
  readonly files: number;
  /** What differs from the history, or must be read to know. */
  readonly candidates: readonly Candidate[];
}

/** The worker answers others in between. */
const sliceMs = 10;

/** Compares a folder with its history by size and times, without reading a file. */
export async function findDifferences(parts: ScanParts): Promise<Differences> {
  const { root, rules, store, clock, onError } = parts;
  // What was only noted is looked at again: the size limit may have been raised.
  const stampOf = ({ isUnstored, stamp }: HeadStamp) => (isUnstored ? undefined : stamp);
  const heads = new Map((await store.stamps('')).map((head) => [head.path, stampOf(head)]));
  const candidates: Candidate[] = [];
  let files = 0;
  let pauseAt = clock.now() + sliceMs;
  for (const found of walk({ root, from: '', rules, now: clock.now(), onError })) {
    for (const file of found) {
      files++;
      const isKnown = heads.has(file.path);
      const stamp = heads.get(file.path);
      heads.delete(file.path);
      if (isKnown && stamp !== undefined && stamp === file.stamp) continue;
      candidates.push({ path: file.path, sure: 'certain', ...causeOf(file, isKnown, parts) });
    }
    if (clock.now() < pauseAt) continue;
    parts.onProgress(files);
    await new Promise(setImmediate);
    pauseAt = clock.now() + sliceMs;
  }
  for (const path of heads.keys()) {
    if (rules.isWatched(path)) candidates.push({ path, sure: 'certain', ...changed(parts) });
  }
  return { files, candidates };
}

function causeOf(file: WalkedFile, isKnown: boolean, parts: ScanParts): Pick<Candidate, keyof Why | 'ifMoved'> {
  if (isKnown) return changed(parts);
  // A file that was there before anyone looked is a baseline; one that came while nobody looked is a change. Where its
  // folder was moved along with it, nothing of the file itself has changed.
  const isBaseline = parts.isNew || parts.reason === 'rules' || (parts.closedSince ?? 0) > file.changedMs;
  return isBaseline && parts.reason !== 'flush' ? { cause: 'baseline', ifMoved: changed(parts) } : changed(parts);
}

function changed({ closedSince }: ScanParts): Why {
  return closedSince === undefined ? { cause: 'external' } : { cause: 'offline', causeDetail: { since: closedSince } };
}
