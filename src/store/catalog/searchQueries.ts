import type { SearchedContent, SearchedPage, SearchedState, SearchedVersion } from '../../model/search';
import { causes } from '../../model/version';
import type { Sqlite, SqlRow } from '../disk/sqlite';
import { formatVersionId, parseVersionId } from '../format/versionKey';
import { kinds } from '../format/versionRow';
import { keyBits } from './catalogSchema';
import type { Catalog } from './catalog';
import { headsFrom, newestFirst } from './catalogQueries';
import { columnText, hexOf } from './catalogRows';

const deleted = kinds.indexOf('deleted');
const created = kinds.indexOf('created');
const baseline = causes.indexOf('baseline');

/** Whether the lines of a version are known. */
const isKnown = (version: string): string =>
  `(${version}.kind = ${deleted} OR (${version}.content IS NOT NULL AND ${version}.unstored IS NULL))`;

/** Queries of a search through all versions. */
export class SearchQueries {
  constructor(private readonly catalog: Pick<Catalog, 'sqlite'>) {}

  private get sqlite(): Sqlite {
    return this.catalog.sqlite;
  }

  versions({ since = 0, until, cause, before, limit, contents }: SearchedPage): SearchedVersion[] {
    const key = before === undefined ? undefined : parseVersionId(before);
    const files = contents && this.filesWith(contents).join(', ');
    const rows = this.sqlite.all(
      `SELECT v.time, (SELECT name FROM writers WHERE n = v.writer), v.sequence,
        (SELECT path FROM paths WHERE n = v.path), v.kind, v.cause, ${isKnown('v')}, p.kind,
        c.n, c.sha256, c.source, c.position, d.n, d.sha256, d.source, d.position
       FROM versions v LEFT JOIN versions p ON (p.time, p.writer, p.sequence) = (
         SELECT o.time, o.writer, o.sequence FROM versions o WHERE o.file = v.file AND ${isKnown('o')}
         AND (o.time, o.writer, o.sequence) < (v.time, v.writer, v.sequence)
         ORDER BY o.time DESC, o.writer DESC, o.sequence DESC LIMIT 1)
       LEFT JOIN contents c ON c.n = v.content LEFT JOIN contents d ON d.n = p.content
       WHERE v.time >= ? AND v.time < ? AND (v.time, v.writer, v.sequence) < (?, ifnull((SELECT n FROM writers WHERE name = ?), -1), ?)
       ${cause === undefined ? '' : `AND v.cause = ${causes.indexOf(cause)}`}
       ${files === undefined ? '' : `AND v.file IN (${files})`} ${newestFirst} LIMIT ?`,
      ...[since, until ?? Number.MAX_SAFE_INTEGER],
      ...(key ? [key.time, key.writer, key.sequence] : [Number.MAX_SAFE_INTEGER, '', 0]),
      limit,
    );
    return rows.map(([time, writer, sequence, path, kind, why, known, kindBefore, ...found]) => {
      // A file that was there when it was first seen has lines of unknown age.
      const first: SearchedState = kind === created && why !== baseline ? 'nothing' : 'unknown';
      return {
        id: formatVersionId({ time: Number(time), writer: columnText(writer), sequence: Number(sequence) }),
        path: columnText(path),
        state: known === 1 ? stateOf(kind, found.slice(0, 4)) : 'unknown',
        before: kindBefore === null ? first : stateOf(kindBefore, found.slice(4)),
      };
    });
  }

  liveContents(keys?: readonly number[]): SearchedContent[] {
    const among = keys === undefined ? '' : `AND f.content IN (${keys.join(', ')})`;
    return this.sqlite
      .all(
        `SELECT n, sha256, source, position FROM contents
         WHERE n IN (SELECT v.content ${headsFrom} ${among} AND v.content = f.content AND v.unstored IS NULL)
         ORDER BY source, position`,
      )
      .map(contentOf);
  }

  /** Contents of a source, by their places. */
  contentsOf(source: string): SearchedContent[] {
    return this.sqlite
      .all(
        `SELECT n, sha256, source, position FROM contents WHERE source = (SELECT n FROM sources WHERE id = ?)
         ORDER BY position`,
        source,
      )
      .map(contentOf);
  }

  /** The contents whose hashes begin with these 32 bits: mostly one. */
  contentsFrom(start: number): SearchedContent[] {
    const unit = 2 ** (keyBits - 32);
    return this.sqlite
      .all(
        'SELECT n, sha256, source, position FROM contents WHERE n >= ? AND n < ?',
        ...[start * unit, (start + 1) * unit + maxEqual],
      )
      .map(contentOf);
  }

  private filesWith(contents: readonly number[]): number[] {
    return this.sqlite
      .all(`SELECT DISTINCT file FROM versions WHERE content IN (${contents.join(', ')})`)
      .map(([file]) => Number(file));
  }
}

/** By how much the number of a content can be higher than the beginning of its hash, where others had that number. */
const maxEqual = 4;
/** More than the positions in a source. */
const placesInSource = 2 ** 40;

function stateOf(kind: unknown, content: SqlRow): SearchedState {
  return kind === deleted ? 'nothing' : contentOf(content);
}

function contentOf([key, sha256, source, position]: SqlRow): SearchedContent {
  return {
    key: Number(key),
    sha256: hexOf(sha256) ?? '',
    place: Number(source) * placesInSource + Number(position),
  };
}
