import { ObbyError } from '../../base/errors';

/** What the public API names and a later version brings. */
export function notAvailable(call: string): Promise<never> {
  return Promise.reject(new ObbyError('notAvailable', `${call} is not available in this version of Obby.`));
}

/** The same for a call that returns many. */
export async function* notAvailableEach(call: string): AsyncGenerator<never> {
  yield await notAvailable(call);
}
