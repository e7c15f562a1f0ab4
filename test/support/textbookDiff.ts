/** The length of a longest row of elements that two sequences have in common in one order, by the textbook's table. */
export function longestCommon(a: ArrayLike<unknown>, b: ArrayLike<unknown>): number {
  let above = new Array<number>(b.length + 1).fill(0);
  for (let x = 0; x < a.length; x++) {
    const row = [0];
    for (let y = 0; y < b.length; y++) {
      row.push(a[x] === b[y] ? (above[y] ?? 0) + 1 : Math.max(above[y + 1] ?? 0, row[y] ?? 0));
    }
    above = row;
  }
  return above.at(-1) ?? 0;
}

/** Whole numbers below `bound` in no order, the same in every run. */
export function scattered(count: number, bound: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  });
}
