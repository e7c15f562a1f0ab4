import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { systemClock } from '../../../../src/base/clock';
import { readerOf } from '../../../../src/engine/historyCalls';
import { EngineClient, workerOf, type WorkerPort } from '../../../../src/host/session/engineClient';
import { folderSettings } from '../../../support/folderSettings';
import { ListLog, temporaryFolder } from '../../store/fixtures';

test('what was acknowledged outlives its thread, and the next one goes on', async (t) => {
  const base = realpathSync(temporaryFolder());
  const root = join(base, 'folder');
  mkdirSync(root);
  writeFileSync(join(root, '.obbywatch'), '*.md\n');
  const log = new ListLog();
  const threads: WorkerPort[] = [];
  const start = (): WorkerPort => {
    const thread = workerOf(resolve('dist/worker.js'));
    threads.push(thread);
    return thread;
  };
  const client = new EngineClient(start, log, systemClock);
  t.after(() => client.dispose());
  const { engine } = client;
  const key = 'file:///folder';
  const options = { root, storeDir: join(base, 'store'), settings: folderSettings({}, { events: 'own' }) };
  await engine.open(key, options);
  const history = readerOf(engine, key);
  const expected: string[] = [];
  for (let round = 0; round < 3; round++) {
    for (let n = 0; n < 5; n++) {
      expected.unshift(`state ${round} ${n}`);
      writeFileSync(join(root, 'a.md'), expected[0] ?? '');
      await engine.record(key, ['a.md']);
    }
    const restarted = new Promise<void>((done, reject) => {
      const failed = client.onDidFail((failure) => {
        failed.dispose();
        if (failure.restarted) failure.restarted.then(done, reject);
        else reject(failure.error);
      });
    });
    const pending = engine.scan(key, 'asked');
    await (threads.at(-1) as unknown as Worker).terminate();
    // It may have ended before the thread did.
    await pending.catch((error: unknown) => assert.match(String(error), /Recording was interrupted/));
    writeFileSync(join(root, 'a.md'), `meanwhile ${round}`);
    expected.unshift(`meanwhile ${round}`);
    await restarted;
    await engine.open(key, options);
    await engine.scan(key, 'asked');
    const versions = await history.versions('a.md', { limit: 100 });
    assert.deepEqual(await Promise.all(versions.map(({ id }) => history.text(id))), expected);
  }
  await engine.close(key);
});
