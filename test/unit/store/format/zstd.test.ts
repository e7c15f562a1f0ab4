import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Zstd } from '../../../../src/store/format/zstd';
import { temporaryFolder, wasmDir } from '../fixtures';

test('a damaged or missing zstd.wasm is an error, and is tried again', async () => {
  const dir = temporaryFolder();
  await assert.rejects(Zstd.load(dir), { code: 'ENOENT' });
  writeFileSync(path.join(dir, 'zstd.wasm'), 'not WebAssembly');
  await assert.rejects(Zstd.load(dir), /zstd\.wasm is damaged/);
  copyFileSync(path.join(wasmDir(), 'zstd.wasm'), path.join(dir, 'zstd.wasm'));
  const zstd = await Zstd.load(dir);
  const text = Buffer.from('again and '.repeat(50));
  const frame = zstd.compress(text, 3);
  assert.deepEqual(Buffer.from(zstd.decompress([{ bytes: frame, size: text.length }])), text);
});
