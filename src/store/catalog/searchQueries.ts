import type { SearchedContent, SearchedPage, SearchedState, SearchedVersion } from '../../model/search';
import { causes } from '../../model/version';
import type { Sqlite } from '../disk/sqlite';
import { formatVersionId, parseVersionId } from '../format/versionKey';
import { kinds } from '../format/versionRow';
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

  versions({ since = 0, until, cause, before, limit }: SearchedPage): SearchedVersion[] {
    const key = before === undefined ? undefined : parseVersionId(before);
    const rows = this.sqlite.all(
      `SELECT v.time, (SELECT name FROM writers WHERE n = v.writer), v.sequence,
        (SELECT path FROM paths WHERE n = v.path), v.kind, v.cause, ${isKnown('v')},
        v.content, (SELECT sha256 FROM contents WHERE n = v.content), p.kind,
        p.content, (SELECT sha256 FROM contents WHERE n = p.content)
       FROM versions v LEFT JOIN versions p ON (p.time, p.writer, p.sequence) = (
         SELECT o.time, o.writer, o.sequence FROM versions o WHERE o.file = v.file AND ${isKnown('o')}
         AND (o.time, o.writer, o.sequence) < (v.time, v.writer, v.sequence)
         ORDER BY o.time DESC, o.writer DESC, o.sequence DESC LIMIT 1)
       WHERE v.time >= ? AND v.time < ? AND (v.time, v.writer, v.sequence) < (?, ifnull((SELECT n FROM writers WHERE name = ?), -1), ?)
       ${cause === undefined ? '' : `AND v.cause = ${causes.indexOf(cause)}`} ${newestFirst} LIMIT ?`,
      ...[since, until ?? Number.MAX_SAFE_INTEGER],
      ...(key ? [key.time, key.writer, key.sequence] : [Number.MAX_SAFE_INTEGER, '', 0]),
      limit,
    );
    return rows.map(
      ([time, writer, sequence, path, kind, why, known, content, sha256, kindBefore, ...contentBefore]) => {
        const isNew = kindBefore === null;
        // A file that was there when it was first seen has lines of unknown age.
        const first: SearchedState = kind === created && why !== baseline ? 'nothing' : 'unknown';
        return {
          id: formatVersionId({ time: Number(time), writer: columnText(writer), sequence: Number(sequence) }),
          path: columnText(path),
          state: known === 1 ? stateOf(kind, content, sha256) : 'unknown',
          before: isNew ? first : stateOf(kindBefore, ...contentBefore),
        };
      },
    );
  }

  liveContents(): SearchedContent[] {
    return this.sqlite
      .all(
        `SELECT DISTINCT v.content, (SELECT sha256 FROM contents WHERE n = v.content) ${headsFrom}
        AND v.content IS NOT NULL AND v.unstored IS NULL`,
      )
      .map(([key, sha256]) => ({ key: Number(key), sha256: hexOf(sha256) ?? '' }));
  }
}

function stateOf(kind: unknown, content?: unknown, sha256?: unknown): SearchedState {
  if (kind === deleted) return 'nothing';
  return { key: Number(content), sha256: hexOf(sha256) ?? '' };
}
