import { dirname } from 'node:path';
import { ObbyError } from '../../base/errors';
import { writeAll, type AppendFile, type FilePort } from '../disk/filePort';
import type { Database, SqlJsStatic } from 'sql.js';
import type { Codec } from '../format/codec';
import { withTrailer } from '../disk/pageSums';
import { contentNumber, contentsIn } from './segmentBlocks';
import { packVersions, type FrameContent } from './versionFrame';
import type { VersionRow } from '../format/versionRow';

/**
 * An exported history in one file: `"OBBYHIST"  format u32  (length u32  segment)*  0 u32`, little-endian. Segments are as
 * in a store, see segment.ts.
 */
const magic = Buffer.from('OBBYHIST', 'latin1');
const portableFormat = 1;
const headBytes = magic.length + 4;

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** Writes a portable file, under a temporary name until it is whole. */
export class PortableWriter {
  private written = 0;

  private constructor(
    private readonly files: FilePort,
    private readonly path: string,
    private readonly file: AppendFile,
  ) {}

  static async create(files: FilePort, path: string): Promise<PortableWriter> {
    await files.remove(temporaryOf(path));
    const writer = new PortableWriter(files, path, await files.create(temporaryOf(path)));
    await writer.write(Buffer.concat([magic, u32(portableFormat)]));
    return writer;
  }

  async add(segment: Uint8Array): Promise<void> {
    await this.write(u32(segment.length));
    await this.write(segment);
  }

  /** Returns the size of the file. */
  async finish(): Promise<number> {
    await this.write(u32(0));
    await this.file.sync();
    await this.file.close();
    await this.files.rename(temporaryOf(this.path), this.path);
    await this.files.syncDir(dirname(this.path));
    return this.written;
  }

  async giveUp(): Promise<void> {
    await this.file.close().catch(() => undefined);
    await this.files.remove(temporaryOf(this.path)).catch(() => undefined);
  }

  private async write(bytes: Uint8Array): Promise<void> {
    await writeAll(this.file, bytes);
    this.written += bytes.length;
  }
}

function temporaryOf(path: string): string {
  return `${path}.part`;
}

/** The segments of a portable file; rejects with `badArgument` when it is no such file or cut off. */
export async function* readPortable(files: FilePort, path: string): AsyncGenerator<Buffer> {
  const size = (await files.stat(path))?.size;
  if (size === undefined) throw new ObbyError('notFound', `${path} does not exist.`);
  const file = await files.openRead(path);
  try {
    const head = Buffer.from(await file.read(0, headBytes));
    if (!head.subarray(0, magic.length).equals(magic)) throw notPortable(path, 'it is no exported history');
    const format = head.readUInt32LE(magic.length);
    if (format !== portableFormat) {
      throw notPortable(path, `its format is ${format}, and this version of Obby reads format ${portableFormat} only`);
    }
    for (let at = headBytes; ;) {
      const length = Buffer.from(await file.read(at, 4));
      const bytes = length.length === 4 ? length.readUInt32LE(0) : size;
      if (bytes === 0 && at + 4 === size) return;
      if (bytes === 0 || at + 4 + bytes > size) throw notPortable(path, 'it is cut off or damaged');
      yield Buffer.from(await file.read(at + 4, bytes));
      at += 4 + bytes;
    }
  } finally {
    await file.close();
  }
}

export function notPortable(path: string, why: string): ObbyError {
  return new ObbyError('badArgument', `${path} cannot be imported: ${why}. Nothing was changed.`);
}

/** A segment of a portable file. */
export interface ForeignSegment {
  readonly database: Uint8Array;
  readonly rows: readonly VersionRow[];
}

/** The bytes of a foreign segment under a new id, without the versions that are `known`. */
export function renumbered(
  { sql, codec }: { readonly sql: SqlJsStatic; readonly codec: Codec },
  { database: bytes, rows }: ForeignSegment,
  id: string,
  known: ReadonlySet<string>,
): Uint8Array {
  const database = new sql.Database(bytes);
  try {
    database.run("UPDATE meta SET value = ? WHERE key = 'id'", [id]);
    database.run("UPDATE meta SET value = '[]' WHERE key = 'replaces'");
    const missing = rows.filter((row) => !known.has(row.id));
    if (known.size > 0) replaceFrames(database, codec, missing);
    return withTrailer(database.export());
  } finally {
    database.close();
  }
}

function replaceFrames(database: Database, codec: Codec, rows: readonly VersionRow[]): void {
  const contents = new Map<string, FrameContent>();
  for (const [n, list] of database.exec('SELECT n, contents FROM blocks')[0]?.values ?? []) {
    if (!(list instanceof Uint8Array)) continue;
    for (const [place, { sha256, size }] of [...contentsIn(list)].entries()) {
      contents.set(sha256, { n: contentNumber(Number(n), place), sha256, size });
    }
  }
  database.run('DELETE FROM versions');
  for (const [n, { size, frame }] of [...packVersions(codec, rows, (sha256) => contents.get(sha256))].entries()) {
    database.run('INSERT INTO versions VALUES (?, ?, ?)', [n + 1, size, frame]);
  }
}
