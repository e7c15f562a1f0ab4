import { diffBytes } from '../../src/diff/textDiff';
import type { Group } from './figure';
import { median, msOfEach } from './timing';

const lineCount = 10_000;
const boundMs = 30;

/** Comparisons of large texts. */
export const diffFigures: Group = {
  kinds: [
    { name: 'diff.10k.1000.ms', unit: 'ms', bound: boundMs },
    { name: 'diff.10k.5000.ms', unit: 'ms', bound: boundMs },
  ],
  async measure({ isQuick }) {
    const few = await measureDiff(1_000, isQuick ? 5 : 30);
    const many = await measureDiff(5_000, isQuick ? 5 : 30);
    return new Map([
      ['diff.10k.1000.ms', few],
      ['diff.10k.5000.ms', many],
    ]);
  },
};

async function measureDiff(changed: number, runs: number) {
  const before = Array.from({ length: lineCount }, (_, n) => lineOf(n, ''));
  const every = lineCount / changed;
  const after = before.map((line, n) => (n % every === 0 ? lineOf(n, 'changed') : line));
  const from = { path: 'a', bytes: Buffer.from(before.join('\n')) };
  const to = { path: 'a', bytes: Buffer.from(after.join('\n')) };
  const times = await msOfEach(
    runs,
    () => {
      const { added, removed } = diffBytes(from, to);
      if (added !== changed || removed !== changed) throw new Error(`${added} lines added, ${removed} removed`);
    },
    3,
  );
  return { value: median(times), note: `median of ${runs}, ${Math.round(from.bytes.length / 1000)} KB a side` };
}

/** About 60 characters; every third is one that others have too, as in real texts. */
function lineOf(n: number, mark: string): string {
  const number = n % 3 === 0 ? 0 : n;
  return `  const value${number} = compute(${number}, 'text of the line'); // ${mark || 'as it was'}`.padEnd(60);
}
