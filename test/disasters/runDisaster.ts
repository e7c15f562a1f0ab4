import { until } from '../integration/support';
import type { Disaster } from './disaster';
import { localHistoryBelow } from './localHistory';
import { Place } from './place';
import { recover } from './recovery';
import type { DisasterResult } from './result';

/** Makes a place, lets the disaster strike, and gets everything back. `userData`: the folder of VS Code's user. */
export async function runDisaster(disaster: Disaster, userData: string): Promise<DisasterResult> {
  const place = await Place.make(disaster.name);
  try {
    await disaster.prepare?.(place);
    await place.settle();
    await until('the saves in Local History', async () => {
      const known = await localHistoryBelow(userData, place.folder.root);
      return place.saved.every((text) => known.some((content) => content.equals(text)));
    });
    const since = Date.now();
    await disaster.strike(place);
    await place.folder.api.flush();
    const lost = await place.missing();
    if (lost.length === 0) throw new Error('Nothing was lost.');
    const contentOf = (name: string): Buffer => place.precious.get(name) ?? Buffer.alloc(0);
    const steps = await recover(place, since);
    const missing = await place.missing();
    // Read last, since VS Code adds a save to it some time later; no restore is in it.
    const known = await localHistoryBelow(userData, place.folder.root);
    const inLocalHistory = lost.filter((name) => known.some((content) => content.equals(contentOf(name))));
    return {
      ...{ name: disaster.name, report: disaster.report, steps },
      files: lost.length,
      recovered: lost.length - missing.length,
      bytesLost: missing.reduce((sum, name) => sum + contentOf(name).length, 0),
      inLocalHistory: inLocalHistory.length,
      problems: missing.map((name) => `${name} did not come back.`),
    };
  } finally {
    await place.folder.close();
  }
}
