import { systemClock } from '../../src/base/clock';
import { Debouncer } from '../../src/base/debouncer';
import { Rules } from '../../src/rules/rules';
import type { Group } from './figure';
import { median, msOfEach } from './timing';

const watch = ['*.ts', '*.md', '/docs/**', 'config/', '!*.generated.ts', '!drafts/', 'src/**/*.json', 'Makefile'];
const ignore = ['node_modules/', 'dist/', '*.log', '.env*', '*.tmp', '/coverage', '!keep.log', '**/cache/**'];
const names = [
  'index.ts',
  'model.generated.ts',
  'README.md',
  'data.json',
  'out.log',
  'picture.png',
  'Makefile',
  'a.tmp',
];
const tops = ['src', 'docs', 'config', 'node_modules', 'dist', 'packages', 'test', 'drafts'];

/** Paths as events bring them, some more than once: watched, not listed and ignored ones in thousands of folders. */
function eventPaths(count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const folder = `${tops[n % tops.length]}/part${n % 50}/module${n % 997}`;
    return `${folder}/${names[(n * 7) % names.length]}`;
  });
}

/** How many events a second the host takes in: rules, as a folder's session asks them, then the debouncer. */
export const eventFigures: Group = {
  kinds: [{ name: 'events.per.s', unit: '1/s', bound: 100_000, isLeast: true }],
  async measure({ isQuick }) {
    const paths = eventPaths(isQuick ? 100_000 : 500_000);
    let flushed = 0;
    const run = async (): Promise<void> => {
      // Made anew each time, so that no answer is remembered from the run before.
      const rules = new Rules({
        watch: watch.join('\n'),
        ignores: [
          { dir: '', text: ignore.join('\n') },
          { dir: 'packages', text: 'build/\n' },
        ],
      });
      const flush = (keys: readonly string[]): Promise<void> => {
        flushed += keys.length;
        return Promise.resolve();
      };
      const debouncer = new Debouncer({ quietMs: 500, maxWaitMs: 3_000, clock: systemClock, flush, onError: rethrow });
      for (const path of paths) {
        if (rules.isWatched(path) || rules.mayContainWatched(path)) debouncer.add(path);
      }
      await debouncer.drain();
      debouncer.dispose();
    };
    const times = await msOfEach(5, run);
    const note = `median of 5 × ${paths.length.toLocaleString('en-US')} events, ${flushed / 5} paths to look at`;
    return new Map([['events.per.s', { value: (paths.length / median(times)) * 1000, note }]]);
  },
};

function rethrow(error: unknown): never {
  throw error;
}
