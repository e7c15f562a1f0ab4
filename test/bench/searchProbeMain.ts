/**
 * Opens a large store in a process of its own, searches it, and prints a {@link SearchProbe} as JSON:
 * `node searchProbeMain.js DIR TEXT…`.
 */
import path from 'node:path';
import { RunningSearches } from '../../src/query/search/runningSearches';
import { distDir, openBenchStore, tidy } from './benchStore';

/** How a search for a text went. Times are in ms. */
export interface SearchTimes {
  readonly text: string;
  readonly first: number;
  readonly all: number;
  readonly hits: number;
}

export interface SearchProbe {
  readonly searches: readonly SearchTimes[];
}

async function probe(dir: string, texts: readonly string[]): Promise<SearchProbe> {
  const store = await openBenchStore(dir);
  await tidy(store);
  const running = new RunningSearches(path.join(distDir, 'matcher.js'));
  const searches: SearchTimes[] = [];
  for (const text of texts) {
    const started = performance.now();
    let [first, hits] = [0, 0];
    running.start(text, store, { text });
    for (let isDone = false; !isDone;) {
      const batch = await running.next(text);
      if (hits === 0 && batch.hits.length > 0) first = performance.now() - started;
      hits += batch.hits.length;
      ({ isDone } = batch);
    }
    searches.push({ text, first, all: performance.now() - started, hits });
  }
  running.dispose();
  await store.close();
  return { searches };
}

const [dir = '', ...texts] = process.argv.slice(2);
void probe(dir, texts).then((found) => process.stdout.write(JSON.stringify(found)));
