/** The value below which the share `p` (0 to 1) of the values lies, by nearest rank. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))];
  if (value === undefined) throw new Error('There is no percentile of no values.');
  return value;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** How long it takes, in ms. */
export async function msOf(run: () => unknown): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

/** How long each of several runs takes, in ms, after some that do not count. */
export async function msOfEach(runs: number, run: (index: number) => unknown, warmUps = 0): Promise<number[]> {
  const all: number[] = [];
  for (let index = 0; index < warmUps + runs; index++) all.push(await msOf(() => run(index)));
  return all.slice(warmUps);
}
