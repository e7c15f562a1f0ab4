/** The files of one group: other work runs in between, and a file that keeps changing delays only its group. */
const maxFiles = 32;
/** What a group may hold in memory, in bytes; a larger file is a group of its own. */
const maxBytes = 16 << 20;

/** The next items of a list that are processed at once. */
export function groupFrom<T>(list: readonly T[], from: number, sizeOf: (item: T) => number): readonly T[] {
  const most = list.slice(from, from + maxFiles);
  let bytes = 0;
  const end = most.findIndex((item) => (bytes += sizeOf(item)) > maxBytes);
  return end === -1 ? most : most.slice(0, Math.max(1, end));
}
