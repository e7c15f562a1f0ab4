import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import type { SqlJsStatic } from 'sql.js';
import { sha256Of } from '../../../../src/base/sha256';
import { Codec } from '../../../../src/store/format/codec';
import { Zstd } from '../../../../src/store/format/zstd';
import { loadSqlite } from '../../../../src/store/disk/sqlite';
import { NotReadBack, readBack } from '../../../../src/store/segment/readBack';
import { SegmentBuilder } from '../../../../src/store/segment/segment';
import { wasmDir } from '../fixtures';

let sql: SqlJsStatic;
let codec: Codec;
before(async () => {
  sql = await loadSqlite(wasmDir());
  codec = new Codec(await Zstd.load(wasmDir()));
});

const texts = Array.from({ length: 40 }, (_, n) => `${n} `.repeat(300 + n));
const contents = texts.map((text) => sha256Of(Buffer.from(text)));
const { signal: stop } = new AbortController();

/** A segment of all texts, packed by a codec. */
function segmentBy(packing: Codec): Uint8Array {
  const builder = new SegmentBuilder(sql, packing);
  try {
    for (const text of texts) builder.addContent(sha256Of(Buffer.from(text)), Buffer.from(text), undefined);
    return builder.finish({ id: 'segment', made: 1, replaces: [], forgets: false });
  } finally {
    builder.close();
  }
}

test('a segment that has everything is read back', async () => {
  await readBack({ sql, codec, stop }, segmentBy(codec), { id: 'segment', versions: 0, contents });
});

test('a segment without a content or a version is not', async () => {
  const bytes = segmentBy(codec);
  const more = [...contents, sha256Of(randomBytes(9))];
  await assert.rejects(
    readBack({ sql, codec, stop }, bytes, { id: 'segment', versions: 0, contents: more }),
    NotReadBack,
  );
  await assert.rejects(readBack({ sql, codec, stop }, bytes, { id: 'segment', versions: 1, contents }), NotReadBack);
});

test('a segment whose contents were packed wrongly is not', async () => {
  const wrong: Codec = Object.create(codec) as Codec;
  let blocks = 0;
  wrong.block = (bytes, base) => {
    const changed = Uint8Array.from(bytes);
    if (blocks++ === 0) changed[bytes.length - 1] = 1;
    return codec.block(changed, base);
  };
  const bytes = segmentBy(wrong);
  assert.ok(blocks > 0);
  await assert.rejects(readBack({ sql, codec, stop }, bytes, { id: 'segment', versions: 0, contents }), NotReadBack);
});

test('a segment that was cut off is not', async () => {
  const bytes = segmentBy(codec).subarray(0, 5000);
  await assert.rejects(readBack({ sql, codec, stop }, bytes, { id: 'segment', versions: 0, contents }), NotReadBack);
});
