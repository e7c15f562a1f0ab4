/** Raised when an older Obby could not read it rightly; the whole folder's format is raised along with it. */
export const segmentFormat = 3;
/** `OBBS`, so that `file` and SQLite tools tell a segment from other databases. */
const segmentApplication = 0x4f424253;

/**
 * A segment is a SQLite database that never changes; earlierSegment.ts has what it was before format 3.
 *
 * `blocks` are contents one behind the other, in one body: `contents` has of each its hash (32 bytes) and its size (u32),
 * and `encoding` is a number of `encodings`, see contentRow.ts. A content is known by its number, 1024 times that of its
 * block and its place in it (0-based). `base` is the number of a content in a block before.
 *
 * `versions` are zstd frames of `size` bytes, each with up to 512 versions, oldest first; see versionFrame.ts.
 *
 * `meta` holds `format`, `id`, `made` (ms) and `replaces`, the ids of the sources whose place it takes, as JSON;
 * `forgets` is 1 when something of them was forgotten.
 */
export const segmentSchema = `
  PRAGMA application_id = ${segmentApplication};
  CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE versions(n INTEGER PRIMARY KEY, size INTEGER NOT NULL, frame BLOB NOT NULL);
  CREATE TABLE blocks(
    n INTEGER PRIMARY KEY, encoding INTEGER NOT NULL, base INTEGER, contents BLOB NOT NULL, body BLOB NOT NULL);
  CREATE TABLE marks(mark TEXT NOT NULL);
`;

/** Gives a row in segments of formats 1 and 2 only; see earlierSegment.ts. */
export const earlierTable = "SELECT 1 FROM sqlite_schema WHERE name = 'contents'";
