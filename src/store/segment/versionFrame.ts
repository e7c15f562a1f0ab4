import type { Codec } from '../format/codec';
import { formatVersionId, parseVersionId } from '../format/versionKey';
import { parseVersionRow, versionFields, type FileKey, type VersionRow } from '../format/versionRow';

/** Versions in a frame, which are unpacked together, and lost together. */
const frameVersions = 512;

export interface FrameContent {
  readonly n: number;
  readonly sha256: string;
  readonly size: number;
}

/** The state of a file after the versions of the frame so far. */
interface Followed {
  readonly n: number;
  readonly file: FileKey;
  path: string;
  content: number;
}

/** The values of the version before, against which a version is encoded. */
interface Before {
  time: number;
  sequence: number;
  moment: string;
}

const atFirst = (): Before => ({ time: 0, sequence: 0, moment: '' });
const follow = (n: number, file: FileKey): Followed => ({ n, file, path: file.originPath, content: 0 });

/** Packs versions, which are sorted by time, into frames. */
export function* packVersions(
  codec: Codec,
  rows: readonly VersionRow[],
  contentOf: (sha256: string) => FrameContent | undefined,
): Generator<{ readonly size: number; readonly frame: Uint8Array }> {
  for (let at = 0; at < rows.length; at += frameVersions) {
    const columns = encodeVersions(rows.slice(at, at + frameVersions), contentOf);
    yield { size: columns.length, frame: codec.block(columns) };
  }
}

/**
 * Versions as JSON in columns: `{"files": […], "file": […], …}`, for each field one value per version, null where it has
 * none; a column without values is left out. Fields are those of journals, but for:
 *
 * - `files` are the paths where the histories of the files began, or `[path, nth]`; `file` is an index into it.
 * - `time` and `sequence`, less those of the version before, and `writer` make the id.
 * - `moment` is null where it is that of the version before; `path`, where it is that of the file's version before or,
 *   for the first, where the file began.
 * - `content` is the number of a content of the segment, less that of the file's version before which has one; it has the
 *   hash, and the size unless there is a `size`.
 */
function encodeVersions(
  rows: readonly VersionRow[],
  contentOf: (sha256: string) => FrameContent | undefined,
): Uint8Array {
  const files = new Map<string, Followed>();
  const columns: Record<string, unknown[]> = {};
  const before = atFirst();
  for (const [n, row] of rows.entries()) {
    const key = `${row.file.generation} ${row.file.originPath}`;
    const file = files.get(key) ?? follow(files.size, row.file);
    files.set(key, file);
    const content = row.sha256 === undefined || row.unstored ? undefined : contentOf(row.sha256);
    for (const [name, value] of Object.entries(cellsOf(row, file, content, before))) {
      if (value !== undefined) (columns[name] ??= rows.map(() => null))[n] = value;
    }
  }
  const names = [...files.values()].map(({ file: { originPath, generation } }) =>
    generation === 0 ? originPath : [originPath, generation],
  );
  return Buffer.from(JSON.stringify({ files: names, ...columns }));
}

/** The values of a version's columns; updates `before` and `file`. */
function cellsOf(
  row: VersionRow,
  file: Followed,
  content: FrameContent | undefined,
  before: Before,
): Readonly<Record<string, unknown>> {
  const { id, path, size, sha256, moment, stamp: _stamp, born: _born, nth: _nth, ...rest } = versionFields(row);
  const key = parseVersionId(id);
  if (key === undefined) throw new Error(`${id} is no id of a version`);
  const cells = {
    ...{ file: file.n, time: key.time - before.time, writer: key.writer, sequence: key.sequence - before.sequence },
    ...rest,
    path: path === file.path ? undefined : path,
    ...(content === undefined ? { sha256 } : { content: content.n - file.content }),
    size: size === content?.size ? undefined : size,
    moment: moment === before.moment ? undefined : moment,
  };
  Object.assign(before, { time: key.time, sequence: key.sequence, moment });
  Object.assign(file, { path, content: content?.n ?? file.content });
  return cells;
}

/**
 * The inverse of {@link encodeVersions}: for each version a function that returns it, or throws when it is invalid or its
 * content is missing. Throws when the bytes are no frame.
 */
export function* decodeVersions(
  bytes: Uint8Array,
  contentAt: (n: number) => Omit<FrameContent, 'n'> | undefined,
): Generator<() => VersionRow> {
  const columns = parseFrame(bytes);
  const followed = (columns['files'] ?? []).map((each, n) => follow(n, fileOf(each)));
  const before = atFirst();
  for (let n = 0; n < (columns['time']?.length ?? 0); n++) {
    const fields = fieldsOf((name) => columns[name]?.[n] ?? undefined, followed, before);
    yield () => rowOf(fields, contentAt);
  }
}

function parseFrame(bytes: Uint8Array): Readonly<Record<string, readonly unknown[]>> {
  const frame: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  if (typeof frame !== 'object' || frame === null) throw new Error('there are no versions where some should be');
  return Object.fromEntries(Object.entries(frame).filter(([, column]) => Array.isArray(column)));
}

/** A value of `files`; an invalid one makes its versions invalid. */
function fileOf(value: unknown): FileKey {
  const [born, nth] = (Array.isArray(value) ? value : [value, 0]) as unknown[];
  return { originPath: typeof born === 'string' ? born : '', generation: typeof nth === 'number' ? nth : -1 };
}

/** The fields of a version, without those of its content. */
interface Fields {
  readonly [name: string]: unknown;
  readonly content: number | undefined;
}

/** The fields of a version from its cells; updates `before` and its file. */
function fieldsOf(cell: (name: string) => unknown, files: readonly Followed[], before: Before): Fields {
  const file = files[Number(cell('file'))] ?? follow(-1, fileOf(undefined));
  const [path, moment, content] = [cell('path'), cell('moment'), cell('content')];
  before.time += Number(cell('time'));
  before.sequence += Number(cell('sequence'));
  if (typeof moment === 'string') before.moment = moment;
  if (typeof path === 'string') file.path = path;
  if (content !== undefined) file.content += Number(content);
  return {
    id: formatVersionId({ ...before, writer: String(cell('writer')) }),
    born: file.file.originPath,
    nth: file.file.generation,
    path: file.path,
    moment: before.moment,
    content: content === undefined ? undefined : file.content,
    ...{ kind: cell('kind'), cause: cell('cause'), causeDetail: cell('causeDetail'), sure: cell('sure') },
    ...{ eolOnly: cell('eolOnly'), binary: cell('binary'), size: cell('size'), sha256: cell('sha256') },
    ...{ added: cell('added'), removed: cell('removed') },
    ...{ unstored: cell('unstored'), renamedFrom: cell('renamedFrom'), mode: cell('mode'), at: cell('at') },
  };
}

function rowOf(fields: Fields, contentAt: (n: number) => Omit<FrameContent, 'n'> | undefined): VersionRow {
  const content = fields.content === undefined ? undefined : contentAt(fields.content);
  if (fields.content !== undefined && content === undefined) throw new Error('a content is missing');
  const row = parseVersionRow(content === undefined ? fields : { ...fields, ...sizedBy(fields, content) });
  if (row === undefined) throw new Error('a version is not what was written');
  return row;
}

/** The hash and size of a version with this content. */
function sizedBy(
  { size }: Fields,
  content: Omit<FrameContent, 'n'>,
): { readonly sha256: string; readonly size: unknown } {
  return { sha256: content.sha256, size: size ?? content.size };
}
