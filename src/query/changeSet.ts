import { ObbyError } from '../base/errors';
import { changeSetStart, earliestTimeIn, maxChangeSetMs, type ChangeSetRecord } from '../model/changeSet';
import type { OpenHistory } from './openHistory';

const pageSize = 1_000;

/** A change set by its id; rejects `notFound`. */
export async function findChangeSet({ store }: Pick<OpenHistory, 'store'>, id: string): Promise<ChangeSetRecord> {
  const start = changeSetStart(id);
  const since = earliestTimeIn(id);
  // Its place among the others is that of its newest version, which comes soon after its start at the latest.
  const span = start === undefined || since === undefined ? {} : { since, until: start + 2 * maxChangeSetMs };
  for (let page = await store.changeSets({ ...span, limit: pageSize }); page.length > 0;) {
    const found = page.find((each) => each.id === id);
    if (found) return found;
    const last = page.at(-1);
    if (!last || page.length < pageSize) break;
    page = await store.changeSets({ ...span, limit: pageSize, before: last.newest.id });
  }
  throw new ObbyError('notFound', `The history has no change set ${id}.`);
}
