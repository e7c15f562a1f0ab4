/** Something to run beside others. */
export interface Job {
  readonly name: string;
  /** Those that must have succeeded before it; one that is not among the jobs at hand counts as done. */
  readonly after?: readonly string[];
  /** Mostly waits, and what it waits for must not be slow. */
  readonly opensWindow?: boolean;
}

export interface Limits {
  /** Jobs at a time. */
  readonly jobs: number;
  /** Of which open windows. */
  readonly windows: number;
}

/**
 * Runs jobs side by side, each as soon as it may, earlier ones first. `run` resolves with whether the job succeeded; it is
 * not called for one that needs another that did not, but `skip` is.
 */
export async function runJobs<J extends Job>(
  jobs: readonly J[],
  limits: Limits,
  run: (job: J) => Promise<boolean>,
  skip: (job: J, because: string) => void,
): Promise<void> {
  const waiting = new Set(jobs);
  const running = new Map<J, Promise<void>>();
  const failed = new Set<string>();
  const isOpen = (name: string): boolean => [...waiting, ...running.keys()].some((job) => job.name === name);
  const mayRun = (job: J): boolean => {
    const windows = [...running.keys()].filter(({ opensWindow }) => opensWindow).length;
    return (
      running.size < limits.jobs &&
      (job.opensWindow !== true || windows < limits.windows) &&
      !(job.after ?? []).some(isOpen)
    );
  };
  const start = async (job: J): Promise<void> => {
    if (!(await run(job))) failed.add(job.name);
    running.delete(job);
  };
  while (waiting.size + running.size > 0) {
    for (const job of waiting) {
      const because = job.after?.find((name) => failed.has(name));
      if (because !== undefined) {
        waiting.delete(job);
        failed.add(job.name);
        skip(job, because);
      } else if (mayRun(job)) {
        waiting.delete(job);
        running.set(job, start(job));
      }
    }
    if (running.size > 0) await Promise.race(running.values());
    else if (waiting.size > 0 && ![...waiting].some(mayRun)) throw new Error('These jobs wait for each other.');
  }
}
