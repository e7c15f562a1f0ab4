import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../../support/eventually';
import { mountEventless } from '../../support/mounts';
import { temporaryFolder } from '../store/fixtures';
import { setUp } from './engineFixture';

test('a mount whose files change behind it is polled from the start, and says so', async (t) => {
  const source = temporaryFolder();
  mkdirSync(join(source, 'src'));
  const mount = mountEventless(source);
  t.after(() => mount.unmount());
  const { engine, store, clock } = await setUp({ folder: mount.path });
  const { engine: mode, engineReason } = engine.status;
  assert.equal(mode, 'polling');
  assert.equal(engineReason?.code, 'eventless file system');
  assert.match(String(engineReason.args[0]), /^fuse/);
  const textOf = async (): Promise<string | undefined> => {
    clock.advance(1_000);
    const [newest] = await store.versions('src/a.md', {});
    return newest?.sha256 === undefined ? newest?.kind : Buffer.from(await store.content(newest.id)).toString();
  };
  for (const text of ['one', 'two', 'three']) {
    writeFileSync(join(source, 'src/a.md'), text);
    await eventually(textOf, text);
  }
  rmSync(join(source, 'src/a.md'));
  await eventually(textOf, 'deleted');
  await engine.close();
});
