import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { defaultRetention } from '../../src/model/historyMaintenance';
import type { VersionDraft } from '../../src/model/historyStore';
import { sha256Of } from '../../src/base/sha256';
import { bytesOf, openBenchStore, tidy } from './benchStore';
import type { Group } from './figure';

/** A quota is never exceeded by more than a segment. */
const segmentMb = 16;
const contentBytes = 100_000;
const files = 40;

/** By how much a history is ever larger than its quota, looked at after every append and every step of tidying up. */
export const quotaFigures: Group = {
  kinds: [{ name: 'quota.overshoot.mb', unit: 'MB', bound: segmentMb }],
  async measure({ folder, isQuick }) {
    const quotaBytes = isQuick ? 40_000_000 : 100_000_000;
    const dir = path.join(folder, 'store');
    const store = await openBenchStore(dir);
    store.setRetention({ ...defaultRetention, quotaBytes });
    let most = 0;
    const look = async (): Promise<void> => {
      most = Math.max(most, await bytesOf(dir));
    };
    const versions = Math.ceil((3 * quotaBytes) / contentBytes);
    for (let version = 0; version < versions; version += files) {
      await store.append(Array.from({ length: files }, (_, file) => draftOf(file, version / files)));
      await look();
      await tidy(store, look);
      await look();
    }
    await store.close();
    const last = await bytesOf(dir);
    const note =
      `quota ${quotaBytes / 1e6} MB, ${Math.round((versions * contentBytes) / 1e6)} MB recorded, ` +
      `${(last / 1e6).toFixed(1)} MB in the end`;
    return new Map([['quota.overshoot.mb', { value: (most - quotaBytes) / 1e6, note }]]);
  },
};

/** Random bytes, which nothing makes smaller. */
function draftOf(file: number, round: number): VersionDraft {
  const content = randomBytes(contentBytes);
  return {
    ...{
      path: `data/file${file}.bin`,
      kind: round === 0 ? 'created' : 'modified',
      cause: 'external',
      confidence: 'likely',
    },
    ...{ time: Date.now(), changeSet: `m${round}`, size: content.length, sha256: sha256Of(content), content },
    ...{ eolOnly: false, binary: true },
  };
}
