/**
 * A range of changed lines on each side: 0-based, half-open. Lines end with `\n`, `\r\n` or `\r`, as in VS Code. An empty
 * side has `start === end`.
 */
export interface LineChange {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** A hunk of a unified diff, with its context. Line numbers are 1-based, as in a patch (0 where a side is empty). */
export interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  /** Each begins with ` `, `-` or `+`; `\ No newline at end of file` is a line of its own. */
  readonly lines: readonly string[];
}

/** The difference of two texts. */
export interface TextDiff {
  /** A unified patch that `patch -p1` and `git apply` accept; empty when there are no hunks. */
  readonly patch: string;
  readonly hunks: readonly Hunk[];
  /** Lines are compared without their endings, unless only endings differ. The patch has endings and byte order marks. */
  readonly changes: readonly LineChange[];
  readonly added: number;
  readonly removed: number;
  /** Only line endings differ. */
  readonly eolOnly: boolean;
  /** How many unchanged lines end differently. */
  readonly eolChanged: number;
  /** Only the encoding or its byte order mark differs: there are no changes, and there may be no hunks. */
  readonly encodingOnly: boolean;
  /** A side is not text: there are no hunks. */
  readonly binary: boolean;
  /** A side is over 32 MiB or a million lines: it was not compared line by line, there are no hunks. */
  readonly tooLarge: boolean;
  /** The bytes of both sides are the same. */
  readonly identical: boolean;
}

export interface DiffOptions {
  /** Lines of context around each hunk, default 3. With 0, `git apply` rejects the patch. */
  readonly context?: number;
  /**
   * VS Code's names of the encodings to try before guessing; the first one is that of an editor whose text is given.
   * Default: the setting `files.encoding`.
   */
  readonly encodings?: readonly string[];
}

/** A side of a comparison, as it was when it was compared. */
export interface ComparedContent {
  /** Without byte order mark; `''` where the diff has no lines to show. */
  readonly text: string;
  /** VS Code's name, with `WithoutBom` for UTF-16 without mark; absent for a given text and where `text` is not read. */
  readonly encoding?: string;
  /** Absent without line endings. */
  readonly lineEnding?: 'LF' | 'CRLF' | 'CR' | 'mixed';
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex; absent for a side that does not exist and for a text that was given. */
  readonly sha256?: string;
}

/** Both sides of a comparison and how they differ, of one time. */
export interface ContentComparison {
  readonly left: ComparedContent;
  readonly right: ComparedContent;
  readonly diff: TextDiff;
}
