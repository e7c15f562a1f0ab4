/** The last index whose key is at most `key`, -1 if none; keys ascend. */
export function lastAtOrBefore(length: number, key: number, keyAt: (index: number) => number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keyAt(middle) <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
