import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TimeSlicer } from '../base/timeSlicer';
import { isMassDeletion, mayBeLoss, type LossRecord, type LossesRecord } from '../model/losses';
import type { VersionId, VersionRecord } from '../model/version';
import { GitObjects } from '../track/git/gitObjects';
import { isRuleFile, ruleRank } from '../rules/rules';
import type { OpenHistory } from './openHistory';

type LossHistory = Pick<OpenHistory, 'store' | 'root' | 'optional' | 'gitFiles'>;

/** The most versions that are examined, and losses that are reported. */
const maxVersions = 10_000;
const maxReported = 1_000;
const gitAnswer = 'what git has of what was lost';

/** The losses of the change set that a version belongs to, and whether their contents still exist elsewhere. */
export async function findLosses(history: LossHistory, id: VersionId): Promise<LossesRecord> {
  const { store, root, optional, gitFiles } = history;
  const versions = await store.changes(id, { limit: maxVersions });
  const gitDir = optional.try(gitAnswer, () => gitFiles.gitDirOf(root));
  const git = gitDir === undefined ? undefined : new GitObjects(gitDir, optional, gitFiles);
  try {
    const losses: LossRecord[] = [];
    const slicer = new TimeSlicer();
    for (const version of versions) {
      // A loss that cannot be examined must not hide the others.
      const loss = await optional.run('one of the losses', () => lossOf(history, git, version));
      if (loss) losses.push(loss);
      await slicer.pause();
    }
    const nowhere = losses.filter((loss) => !loss.isElsewhere && !loss.isInGit);
    const others = losses.filter((loss) => loss.isElsewhere || loss.isInGit);
    const byRank = [...nowhere, ...others].sort((a, b) => ruleRank(a.version.path) - ruleRank(b.version.path));
    return {
      files: byRank.slice(0, maxReported),
      total: losses.length,
      nowhereElse: nowhere.length,
      isCut: versions.length === maxVersions,
    };
  } finally {
    git?.close();
  }
}

/** The last deletion of each file that does not exist now, newest first. */
export async function findDeletedFiles({ store, root }: LossHistory, limit: number): Promise<VersionRecord[]> {
  const deleted = await store.deletedFiles(limit);
  // A rule file that is not watched may exist again without a version.
  return deleted.filter(({ path }) => !isRuleFile(path) || !existsSync(join(root, path)));
}

async function lossOf(
  { store, optional }: LossHistory,
  git: GitObjects | undefined,
  version: VersionRecord,
): Promise<LossRecord | undefined> {
  if (!mayBeLoss(version) || version.previous === undefined) return undefined;
  const before = await store.version(version.previous);
  // Content that was never stored cannot be restored, and content that the file has again is not lost.
  if (before.sha256 === undefined || before.unstored || before.size === 0) return undefined;
  if (version.kind !== 'deleted' && !isMassDeletion(before.size, version.size)) return undefined;
  const holders = await store.headsOf(before.sha256, 2);
  if (holders.some((head) => head.version.path === version.path)) return undefined;
  const isElsewhere = holders.length > 0;
  const isInGit = git && (await optional.run(gitAnswer, async () => git.has(await store.content(before.id))));
  return {
    version,
    lost: before.id,
    size: before.size,
    isElsewhere,
    isInGit: isInGit ?? false,
  };
}
