import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { installOnce } from '../../support/host/installOnce';

/** No process has this id: Linux ends at 2^22. */
const endedPid = 2 ** 22 + 1;

describe('installOnce', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'obby-install-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function fill(folder: string): Promise<void> {
    writeFileSync(path.join(folder, 'file'), 'whole');
    return Promise.resolve();
  }

  it('fills a folder once, however many ask at once', async () => {
    let fills = 0;
    const ask = () =>
      installOnce(
        'thing',
        async (folder) => {
          fills++;
          await fill(folder);
        },
        root,
      );
    const folders = await Promise.all([ask(), ask(), ask()]);
    assert.deepEqual(new Set(folders), new Set([path.join(root, 'thing')]));
    assert.equal(fills, 1);
    assert.deepEqual(readdirSync(root), ['thing']);
  });

  it('leaves nothing behind that looks installed when filling fails', async () => {
    const failing = installOnce('thing', () => Promise.reject(new Error('no network')), root);
    await assert.rejects(failing, /no network/);
    assert.deepEqual(readdirSync(root), []);
  });

  it('takes over what a killed installation left', async () => {
    writeFileSync(path.join(root, 'thing.lock'), String(endedPid));
    writeFileSync(path.join(root, `thing.partial-${endedPid}`), 'half');
    const folder = await installOnce('thing', fill, root);
    assert.equal(readFileSync(path.join(folder, 'file'), 'utf8'), 'whole');
    assert.deepEqual(readdirSync(root), ['thing']);
  });

  it('waits for a running process, and takes what that has installed', async () => {
    const lock = path.join(root, 'thing.lock');
    writeFileSync(lock, String(process.ppid));
    const waiting = installOnce('thing', () => Promise.reject(new Error('installed twice')), root);
    mkdirSync(path.join(root, 'thing'));
    rmSync(lock);
    assert.equal(await waiting, path.join(root, 'thing'));
    assert.deepEqual(readdirSync(root), ['thing']);
  });
});
