import type { CatalogEntry } from './catalogBatch';
import { decodeContentRow } from './contentRow';
import { recordType } from './journalFormat';
import type { ScannedRecord } from './journalScan';
import { parseMark } from './mark';
import { decodeVersionRow } from './versionRow';

/** What a record of a journal says; `other` for a type that this version does not know, undefined for nonsense. */
export function entryOf({ type, meta, position, length }: ScannedRecord): CatalogEntry | 'other' | undefined {
  switch (type) {
    case recordType.version: {
      const row = decodeVersionRow(meta);
      return row && { type: 'version', row };
    }
    case recordType.content: {
      const row = decodeContentRow(meta);
      if (row === undefined) return undefined;
      const { sha256, depth, base } = row;
      return { type: 'content', sha256, place: { position, length, depth, ...(base === undefined ? {} : { base }) } };
    }
    case recordType.mark: {
      const mark = parseMark(Buffer.from(meta).toString('utf8'));
      return mark && { type: 'mark', mark };
    }
    default:
      return 'other';
  }
}
