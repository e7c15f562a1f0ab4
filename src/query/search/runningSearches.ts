import { ObbyError } from '../../base/errors';
import type { FolderSearchQuery, SearchBatch } from '../../model/search';
import { PatternThread } from './patternThread';
import { SearchRun, type SearchSource } from './searchRun';

/** More than people and programs run at a time; the oldest is ended. */
const maxRunning = 8;

/** The searches of one history that are not finished, by ids that their clients chose. */
export class RunningSearches {
  private readonly runs = new Map<string, SearchRun>();
  private readonly thread: PatternThread;

  /** `patternProgram` is the absolute path of the program that matches regular expressions. */
  constructor(patternProgram: string) {
    this.thread = new PatternThread(patternProgram);
  }

  /** Starts a search. Throws `badArgument`. */
  start(id: string, source: SearchSource, query: FolderSearchQuery): void {
    this.runs.set(id, new SearchRun(source, query, this.thread));
    for (const oldest of this.runs.keys()) if (this.runs.size > maxRunning) this.end(oldest);
  }

  /** The next hits of a search. Rejects `closed` after its end. */
  async next(id: string): Promise<SearchBatch> {
    const run = this.runs.get(id);
    if (!run) throw new ObbyError('closed', 'The search was ended.');
    try {
      const batch = await run.next();
      if (batch.isDone) this.runs.delete(id);
      return batch;
    } catch (error) {
      this.end(id);
      throw error;
    }
  }

  end(id: string): void {
    this.runs.get(id)?.end();
    this.runs.delete(id);
  }

  dispose(): void {
    for (const id of [...this.runs.keys()]) this.end(id);
    this.thread.dispose();
  }
}
