import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, crc32InScript } from '../../../src/base/crc32';
import { writeAll } from '../../../src/store/disk/filePort';
import {
  decodeHeader,
  encodeHeader,
  encodeRecord,
  headerBytes,
  saltOf,
} from '../../../src/store/journal/journalFormat';
import { scanJournal, type JournalScanResult } from '../../../src/store/journal/journalScan';
import { JournalWriter } from '../../../src/store/journal/journalWriter';
import fc from '../../support/properties';
import { MemoryFiles } from './memoryFiles';

const id = 'abc123';
const path = '/store/abc123.me.journal';
const salt = saltOf(id);

interface Found {
  readonly type: number;
  readonly meta: string;
  readonly position: number;
  readonly length: number;
}

async function scan(bytes: Buffer, isGrowing = false): Promise<JournalScanResult & { readonly records: Found[] }> {
  const files = new MemoryFiles();
  files.put(path, bytes);
  const records: Found[] = [];
  const range = { from: 0, size: bytes.length, salt, isGrowing };
  const result = await scanJournal(await files.openRead(path), range, ({ meta, ...record }) => {
    records.push({ ...record, meta: Buffer.from(meta).toString('hex') });
  });
  return { ...result, records };
}

async function journalOf(
  records: readonly { readonly meta: Uint8Array; readonly body: Uint8Array }[],
): Promise<Buffer> {
  const files = new MemoryFiles();
  const writer = await JournalWriter.create(files, { id, path });
  for (const { meta, body } of records) await writer.add(7, meta, body);
  await writer.commit();
  await writer.close();
  return files.get(path);
}

const someRecords = fc.array(
  fc.record({ meta: fc.uint8Array({ maxLength: 60 }), body: fc.uint8Array({ maxLength: 3_000 }) }),
  {
    minLength: 1,
    maxLength: 12,
  },
);

test('the CRC-32 in script is the one that Node has built in', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (first, second) => {
      const both = Buffer.concat([first, second]);
      assert.equal(crc32InScript(both), crc32(both));
      assert.equal(crc32InScript(second, crc32InScript(first)), crc32(both));
    }),
  );
  assert.equal(crc32InScript(Buffer.from('123456789')), 0xcbf43926);
});

test('a header names its journal and format', () => {
  const header = encodeHeader(id);
  assert.equal(header.length, headerBytes);
  assert.equal(decodeHeader(header, id), 1);
  assert.equal(decodeHeader(header, 'other'), undefined);
  assert.equal(decodeHeader(header.subarray(0, 20), id), undefined);
});

test('every whole record outside the damage is found, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(
      someRecords,
      fc.nat(),
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 1, max: 255 }),
      async (records, at, length, xor) => {
        const bytes = await journalOf(records);
        const whole = await scan(bytes);
        assert.equal(whole.records.length, records.length);
        assert.deepEqual([whole.end, whole.damage], [bytes.length, []]);
        const from = headerBytes + (at % (bytes.length - headerBytes));
        const to = Math.min(from + length, bytes.length);
        for (let i = from; i < to; i++) bytes.writeUInt8(bytes.readUInt8(i) ^ xor, i);
        const { records: found, damage } = await scan(bytes);
        const untouched = whole.records.filter(
          (record) => record.position + record.length <= from || record.position >= to,
        );
        assert.deepEqual(found, untouched);
        assert.ok(damage.some((place) => place.from <= from && to <= place.to));
      },
    ),
  );
});

test('an unfinished write is no damage', async () => {
  const bytes = await journalOf([
    { meta: Buffer.from('one'), body: Buffer.alloc(100, 1) },
    { meta: Buffer.from('two'), body: Buffer.alloc(100, 2) },
  ]);
  const { records } = await scan(bytes);
  const [first, second] = records;
  assert.ok(first && second);
  for (let size = second.position; size < bytes.length; size++) {
    assert.deepEqual(await scan(bytes.subarray(0, size)), { records: [first], end: second.position, damage: [] });
  }
  const unfilled = Buffer.concat([bytes.subarray(0, second.position), Buffer.alloc(5_000)]);
  assert.deepEqual(await scan(unfilled), { records: [first], end: second.position, damage: [] });
});

test('a last record that is there but wrong is damage, unless somebody is writing', async () => {
  const bytes = await journalOf([{ meta: Buffer.from('one'), body: Buffer.alloc(100, 1) }]);
  bytes.writeUInt8(9, bytes.length - 30);
  const { end, damage } = await scan(bytes);
  assert.deepEqual([end, damage], [bytes.length, [{ from: headerBytes, to: bytes.length }]]);
  assert.deepEqual(await scan(bytes, true), { records: [], end: headerBytes, damage: [] });
});

test('records inside a content are not taken for records', async () => {
  // The worst case: this very journal, watched and recorded raw, and then the record around it damaged.
  const inner = await journalOf([{ meta: Buffer.from('fake'), body: Buffer.from('fake') }]);
  const here = encodeRecord(7, Buffer.from('fake'), Buffer.from('fake'), { salt: saltOf('another'), position: 68 });
  const bytes = await journalOf([
    { meta: Buffer.from('outer'), body: Buffer.concat([inner, here, inner]) },
    { meta: Buffer.from('next'), body: Buffer.alloc(0) },
  ]);
  bytes.writeUInt8(bytes.readUInt8(headerBytes) ^ 1, headerBytes);
  const { records } = await scan(bytes);
  assert.deepEqual(
    records.map(({ meta }) => Buffer.from(meta, 'hex').toString()),
    ['next'],
  );
});

test('a record larger than what is buffered at once is read and skipped', async () => {
  const bytes = await journalOf([
    { meta: Buffer.from('large'), body: Buffer.alloc(5 << 20, 3) },
    { meta: Buffer.from('small'), body: Buffer.from('x') },
  ]);
  assert.equal((await scan(bytes)).records.length, 2);
  bytes.writeUInt8(1, 3 << 20);
  const { records, damage } = await scan(bytes);
  assert.deepEqual(
    records.map(({ meta }) => Buffer.from(meta, 'hex').toString()),
    ['small'],
  );
  assert.equal(damage.length, 1);
});

test('a writer goes on where it is told', async () => {
  const files = new MemoryFiles();
  files.put(path, await journalOf([{ meta: Buffer.from('one'), body: Buffer.alloc(0) }]));
  const writer = await JournalWriter.resume(files, { id, path }, files.get(path).length);
  await writer.add(7, Buffer.from('two'), Buffer.alloc(0));
  await writer.commit();
  assert.equal((await scan(files.get(path))).records.length, 2);
});

test('a file that takes no bytes is no endless loop', async () => {
  const file = { write: () => Promise.resolve(0), sync: () => Promise.resolve(), close: () => Promise.resolve() };
  await assert.rejects(writeAll(file, Buffer.from('x')), /no bytes/);
});
