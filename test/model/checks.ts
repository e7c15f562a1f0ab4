/** What must be true of a history after a flush, whatever was done to the folder. */
import type { VersionRecord } from '../../src/model/version';
import { isRuleFile } from '../../src/rules/rules';
import type { ModelWindow } from './modelWindow';
import { renameProblems } from './renameChecks';
import type { SequenceRun } from './sequenceRun';
import { clockLagMs } from './timeline';
import type { Watched } from './watched';

/** After this long an edit of the rules counts, also on a busy machine. */
const rulesTakeMs = 10_000;

/** Everything that is known of a sequence at its end. */
export interface Outcome {
  readonly run: SequenceRun;
  /** Oldest first. */
  readonly recorded: readonly VersionRecord[];
  readonly watched: Watched;
}

/** What is wrong, one sentence each. */
export async function findProblems(run: SequenceRun, window: ModelWindow, watched: Watched): Promise<string[]> {
  const { root } = run;
  const recorded = (await window.ask('recorded', root)).reverse();
  const outcome = { run, recorded, watched };
  return [
    ...run.problems,
    ...(await presentProblems(outcome, window)),
    ...(await deletionProblems(outcome, window)),
    ...(await pastProblems(outcome, window)),
    ...saveProblems(outcome),
    ...(await contentProblems(outcome, window)),
    ...unwatchedProblems(outcome),
    ...renameProblems(outcome),
  ];
}

/** The newest version of every watched file has what is on disk. */
async function presentProblems({ run }: Outcome, window: ModelWindow): Promise<string[]> {
  const { files, watched } = run.timeline.last;
  const paths = [...watched];
  const newest = await window.ask('newest', run.root, paths);
  return paths.flatMap((path, index) => {
    const version = newest[index];
    if (version?.path === path && version.sha256 === files.get(path)) return [];
    return [`After the flush the newest version of ${quoted(path)} is ${told(version)}, not what is on disk.`];
  });
}

/** What was recorded and is gone is known to be gone, and no file that exists is said to be deleted. */
async function deletionProblems({ run, recorded, watched }: Outcome, window: ModelWindow): Promise<string[]> {
  const { files, rules, watched: present } = run.timeline.last;
  const gone = [...watched.among(rules, new Set(recorded.map(({ path }) => path)))].filter((path) => !files.has(path));
  const newest = await window.ask('newest', run.root, gone);
  // What moved away is not deleted: its history goes on elsewhere.
  const alive = gone.filter((_, index) => newest[index] && newest[index].kind !== 'deleted');
  // Another file may have moved to where one was deleted; the histories of the two are not one.
  const replaced = new Set(recorded.flatMap(({ previous }) => previous ?? []));
  const deleted = (await window.ask('deleted', run.root)).filter(
    ({ id, path }) => present.has(path) && replaced.has(id),
  );
  return [
    ...deleted.map(({ path }) => `${quoted(path)} is among the deleted files and exists.`),
    ...alive.map((path) => `${quoted(path)} is gone and the history does not know it.`),
  ];
}

/** What was settled is found again at its time, be it a content or nothing. */
async function pastProblems({ run, watched }: Outcome, window: ModelWindow): Promise<string[]> {
  const { settled, moments } = run.timeline;
  const everWatched = new Set(moments.flatMap((moment) => [...moment.watched]));
  const asked = settled.flatMap(({ moment, at }) =>
    [...watched.among(moment.rules, everWatched)].map((path) => ({ path, time: at, expected: moment.files.get(path) })),
  );
  const found = await window.ask(
    'at',
    run.root,
    asked.map(({ path, time }) => ({ path, time })),
  );
  return asked.flatMap(({ path, time, expected }, index) => {
    const version = found[index];
    if (version?.sha256 === expected) return [];
    const was = expected === undefined ? 'nothing' : nameOf(run, expected);
    return [`At ${time} there was ${was} at ${quoted(path)} on disk; the history says ${told(version)}.`];
  });
}

/** Every save is a version of its own, unless the rules changed in the same breath. */
function saveProblems({ run, recorded, watched }: Outcome): string[] {
  const versions = new Set(recorded.map(({ path, sha256 }) => `${path}\0${sha256 ?? ''}`));
  const { moments, settled } = run.timeline;
  return run.saves.flatMap(({ path, sha256, index }) => {
    const until = settled.find((each) => each.index >= index)?.index ?? moments.length;
    const around = moments.slice(index - 1, until + 1);
    const isWatched = around.every(({ rules }) => watched.has(rules, path));
    if (!isWatched || versions.has(`${path}\0${sha256}`)) return [];
    return [`The save of ${quoted(path)} (${nameOf(run, sha256)}) is not in the history.`];
  });
}

/** What the history gives back has the bytes that were on disk. */
async function contentProblems({ run, recorded }: Outcome, window: ModelWindow): Promise<string[]> {
  const stored = recorded.filter(({ sha256, unstored }) => sha256 !== undefined && unstored === undefined);
  const problems = await Promise.all(
    stored.map(async ({ id, path, sha256, size }) => {
      const bytes = Buffer.from(await window.ask('content', id), 'base64');
      const expected = run.timeline.contents.get(sha256 ?? '');
      if (bytes.length === size && (expected === undefined || bytes.equals(expected))) return [];
      return [`Version ${id} of ${quoted(path)} comes back with other bytes.`];
    }),
  );
  return problems.flat();
}

/** Nothing was recorded while the rules did not list it. */
function unwatchedProblems({ run, recorded, watched }: Outcome): string[] {
  const { moments } = run.timeline;
  return recorded.flatMap((version) => {
    const { path, time, causeDetail } = version;
    // What a rule file held is recorded when it is deleted, listed or not.
    if (isRuleFile(path)) return [];
    const earliest = Math.min(causeDetail?.since ?? time, time) - rulesTakeMs;
    const isListed = moments.some(({ rules, began }, index) => {
      const until = moments[index + 1]?.ended ?? Infinity;
      return began <= time + clockLagMs && until >= earliest && watched.has(rules, path);
    });
    return isListed ? [] : [`${quoted(path)} was recorded (${told(version)}) while no rule listed it.`];
  });
}

export function quoted(path: string): string {
  return JSON.stringify(path);
}

/** The first bytes of a content, for people. */
function nameOf(run: SequenceRun, sha256: string): string {
  const bytes = run.timeline.contents.get(sha256);
  return bytes === undefined ? sha256.slice(0, 8) : quoted(bytes.subarray(0, 40).toString());
}

function told(version: VersionRecord | null | undefined): string {
  if (!version) return 'missing';
  const { kind, cause, path, time, sha256, renamedFrom } = version;
  const from = renamedFrom === undefined ? '' : ` from ${quoted(renamedFrom)}`;
  return `${kind} ${quoted(path)}${from} (${cause}, ${sha256?.slice(0, 8) ?? 'no content'}, at ${time})`;
}
