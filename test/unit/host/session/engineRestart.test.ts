import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { systemClock } from '../../../../src/base/clock';
import { readerOf } from '../../../../src/engine/historyCalls';
import type { WorkerData } from '../../../../src/engine/rpc';
import { EngineClient, workerOf, type ThreadFailure, type WorkerPort } from '../../../../src/host/session/engineClient';
import { folderSettings } from '../../../support/folderSettings';
import { ListLog, temporaryFolder } from '../../store/fixtures';

test('what was acknowledged outlives its thread, and the next one goes on', async (t) => {
  const base = realpathSync(temporaryFolder());
  const root = join(base, 'folder');
  mkdirSync(root);
  writeFileSync(join(root, '.obbywatch'), '*.md\n');
  const log = new ListLog();
  const threads: WorkerPort[] = [];
  const start = (ended: readonly number[]): WorkerPort => {
    const thread = workerOf(resolve('dist/worker.js'), ended);
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
    // The journal of the dead thread was taken over, and its name removed.
    const owners = readdirSync(options.storeDir).filter((name) => name.endsWith('.owner'));
    assert.equal(owners.length, 1);
    const versions = await history.versions('a.md', { limit: 100 });
    assert.deepEqual(await Promise.all(versions.map(({ id }) => history.text(id))), expected);
  }
  await engine.close(key);
});

test('a thread that hangs is ended, nothing that was acknowledged is lost, and the next one takes over at once', async (t) => {
  const base = realpathSync(temporaryFolder());
  const root = join(base, 'folder');
  mkdirSync(root);
  writeFileSync(join(root, '.obbywatch'), '*.md\n');
  const threads: Worker[] = [];
  /** The thread as it is, but for a message on which it hangs. */
  const code = `
    const { parentPort } = require('node:worker_threads');
    parentPort.on('message', ({ method }) => { if (method === 'hang') for (;;); });
    require(${JSON.stringify(resolve('dist/worker.js'))});`;
  const start = (ended: readonly number[]): WorkerPort => {
    const workerData: WorkerData = { words: undefined, endedThreads: ended };
    const thread = new Worker(code, { eval: true, execArgv: [], workerData });
    threads.push(thread);
    return thread;
  };
  // The watchdog's minute passes in six seconds.
  const clock = { ...systemClock, after: (ms: number, run: () => void) => systemClock.after(ms / 10, run) };
  const client = new EngineClient(start, new ListLog(), clock);
  t.after(() => client.dispose());
  const { engine } = client;
  const key = 'file:///folder';
  const options = { root, storeDir: join(base, 'store'), settings: folderSettings({}, { events: 'own' }) };
  await engine.open(key, options);
  writeFileSync(join(root, 'a.md'), 'acknowledged');
  await engine.record(key, ['a.md']);
  const failed = new Promise<ThreadFailure>((resolve) => client.onDidFail(resolve));
  threads[0]?.postMessage({ method: 'hang' });
  writeFileSync(join(root, 'a.md'), 'while it hangs');
  await assert.rejects(engine.record(key, ['a.md']), /did not answer/);
  await (
    await failed
  ).restarted;
  await engine.open(key, options);
  await engine.scan(key, 'asked');
  const history = readerOf(engine, key);
  const versions = await history.versions('a.md', { limit: 100 });
  assert.deepEqual(await Promise.all(versions.map(({ id }) => history.text(id))), ['while it hangs', 'acknowledged']);
  assert.equal(readdirSync(options.storeDir).filter((name) => name.endsWith('.owner')).length, 1);
  await engine.close(key);
});
