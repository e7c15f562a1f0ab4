import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryFile, PagedBytes } from '../../../../src/store/disk/pagedBytes';
import { pageBytes, withTrailer } from '../../../../src/store/disk/pageSums';

test('a file whose checksums cannot be read at once is checked all the same', () => {
  const database = Buffer.alloc(8 * pageBytes, 'page');
  const damaged = withTrailer(database);
  damaged.writeUInt8(damaged.readUInt8(5_000) ^ 4, 5_000);
  const file = memoryFile(damaged);
  let failures = 1;
  const read = (position: number, length: number): Buffer => {
    if (failures-- > 0) throw new Error('EIO');
    return file.read(position, length);
  };
  const pages = PagedBytes.open({ ...file, read });
  assert.ok(pages && !pages.isUnchecked);
  assert.deepEqual(Buffer.from(pages.subarray(4 * pageBytes, 5 * pageBytes)), database.subarray(0, pageBytes));
  assert.equal(pages.mendedPages, 1);
});
