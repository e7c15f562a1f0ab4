import * as l10n from '@vscode/l10n';
import { plural } from '../base/plural';
import { sha256Of } from '../base/sha256';
import type { CheckReport } from '../model/historyMaintenance';
import type { OpenHistory } from '../query/openHistory';

/** Damaged contents are read from the folder in groups of about this many bytes. */
const groupBytes = 16 << 20;

/**
 * Stores the damaged contents again that files of the folder still have; resolves with what that repaired, for people.
 * Only the files of damaged versions are read.
 */
export async function repairFromDisk(
  history: Pick<OpenHistory, 'store' | 'observe'>,
  { damaged }: CheckReport,
): Promise<string[]> {
  const { store } = history;
  const wanted = new Set<string>();
  for (const { id } of damaged) {
    const { sha256 } = await store.version(id);
    if (sha256 !== undefined) wanted.add(sha256);
  }
  let group: Uint8Array[] = [];
  let stored = 0;
  const storeGroup = async (): Promise<void> => {
    await store.storeAgain(group);
    stored += group.length;
    group = [];
  };
  for (const path of new Set(damaged.map((version) => version.path))) {
    const observation = await history.observe(path);
    if (observation.state !== 'file' || !wanted.delete(sha256Of(observation.bytes))) continue;
    group.push(observation.bytes);
    if (group.reduce((sum, { length }) => sum + length, 0) >= groupBytes) await storeGroup();
  }
  if (group.length > 0) await storeGroup();
  if (stored === 0) return [];
  return [
    plural(
      stored,
      l10n.t('1 damaged content was read from the folder and stored again.'),
      l10n.t('{0} damaged contents were read from the folder and stored again.', stored),
    ),
  ];
}
