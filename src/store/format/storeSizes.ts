/** How large the parts of a store get. */
export interface StoreSizes {
  /** A journal gets no more records once it is this large, and segments are merged up to this size. */
  readonly fullBytes: number;
  /** A journal is sealed while nothing happens once it has this much. */
  readonly minSealBytes: number;
}

export const defaultSizes: StoreSizes = { fullBytes: 16 << 20, minSealBytes: 256 << 10 };
