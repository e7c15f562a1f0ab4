import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../../src/base/clock';
import { EngineHost } from '../../../src/engine/engineHost';
import { actionsOf, readerOf } from '../../../src/engine/historyCalls';
import { nodeFilePort } from '../../../src/store/disk/nodeFilePort';
import { openStore } from '../../../src/store/openStore';
import { patternProgram } from '../../support/patternProgram';
import { folderSettings } from '../../support/folderSettings';
import { ListLog, temporaryFolder, wasmDir } from '../store/fixtures';

test('a check stores damaged contents again that the folder still has, and names the others', async (t) => {
  const base = realpathSync(temporaryFolder());
  const root = join(base, 'folder');
  const storeDir = join(base, 'store');
  mkdirSync(root);
  const log = new ListLog();
  const engine = new EngineHost({
    patternProgram,
    clock: systemClock,
    log,
    files: nodeFilePort,
    emit: () => undefined,
    openStore: (dir) => openStore({ dir, files: nodeFilePort, clock: systemClock, log, wasmDir: wasmDir() }),
  });
  const key = 'file:///folder';
  const open = () => engine.open(key, { root, storeDir, settings: folderSettings({}, { events: 'own' }) });
  t.after(() => engine.close(key));
  // Hexadecimal digits stay what they are in a store that packs nothing so short.
  const texts = { here: randomBytes(900).toString('hex'), gone: randomBytes(900).toString('hex') };
  writeFileSync(join(root, '.obbywatch'), '*.md\n');
  await open();
  writeFileSync(join(root, 'here.md'), texts.here);
  writeFileSync(join(root, 'gone.md'), texts.gone);
  await engine.scan(key, 'asked');
  writeFileSync(join(root, 'gone.md'), 'another text');
  await engine.scan(key, 'asked');
  await engine.close(key);
  for (const name of readdirSync(storeDir).filter((each) => each.endsWith('.journal'))) {
    const bytes = readFileSync(join(storeDir, name));
    for (const text of Object.values(texts)) {
      const at = bytes.indexOf(text);
      if (at >= 0) bytes.write('damage', at + 100);
    }
    writeFileSync(join(storeDir, name), bytes);
  }

  await open();
  const history = readerOf(engine, key);
  const [here] = await history.versions('here.md', {});
  const [, gone] = await history.versions('gone.md', {});
  assert.ok(here && gone);
  await assert.rejects(history.text(here.id));
  const report = await actionsOf(engine, key).check();
  assert.deepEqual(
    report.damaged.map(({ id }) => id),
    [gone.id],
  );
  assert.ok(report.repairs.some((repair) => /1 damaged content was read from the folder/.test(repair)));
  assert.equal(await history.text(here.id), texts.here);
});
