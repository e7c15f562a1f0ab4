import type { Uri } from 'vscode';
import type { Version } from '../../api/api';

/** One side of a comparison. */
export type Side =
  | { readonly kind: 'version'; readonly version: Version }
  /** The file as it is now, in its editor or on disk. */
  | { readonly kind: 'file'; readonly uri: Uri }
  /** No file at all: everything counts as added, or removed. */
  | { readonly kind: 'nothing'; readonly uri: Uri };

export interface Comparison {
  readonly left: Side;
  readonly right: Side;
}

/** Shows comparisons. */
export interface Comparer {
  compare(comparison: Comparison): Promise<void>;
}

/** The file that a side is a state of. */
export function fileOfSide(side: Side): Uri {
  return side.kind === 'version' ? side.version.uri : side.uri;
}
