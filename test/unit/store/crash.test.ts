import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Acknowledged, writeUntilKilled } from '../../support/crashWriter';
import { draft, openTestStore, sha256, temporaryFolder, wasmDir } from './fixtures';

const trials = Number(process.env['OBBY_CRASH_TRIALS'] ?? 20);
/** Trials that go on in the same store. */
const trialsPerStore = 5;

const writerDir = process.env['OBBY_CRASH_DIR'];
if (writerDir !== undefined) {
  void writeUntilKilled(writerDir, process.env['OBBY_CRASH_WASM'] ?? '');
} else {
  test(`${trials} times killed, no acknowledged version is lost`, async (context) => {
    let lost = 0;
    let checked = 0;
    let acknowledged: Acknowledged[] = [];
    let dir = '';
    for (let trial = 0; trial < trials; trial++) {
      if (trial % trialsPerStore === 0) {
        dir = temporaryFolder();
        acknowledged = [];
      }
      acknowledged.push(...(await writeAndKill(dir)));
      lost += await countLost(dir, acknowledged);
      checked += acknowledged.length;
    }
    context.diagnostic(`${trials} trials, ${checked} acknowledged versions read back, ${lost} lost`);
    assert.equal(lost, 0);
    assert.ok(checked >= trials);
  });
}

/** Lets this file run as a writer until it has acknowledged some versions, and kills it a moment later. */
async function writeAndKill(dir: string): Promise<Acknowledged[]> {
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const child = spawn(process.execPath, [__filename], {
    env: { ...env, OBBY_CRASH_DIR: dir, OBBY_CRASH_WASM: wasmDir() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const acknowledged: Acknowledged[] = [];
  const enough = randomInt(1, 80);
  let killing: Promise<void> | undefined;
  const kill = async (): Promise<void> => {
    // Any moment will do: this waits for nothing.
    await delay(randomInt(8));
    child.kill('SIGKILL');
  };
  for await (const line of createInterface(child.stdout)) {
    // The kill may cut the last line.
    if (line.endsWith('}')) acknowledged.push(JSON.parse(line) as Acknowledged);
    if (acknowledged.length >= enough) killing ??= kill();
  }
  await killing;
  const [, signal] = (await closed) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL');
  return acknowledged;
}

/** Opens the store and reads everything back. */
async function countLost(dir: string, acknowledged: readonly Acknowledged[]): Promise<number> {
  const store = await openTestStore({ dir });
  assert.deepEqual(store.problems, []);
  const journals = readdirSync(dir).filter((name) => name.endsWith('.journal'));
  assert.ok(journals.length <= 1, 'what a killed process left is taken over');
  let lost = 0;
  for (const { id, path, sha256: hash } of acknowledged) {
    const isThere = await store.version(id).then(
      (version) => version.path === path && version.sha256 === hash,
      () => false,
    );
    const bytes = hash === undefined || !isThere ? undefined : await store.content(id).catch(() => undefined);
    if (!isThere || (hash !== undefined && (bytes === undefined || sha256(bytes) !== hash))) lost++;
  }
  const [after] = await store.append([draft('after.txt', `after ${acknowledged.length}`)]);
  assert.equal((await store.head('after.txt'))?.version.id, after?.id);
  await store.close();
  return lost;
}
