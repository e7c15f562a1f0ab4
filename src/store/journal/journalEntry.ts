import type { CatalogEntry } from '../catalog/catalogBatch';
import { decodeContentRow } from '../codec/contentRow';
import { recordType } from './journalFormat';
import type { ScannedRecord } from './journalScan';
import { parseAnnotation } from '../format/annotation';
import { decodeVersionRow } from '../format/versionRow';

/** The entry in a record of a journal; `other` for an unknown type, undefined for an invalid record. */
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
    case recordType.annotation: {
      const annotation = parseAnnotation(Buffer.from(meta).toString('utf8'));
      return annotation && { type: 'annotation', annotation };
    }
    default:
      return 'other';
  }
}
