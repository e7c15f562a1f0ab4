/** What tests came to. */
export interface Outcome {
  readonly passed: number;
  /** Of each test that failed, its name and why. */
  readonly failures: readonly string[];
}

export const onePassed: Outcome = { passed: 1, failures: [] };

export function oneFailed(failure: string): Outcome {
  return { passed: 0, failures: [failure] };
}

export function sum(outcomes: readonly Outcome[]): Outcome {
  return {
    passed: outcomes.reduce((total, { passed }) => total + passed, 0),
    failures: outcomes.flatMap(({ failures }) => failures),
  };
}

export function describeOutcome({ passed, failures }: Outcome): string {
  return `${passed} passed, ${failures.length} failed`;
}
