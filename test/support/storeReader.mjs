// Reads a store without Obby, by src/store/FORMAT.md alone: writes the content of each version to OUT/<id> and the list
// of versions, in their order, to OUT/versions.json, labels and pins to OUT/annotations.json. Needs Node.js 24 for its SQLite and its zstd: `node storeReader.mjs STORE OUT`
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { crc32, zstdDecompressSync } from 'node:zlib';

function readJournal(file, id) {
  const source = { kind: 'journal', versions: [], annotations: [], contents: new Map(), replaces: [] };
  for (let at = 32; at + 28 <= file.length;) {
    const bodyAt = at + 24 + file.readUInt32LE(at + 12);
    const end = bodyAt + file.readUInt32LE(at + 16);
    const [meta, body] = [file.subarray(at + 24, bodyAt), file.subarray(bodyAt, end)];
    const sum = end + 4 > file.length ? undefined : file.readUInt32LE(end);
    if (crc32(file.subarray(at + 24, end), crc32(id)) !== sum) break;
    if (file[at + 4] === 1) source.versions.push(JSON.parse(meta));
    if (file[at + 4] === 3) source.annotations.push(JSON.parse(meta));
    const content = { encoding: meta[36], base: meta.toString('hex', 38), body };
    if (file[at + 4] === 2) source.contents.set(meta.toString('hex', 0, 32), content);
    at = end + 4;
  }
  return source;
}

/** Whether the pages of a database have their checksums, and are what these say. */
function hasGoodPages(file) {
  const end = file.length - 16;
  const count = end / (1024 + 4);
  if (!Number.isInteger(count) || file.toString('latin1', end, end + 8) !== 'OBBYSUMS') return false;
  if (crc32(file.subarray(count * 1024, -4)) !== file.readUInt32LE(file.length - 4)) return false;
  const sums = Array.from({ length: count }, (_, n) => file.readUInt32LE(count * 1024 + n * 4));
  return sums.every((sum, n) => crc32(file.subarray(n * 1024, (n + 1) * 1024)) === sum);
}

function readSegment(file) {
  const database = new DatabaseSync(file, { readOnly: true });
  const all = (sql) => database.prepare(sql).all();
  const source = { kind: 'segment', versions: [], annotations: [], contents: new Map(), numbers: new Map() };
  const meta = Object.fromEntries(all('SELECT key, value FROM meta').map(({ key, value }) => [key, value]));
  if (meta.format !== 3) throw new Error(`${file} has format ${meta.format}.`);
  source.replaces = hasGoodPages(readFileSync(file)) ? JSON.parse(meta.replaces) : [];
  for (const { mark } of all('SELECT mark FROM marks')) source.annotations.push(JSON.parse(mark));
  for (const { n, encoding, base, contents, body } of all('SELECT * FROM blocks')) {
    const list = Buffer.from(contents);
    const block = { encoding, body, base: source.numbers.get(base), isShared: list.length > 36 };
    for (let place = 0, at = 0; place * 36 < list.length; place++) {
      const [sha256, size] = [list.toString('hex', place * 36, place * 36 + 32), list.readUInt32LE(place * 36 + 32)];
      source.numbers.set(n * 1024 + place, sha256);
      source.contents.set(sha256, { encoding, block, at, size });
      at += size;
    }
  }
  for (const { frame } of all('SELECT frame FROM versions')) readFrame(source, JSON.parse(zstdDecompressSync(frame)));
  return source;
}

/** The versions of a frame, each field of which has a column. */
function readFrame(source, { files, ...columns }) {
  const [paths, contents] = [files.map((file) => (Array.isArray(file) ? file[0] : file)), files.map(() => 0)];
  let [time, sequence] = [0, 0];
  for (const [n, file] of columns.file.entries()) {
    const row = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column[n]]));
    [time, sequence] = [time + row.time, sequence + row.sequence];
    const id = `v1-${time.toString(36).padStart(9, '0')}-${row.writer}-${sequence.toString(36)}`;
    paths[file] = row.path ?? paths[file];
    contents[file] += row.content ?? 0;
    const sha256 = typeof row.content === 'number' ? source.numbers.get(contents[file]) : row.sha256;
    source.versions.push({ ...row, id, path: paths[file], sha256 });
  }
}

/** The bytes of a content of a journal or segment. */
function unpack(source, sha256) {
  const { block, at, size, encoding, base, body } = source.contents.get(sha256);
  if (block === undefined) return decode(source, encoding, base, body);
  block.bytes ??= decode(source, block.encoding, block.base, block.body);
  return block.bytes.subarray(at, at + size);
}

function decode(source, encoding, base, body) {
  if (encoding === 0) return Buffer.from(body);
  if (encoding === 1) return zstdDecompressSync(body);
  const before = unpack(source, base);
  if (encoding === 2) return zstdDecompressSync(body, { dictionary: before });
  const [prefix, suffix] = [0, 4].map((from) => Buffer.from(body).readUInt32LE(from));
  const end = before.length - suffix;
  const dictionary = before.subarray(Math.max(0, prefix - 32768), Math.min(before.length, end + 32768));
  const middle = zstdDecompressSync(body.subarray(8), { dictionary });
  return Buffer.concat([before.subarray(0, prefix), middle, before.subarray(end)]);
}

const [store, out] = process.argv.slice(2);
const sources = new Map();
const named = (ending) =>
  readdirSync(store)
    .filter((name) => name.endsWith(ending))
    .sort();
const idOf = (name) => name.split('.')[0];
for (const name of named('.segment')) sources.set(idOf(name), readSegment(`${store}/${name}`));
for (const name of named('.journal'))
  sources.set(idOf(name), readJournal(readFileSync(`${store}/${name}`), idOf(name)));
const replaced = new Set([...sources.values()].flatMap(({ replaces }) => replaces));
const replacing = [...sources].filter(([id]) => !replaced.has(id)).map(([, source]) => source);
for (const id of replacing.flatMap(({ replaces }) => replaces)) sources.delete(id);
const versions = new Map([...sources.values()].flatMap((source) => source.versions).map((row) => [row.id, row]));
const writers = [...new Set([...versions.keys()].map((id) => id.split('-')[2]))];
const keyOf = ({ id }) => {
  const [, time, writer, sequence] = id.split('-');
  return [parseInt(time, 36), writers.indexOf(writer), parseInt(sequence, 36)];
};
const inOrder = [...versions.values()].sort((left, right) => {
  const [a, b] = [keyOf(left), keyOf(right)];
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
});
const annotations = new Map();
for (const annotation of [...sources.values()].flatMap((source) => source.annotations)) {
  const about = `${annotation.type} ${annotation.id ?? annotation.version}`;
  if (!(annotations.get(about)?.at > annotation.at)) annotations.set(about, annotation);
}
for (const row of inOrder) {
  const { id, sha256, unstored } = row;
  if (!sha256 || unstored) continue;
  const source = [...sources.values()].find(({ contents }) => contents.has(sha256));
  const bytes = unpack(source, sha256);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error(`${id} is not what it was.`);
  writeFileSync(`${out}/${id}`, bytes);
  const { encoding, block } = source.contents.get(sha256);
  row.stands = `${source.kind} ${encoding}${block?.isShared ? ' shared' : ''}`;
}
writeFileSync(`${out}/versions.json`, JSON.stringify(inOrder));
writeFileSync(`${out}/annotations.json`, JSON.stringify([...annotations.values()]));
