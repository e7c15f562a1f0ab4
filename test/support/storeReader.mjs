// Reads a store without Obby, by src/store/FORMAT.md alone: writes the content of each version to OUT/<id> and the list
// of versions to OUT/versions.json. Needs Node.js 24 for its SQLite and its zstd: `node storeReader.mjs STORE OUT`
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { crc32, zstdDecompressSync } from 'node:zlib';

function readJournal(file, id) {
  const source = { kind: 'journal', versions: [], contents: new Map(), replaces: [] };
  for (let at = 32; at + 28 <= file.length;) {
    const bodyAt = at + 24 + file.readUInt32LE(at + 12);
    const end = bodyAt + file.readUInt32LE(at + 16);
    const [meta, body] = [file.subarray(at + 24, bodyAt), file.subarray(bodyAt, end)];
    const sum = end + 4 > file.length ? undefined : file.readUInt32LE(end);
    if (crc32(file.subarray(at + 24, end), crc32(id)) !== sum) break;
    if (file[at + 4] === 1) source.versions.push(JSON.parse(meta));
    const content = { encoding: meta[36], base: meta.toString('hex', 38), body };
    if (file[at + 4] === 2) source.contents.set(meta.toString('hex', 0, 32), content);
    at = end + 4;
  }
  return source;
}

function readSegment(file) {
  const database = new DatabaseSync(file, { readOnly: true });
  const all = (sql) => database.prepare(sql).all();
  const versions = all(`SELECT time, name writer, sequence, p.path, k.word kind, u.word unstored,
      lower(hex(ifnull(v.sha256, c.sha256))) sha256 FROM versions v
    JOIN writers w ON w.n = writer JOIN paths p ON p.n = v.path JOIN words k ON k.kind = 'kind' AND k.n = v.kind
    LEFT JOIN contents c ON c.n = content LEFT JOIN words u ON u.kind = 'unstored' AND u.n = v.unstored`);
  const idOf = ({ time, writer, sequence }) =>
    `v1-${time.toString(36).padStart(9, '0')}-${writer}-${sequence.toString(36)}`;
  const contents = all('SELECT n, lower(hex(sha256)) sha256, size, encoding, base, at, body FROM contents');
  const numbers = new Map(contents.map(({ n, sha256 }) => [n, sha256]));
  for (const content of contents) if (content.encoding !== 4) content.base = numbers.get(content.base);
  return {
    kind: 'segment',
    versions: versions.map((row) => ({ ...row, id: idOf(row) })),
    contents: new Map(contents.map((content) => [content.sha256, content])),
    blocks: new Map(all('SELECT * FROM blocks').map((block) => [block.n, { ...block, base: numbers.get(block.base) }])),
    replaces: JSON.parse(all("SELECT value FROM meta WHERE key = 'replaces'")[0].value),
  };
}

/** The bytes of a content of a journal or segment. */
function unpack(source, sha256) {
  const { encoding, base, at, size, body } = source.contents.get(sha256);
  if (encoding === 0) return Buffer.from(body);
  if (encoding === 1) return zstdDecompressSync(body);
  if (encoding === 4) return unpackBlock(source, source.blocks.get(base)).subarray(at, at + size);
  const before = unpack(source, base);
  if (encoding === 2) return zstdDecompressSync(body, { dictionary: before });
  const [prefix, suffix] = [0, 4].map((from) => Buffer.from(body).readUInt32LE(from));
  const end = before.length - suffix;
  const dictionary = before.subarray(Math.max(0, prefix - 32768), Math.min(before.length, end + 32768));
  const middle = zstdDecompressSync(body.subarray(8), { dictionary });
  return Buffer.concat([before.subarray(0, prefix), middle, before.subarray(end)]);
}

function unpackBlock(source, block) {
  block.bytes ??= zstdDecompressSync(block.body, block.base ? { dictionary: unpack(source, block.base) } : {});
  return block.bytes;
}

const [store, out] = process.argv.slice(2);
const sources = new Map();
for (const name of readdirSync(store)) {
  const id = name.split('.')[0];
  if (name.endsWith('.journal')) sources.set(id, readJournal(readFileSync(`${store}/${name}`), id));
  if (name.endsWith('.segment')) sources.set(id, readSegment(`${store}/${name}`));
}
for (const id of [...sources.values()].flatMap(({ replaces }) => replaces)) sources.delete(id);
const versions = new Map([...sources.values()].flatMap((source) => source.versions).map((row) => [row.id, row]));
for (const row of versions.values()) {
  const { id, sha256, unstored } = row;
  if (!sha256 || unstored) continue;
  const source = [...sources.values()].find(({ contents }) => contents.has(sha256));
  const bytes = unpack(source, sha256);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error(`${id} is not what it was.`);
  writeFileSync(`${out}/${id}`, bytes);
  const { encoding, base } = source.contents.get(sha256);
  row.stands = `${source.kind} ${encoding}${encoding === 4 && source.blocks.get(base).base ? ' on a base' : ''}`;
}
writeFileSync(`${out}/versions.json`, JSON.stringify([...versions.values()]));
