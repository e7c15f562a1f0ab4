/** Gets lost files back as a person does, and counts commands and clicks. */
import { createHash } from 'node:crypto';
import { lstat, rename } from 'node:fs/promises';
import type { RestoreStep, Version } from '../../src/api/api';
import type { VersionId } from '../../src/model/version';
import { isRuleFile } from '../../src/rules/rules';
import type { Place } from './place';

/** A command or button opens a list, and one click in it accepts or restores. */
const stepsOfList = 2;
const maxChangeSets = 100;

/** Resolves with the number of steps. `since`: when the disaster began, in ms since the epoch. */
export async function recover(place: Place, since: number): Promise<number> {
  const cleared = await clearTheWay(place);
  const reviewed = await reviewLosses(place, since);
  const undeleted = await restoreDeleted(place);
  return cleared + reviewed + undeleted + (await restoreVersions(place));
}

/** Renames what has taken the name of a file, or of a folder above it: one step each. */
async function clearTheWay(place: Place): Promise<number> {
  let steps = 0;
  for (const name of await place.missing()) {
    const parts = name.split('/');
    for (let count = 1; count <= parts.length; count++) {
      const file = place.folder.pathOf(parts.slice(0, count).join('/'));
      const found = await lstat(file).catch(() => undefined);
      const isInTheWay = count === parts.length ? !found?.isFile() : !found?.isDirectory();
      if (!found || !isInTheWay) continue;
      await rename(file, `${file}.aside`);
      steps++;
      break;
    }
  }
  return steps;
}

/** *Review Losses*, from the warning or from Recent Changes, for each change set of the disaster. */
async function reviewLosses(place: Place, since: number): Promise<number> {
  const { api, uri } = place.folder;
  let steps = 0;
  for (const { newest } of await api.history.changeSets({ folder: uri, since, limit: maxChangeSets })) {
    const missing = new Set(await place.missing());
    const losses = await api.history.losses(newest.id);
    const wanted = losses.files.filter(({ version }) => missing.has(version.path));
    if (wanted.length === 0) continue;
    const preselected = losses.files.filter(
      ({ version, isElsewhere, isInGit }) => (!isElsewhere && !isInGit) || isRuleFile(version.path),
    );
    const isSelectedAlready =
      wanted.length === preselected.length && wanted.every((loss) => preselected.includes(loss));
    steps += stepsOfList + (isSelectedAlready ? 0 : 1);
    steps += await restoreAll(
      place,
      wanted.map(({ lost }) => lost),
    );
  }
  return steps;
}

/** *Restore Deleted File*: all files that were deleted together, or one. */
async function restoreDeleted(place: Place): Promise<number> {
  const { api, uri } = place.folder;
  const missing = new Set(await place.missing());
  const groups = new Map<string, Version[]>();
  for (const deletion of await api.history.deletedFiles(uri)) {
    groups.set(deletion.changeSet, [...(groups.get(deletion.changeSet) ?? []), deletion]);
  }
  let steps = 0;
  for (const group of groups.values()) {
    const wanted = group.filter((deletion) => missing.has(deletion.path));
    const picks = wanted.length === group.length ? [wanted] : wanted.map((deletion) => [deletion]);
    for (const pick of picks) {
      const versions = pick.flatMap(({ previous }) => previous ?? []);
      steps += stepsOfList + (await restoreAll(place, versions));
    }
  }
  return steps;
}

/** *Restore* in File History, file by file. */
async function restoreVersions(place: Place): Promise<number> {
  const { folder, precious } = place;
  let steps = 0;
  for (const name of await place.missing()) {
    const sha256 = createHash('sha256')
      .update(precious.get(name) ?? '')
      .digest('hex');
    const found = (await folder.versions(name)).find((version) => version.sha256 === sha256);
    if (found) steps += stepsOfList + (await restoreAll(place, [found.id]));
  }
  return steps;
}

/** Restores what can be; resolves with the number of questions, as the command asks them. */
async function restoreAll({ folder }: Place, versions: readonly VersionId[]): Promise<number> {
  const { act } = folder.api;
  const steps: RestoreStep[] = [];
  for (const id of versions) {
    // The others come back all the same, and what is missing in the end is reported.
    const plan = await act.planRestore({ versions: [id] }).catch(() => undefined);
    steps.push(...(plan?.steps ?? []));
  }
  const changes = steps.filter(({ action }) => action !== 'none');
  if (changes.length === 0) return 0;
  await act.restore({ steps });
  return changes.length > 1 || changes.some(({ unsaved }) => unsaved) ? 1 : 0;
}
