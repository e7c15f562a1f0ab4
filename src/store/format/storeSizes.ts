/** Sizes of the parts of a store. */
export interface StoreSizes {
  /** A journal is ended when it is this large, and segments are merged up to this size. */
  readonly fullBytes: number;
  /** A journal of at least this size is sealed in idle time. */
  readonly minSealBytes: number;
}

export const defaultSizes: StoreSizes = { fullBytes: 16 << 20, minSealBytes: 256 << 10 };
