/** What the files of a history hold, read without the store: only codec and record formats are its own. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import initSqlJs from 'sql.js';
import * as vscode from 'vscode';
import { historyName } from '../../src/host/historyName';
import { Codec } from '../../src/store/codec';
import { decodeContentRow, encodings, type Encoding } from '../../src/store/contentRow';
import { decodeRecord, headerBytes, recordLength, recordType, saltOf } from '../../src/store/journalFormat';
import { Zstd } from '../../src/store/zstd';

/** The folder that holds the history of a workspace folder; see test/support/run/integrationTests.ts. */
export function historyDirOf(folder: vscode.Uri): string {
  const location = vscode.workspace.getConfiguration('obby').get('storage.location');
  assert.ok(typeof location === 'string' && location !== '');
  return path.join(location, historyName(path.basename(folder.path), folder.toString()));
}

/** Every file's bytes by its name and, of each content in it, the bytes that it stands for. */
export async function everythingIn(dir: string): Promise<Map<string, Buffer[]>> {
  const wasmDir = vscode.extensions.getExtension('obby.obby')?.extensionPath ?? '';
  const zstd = await Zstd.load(path.join(wasmDir, 'dist'));
  const wasm = await readFile(path.join(wasmDir, 'dist', 'sql-wasm.wasm'));
  const sql = await initSqlJs({ wasmBinary: new Uint8Array(wasm).buffer });
  const found = new Map<string, Buffer[]>();
  for (const name of await readdir(dir)) {
    const bytes = await readFile(path.join(dir, name));
    const isDatabase = bytes.toString('latin1', 0, 15) === 'SQLite format 3';
    const contents = isDatabase ? databaseContents(new sql.Database(bytes), zstd) : journalContents(bytes, zstd);
    found.set(name, [bytes, ...contents]);
  }
  return found;
}

/** Contents and blocks of a segment; nothing of a catalog, which has neither. */
function databaseContents(database: initSqlJs.Database, zstd: Zstd): Buffer[] {
  const rows = (query: string) => database.exec(query)[0]?.values ?? [];
  if (rows("SELECT 1 FROM sqlite_master WHERE name = 'blocks'").length === 0) return [];
  const codec = new Codec(zstd);
  const blocks = new Map(
    rows('SELECT n, body, size FROM blocks').map(([n, body, size]) => [
      Number(n),
      Buffer.from(codec.unpackBlock(body as Uint8Array, Number(size))),
    ]),
  );
  const contents = new Map(
    rows('SELECT n, encoding, size, base, at, body FROM contents').map(([n, ...content]) => [Number(n), content]),
  );
  const decode = (n: number): Buffer => {
    const [kind, size, base, at, body] = contents.get(n) ?? assert.fail(`There is no content ${n}.`);
    const encoding: Encoding = encodings[Number(kind)] ?? assert.fail();
    if (encoding === 'part') {
      const block = blocks.get(Number(base)) ?? assert.fail(`There is no block ${Number(base)}.`);
      return block.subarray(Number(at), Number(at) + Number(size));
    }
    const link = { encoding, body: body as Uint8Array, size: Number(size) };
    return Buffer.from(codec.decode([link], base === null ? undefined : decode(Number(base))));
  };
  return [...blocks.values(), ...[...contents.keys()].map(decode)];
}

function journalContents(bytes: Buffer, zstd: Zstd): Buffer[] {
  const codec = new Codec(zstd);
  const salt = saltOf(bytes.toString('latin1', 12, 28).replace(/\0+$/, ''));
  const contents = new Map<string, Buffer>();
  for (let position = headerBytes; position < bytes.length;) {
    const record = decodeRecord(bytes.subarray(position), salt, position);
    if (!record) break;
    const row = record.head.type === recordType.content ? decodeContentRow(record.meta) : undefined;
    if (row) {
      const base = row.base === undefined ? undefined : contents.get(row.base);
      const content = codec.decode([{ encoding: row.encoding, body: record.body, size: row.size }], base);
      contents.set(row.sha256, Buffer.from(content));
    }
    position += recordLength(record.head);
  }
  return [...contents.values()];
}
