import { runModel } from '../../model/runModel';
import { times } from '../chance';
import type { Outcome } from './outcome';

/** Runs sequences of the model test: the same ones every time, so that a failure is one of the change at hand. */
export function runModelTests(): Promise<Outcome> {
  return runModel({ sequences: times(10), seed: 1, engine: 'events', mayShrink: false });
}
