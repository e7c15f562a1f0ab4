import { createHash, randomInt } from 'node:crypto';
import { writeSync } from 'node:fs';
import { systemClock } from '../../src/model/clock';
import type { Log } from '../../src/model/log';
import type { VersionDraft } from '../../src/store/contract';
import { nodeFilePort } from '../../src/store/nodeFilePort';
import { openStore } from '../../src/store/store';

/** A version that the store acknowledged, as the writer prints it: one JSON object a line. */
export interface Acknowledged {
  readonly id: string;
  readonly path: string;
  readonly sha256?: string;
}

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const paths = ['a.txt', 'b.txt', 'dir/c.txt', 'dir/d e.txt', 'é.txt'];

function randomText(): string {
  const lines = Array.from(
    { length: randomInt(400) },
    (_, n) => `line ${n} ${randomInt(8) === 0 ? randomInt(1e9) : ''}`,
  );
  return lines.join('\n');
}

function randomDraft(): VersionDraft {
  const path = paths[randomInt(paths.length)] ?? '';
  const common = { path, cause: 'external', sure: 'likely', time: Date.now(), moment: 'm', eolOnly: false } as const;
  if (randomInt(12) === 0) return { ...common, kind: 'deleted', size: 0, binary: false };
  const content = Buffer.from(randomText());
  const sha256 = createHash('sha256').update(content).digest('hex');
  const renamedFrom = paths[randomInt(paths.length)] ?? '';
  const how = randomInt(10) === 0 ? ({ kind: 'renamed', renamedFrom } as const) : ({ kind: 'modified' } as const);
  return { ...common, ...how, size: content.length, sha256, binary: false, content };
}

/**
 * Appends versions to the store in `dir` until the process is killed, closing and opening it again now and then.
 * What was acknowledged is on standard output before the next append begins.
 */
export async function writeUntilKilled(dir: string, wasmDir: string): Promise<never> {
  for (;;) {
    const store = await openStore({ dir, files: nodeFilePort, clock: systemClock, log: silent, wasmDir });
    for (let rounds = randomInt(40); rounds >= 0; rounds--) {
      const lists = Array.from({ length: 1 + randomInt(3) }, () =>
        store.append(Array.from({ length: 1 + randomInt(4) }, randomDraft)),
      );
      const versions = (await Promise.all(lists)).flat();
      const lines = versions.map(({ id, path, sha256 }) => JSON.stringify({ id, path, sha256 }));
      writeSync(1, `${lines.join('\n')}\n`);
      await store.noteSeen();
    }
    await store.close();
  }
}
