/** What the files of a history hold, read without the store: only codec and record formats are its own. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import initSqlJs from 'sql.js';
import * as vscode from 'vscode';
import { historyName } from '../../src/host/settings/storageSettings';
import { Codec } from '../../src/store/format/codec';
import { decodeContentRow, encodings, type Encoding } from '../../src/store/format/contentEncoding';
import { decodeRecord, headerBytes, recordLength, recordType, saltOf } from '../../src/store/journal/journalFormat';
import { Zstd } from '../../src/store/format/zstd';

const maxHintBytes = 1 << 20;

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
    const hints = name === 'stamps.json.zst' ? [Buffer.from(zstd.unpack(bytes, maxHintBytes))] : [];
    found.set(name, [bytes, ...contents, ...hints]);
  }
  return found;
}

/** Blocks of contents and what frames say of versions, of a segment; nothing of a catalog, which has neither. */
function databaseContents(database: initSqlJs.Database, zstd: Zstd): Buffer[] {
  const rows = (query: string) => database.exec(query)[0]?.values ?? [];
  if (rows("SELECT 1 FROM sqlite_master WHERE name = 'blocks'").length === 0) return [];
  const codec = new Codec(zstd);
  const contents = new Map<number, Buffer>();
  const blocks = rows('SELECT n, encoding, base, contents, body FROM blocks ORDER BY n').map(
    ([n, kind, base, list, body]) => {
      const encoding: Encoding = encodings[Number(kind)] ?? assert.fail();
      const sizes = sizesIn(Buffer.from(list as Uint8Array));
      const size = sizes.reduce((sum, each) => sum + each, 0);
      const stands =
        base === null ? undefined : (contents.get(Number(base)) ?? assert.fail(`There is no content ${Number(base)}.`));
      const block = Buffer.from(codec.decode([{ encoding, body: body as Uint8Array, size }], stands));
      for (let [place, at] = [0, 0]; place < sizes.length; at += sizes[place++] ?? 0) {
        contents.set(Number(n) * 1_024 + place, block.subarray(at, at + (sizes[place] ?? 0)));
      }
      return block;
    },
  );
  const frames = rows('SELECT frame, size FROM versions');
  return [...blocks, ...frames.map(([frame, size]) => Buffer.from(zstd.unpack(frame as Uint8Array, Number(size))))];
}

/** Of each content of a block `hash: 32 bytes  size u32`. */
function sizesIn(list: Buffer): number[] {
  return Array.from({ length: list.length / 36 }, (_, place) => list.readUInt32LE(place * 36 + 32));
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
