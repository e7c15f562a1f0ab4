import type { EncodedLink } from './codec';

/** A depth is written as one byte: a longer chain is a circle. */
export const maxLinks = 256;

/** A content as it stands in a journal or segment, and the one it stands on, in the same file. */
export interface ContentLink extends EncodedLink {
  readonly sha256: string;
  readonly base?: { readonly position: number } | { readonly sha256: string };
}
