import { runModel } from '../../model/runModel';
import type { Counts } from './counts';

/** Runs twenty sequences of the model test: the same ones every time, so that a failure is one of the change at hand. */
export async function runModelTests(): Promise<{ counts: Counts }> {
  return { counts: await runModel({ sequences: 20, seed: 1, engine: 'events', mayShrink: false }) };
}
