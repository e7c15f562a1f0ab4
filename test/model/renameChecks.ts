import type { VersionRecord } from '../../src/model/version';
import { quoted, type Outcome } from './checks';
import { clockLagMs, type Settled, type Timeline } from './timeline';

/** A deletion that was recorded this shortly before may still turn out to be half of a move. */
const halfOfMoveMs = 5_000;
/** By then a change has been looked at, also on a busy machine. */
const lookedMs = 5_000;
/** Less in common is no move. */
const minShared = 0.5;
const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Moves that were not recorded as such though the rule promises it, and renames that were recorded and are none. */
export function renameProblems(outcome: Outcome): string[] {
  return [...missedRenames(outcome), ...inventedRenames(outcome)];
}

/** The history of a file that moved, alone and as it was, goes on under its new name. */
function missedRenames({ run, recorded }: Outcome): string[] {
  const { timeline } = run;
  const byId = new Map(recorded.map((version) => [version.id, version]));
  return timeline.settled.slice(1).flatMap((after, index) => {
    const before = timeline.settled[index];
    if (!before) return [];
    return promisedMoves(timeline, before, after).flatMap(({ from, to, sha256 }) => {
      const arrived = recorded.filter(({ path, time }) => path === to && time <= after.at).at(-1);
      for (let version = arrived; version; version = byId.get(version.previous ?? '')) {
        if (version.path === from && version.sha256 === sha256) return [];
      }
      return [`${quoted(to)} was ${quoted(from)} and its history does not go on.`];
    });
  });
}

interface Move {
  readonly from: string;
  readonly to: string;
  readonly sha256: string;
}

/** Moves between two settled moments that nobody could take for anything else. */
function promisedMoves(timeline: Timeline, before: Settled, after: Settled): Move[] {
  const between = timeline.moments.slice(before.index, after.index + 1);
  const { files: old, watched: wasWatched } = before.moment;
  const earliest = before.at - 2 * halfOfMoveMs;
  const since = timeline.moments.filter(({ ended }, index) => ended >= earliest && index <= after.index);
  return [...after.moment.watched].flatMap((to) => {
    const sha256 = after.moment.files.get(to) ?? '';
    if (old.has(to) || sha256 === emptySha256) return [];
    const from = [...old.keys()].find((path) => old.get(path) === sha256);
    if (from === undefined || !wasWatched.has(from)) return [];
    const isAlone = since.every(({ files }) => [...files.values()].filter((each) => each === sha256).length === 1);
    const isPlain = between.every(({ files, rules }) => {
      const holder = [...files.keys()].find((path) => files.get(path) === sha256) ?? '';
      const isFree = holder === from || !old.has(holder);
      return (
        isFree &&
        [from, to].every((path) => !files.has(path) || files.get(path) === sha256) &&
        rules.watch === before.moment.rules.watch
      );
    });
    return isAlone && isPlain ? [{ from, to, sha256 }] : [];
  });
}

/**
 * A rename continues the history of a file that left its path, and that an editor moved, or that is the same file on
 * the disk, has the same bytes, or most of the same lines.
 */
function inventedRenames({ run, recorded }: Outcome): string[] {
  const byId = new Map(recorded.map((version) => [version.id, version]));
  return recorded
    .filter(({ kind }) => kind === 'renamed')
    .flatMap((version) => {
      const { path, renamedFrom: from = '' } = version;
      const words = `${quoted(path)} was recorded as renamed from ${quoted(from)}`;
      const source = lastContentBefore(version, byId);
      const isFounded =
        movedInVSCode(run.timeline, from, path) ||
        isSameFile(run.timeline, from, path) ||
        (source?.sha256 === version.sha256 && version.sha256 !== emptySha256) ||
        sharedPart(contentOf(run.timeline, source), contentOf(run.timeline, version)) >= minShared;
      return [
        ...(isFounded ? [] : [`${words}, which had other bytes (${describe(source)}).`]),
        ...(hasLeft(run.timeline, version) ? [] : [`${words}, which never went away.`]),
      ];
    });
}

/** Whether what was at the old path went away from there about when a rename was recorded. */
function hasLeft(
  { moments, settled }: Timeline,
  { renamedFrom: from = '', time, causeDetail }: VersionRecord,
): boolean {
  const { since } = causeDetail ?? {};
  const earliest = Math.min(time, since ?? time) - lookedMs;
  // What nobody saw has a time by its file alone, which may be older than its folder's move. It was over when one looked.
  const looked = since === undefined ? time : (settled.find(({ at }) => at >= time)?.at ?? Infinity);
  const latest = looked + clockLagMs;
  return moments.some(({ identities, began }, index) => {
    const until = moments[index + 1]?.ended ?? Infinity;
    if (began > latest || until < earliest) return false;
    const isAnother = index > 0 && moments[index - 1]?.identities.get(from) !== identities.get(from);
    return isAnother || !identities.has(from);
  });
}

/** Whether a file of one path was at the other at another time. */
function isSameFile({ moments }: Timeline, from: string, to: string): boolean {
  const old = new Set(moments.map(({ identities }) => identities.get(from)));
  return moments.some(({ identities }) => identities.has(to) && old.has(identities.get(to)));
}

function contentOf({ contents }: Timeline, version: VersionRecord | undefined): string {
  return contents.get(version?.sha256 ?? '')?.toString('latin1') ?? '';
}

/** How much of the larger text is in lines that both have, from 0 to 1. */
function sharedPart(a: string, b: string): number {
  const left = new Set(a.split('\n'));
  const shared = b.split('\n').filter((line) => left.has(line));
  return shared.join('\n').length / Math.max(a.length, b.length, 1);
}

/** A deletion may have been recorded first: half of the move. */
function lastContentBefore(
  version: VersionRecord,
  byId: ReadonlyMap<string, VersionRecord>,
): VersionRecord | undefined {
  let before = byId.get(version.previous ?? '');
  while (before?.kind === 'deleted') before = byId.get(before.previous ?? '');
  return before;
}

function movedInVSCode(timeline: Timeline, from: string, to: string): boolean {
  return timeline.moments.some(({ step }) => {
    if (step?.do !== 'rename in VS Code') return false;
    const isInside = from === step.from || from.startsWith(`${step.from}/`);
    return isInside && to === step.to + from.slice(step.from.length);
  });
}

function describe(source: VersionRecord | undefined): string {
  return source ? `${source.kind} ${quoted(source.path)}` : 'no version before';
}
