import { parentPort } from 'node:worker_threads';
import { matchesIn } from './query/search/lineMatches';
import type { PatternRequest } from './query/search/patternThread';

/** The program of the thread that matches regular expressions. */
parentPort?.on('message', ({ text, pattern }: PatternRequest) => {
  parentPort?.postMessage(matchesIn(text, pattern));
});
